"""Fills the page templates of ``templates/web``; whatever they print is escaped and harmless."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.comparison.wording import measure_words
from monitor.delivery import wording
from monitor.delivery.plain_text import cut, web_address, without_controls
from monitor.delivery.wording import REGIONS
from monitor.domain.country import Countries
from monitor.domain.figure import Form
from monitor.domain.masking import masked
from monitor.web.conditional import conditional

HTML = "text/html; charset=utf-8"
_TIER = re.compile(r"(?<=\bTier) (?=[123]\b)")
# Nothing else that a template prints can hold its control character: see ``_harmless``.
_PLACE = Markup("\x00section")


class Pages:
    """The templates, with what all of them may use."""

    def __init__(
        self,
        templates: Path,
        *,
        countries: Countries,
        public_url: str,
        sample: bool,
        can_subscribe: bool = False,
    ) -> None:
        self.static = templates / "static"
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_harmless,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "cut": cut,
            "day": _day,
            "first_capital": _first_capital,
            "instant": _instant,
            "kept_together": kept_together,
            "masked": masked,
            "minute": _minute,
            "span": _span,
            "web_address": web_address,
        }
        self._environment.globals |= {
            "can_subscribe": can_subscribe,
            "countries": countries,
            "here": "",
            "is_below": False,
            "measure_words": lambda measure: measure_words(measure, Form.ALL),
            "public_url": public_url,
            "regions": {code: name.removeprefix("the ") for code, name in REGIONS.items()},
            "sample": sample,
            "style_version": _version(self.static / "style.css"),
            "wording": wording,
        }

    def text(self, template: str, **values: object) -> str:
        """Return the page that ``template`` makes of ``values``."""
        return self._environment.get_template(template).render(values)

    def answer(
        self, request: Request, template: str, *, section: bytes | None = None, **values: object
    ) -> Response:
        """Answer with the page, or with 304 where the reader has it already.

        ``section`` is a part that a template of ours made before; it goes where the page prints
        ``section``.
        """
        values["here"] = request.url.path
        if section is None:
            return conditional(request, self.text(template, **values).encode(), HTML)
        page = self.text(template, section=_PLACE, **values).encode()
        return conditional(request, page.replace(_PLACE.encode(), section, 1), HTML)


def _harmless(value: object) -> object:
    """Take control and bidi characters out of what a template prints; markup is escaped after this."""
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def kept_together(words: str) -> str:
    """Return ``words`` with a tier's name and its number on one line."""
    return _TIER.sub("\N{NO-BREAK SPACE}", words)


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _day(instant: datetime) -> str:
    day = instant.astimezone(UTC)
    return f"{day.day} {day:%B %Y}"


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _minute(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _span(time: timedelta) -> str:
    """Return ``30 minutes``, ``6 hours``: the largest unit of which it is a whole number."""
    seconds = int(time.total_seconds())
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0 and seconds:
            return f"{seconds // size} {name}{'' if seconds == size else 's'}"
    return f"{seconds} seconds"


def _version(file: Path) -> str:
    """Return digits of the file's content, so that a browser may keep it until it changes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
