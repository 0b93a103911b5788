"""Reads ``templates/email/``: once per process, with the style sheet worked into each element."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import css_inline
from jinja2 import DictLoader, Environment, StrictUndefined, Template, select_autoescape
from markupsafe import escape

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_MASKED = re.compile("<!--\ue000([0-9]+)\ue001-->|\ue000([0-9]+)\ue001")
_FIELD = re.compile(r"\{\{ (\w+) \}\}")
_LINE = 72
_OWN = "{# what follows is the reader's own #}"


@dataclass(frozen=True, slots=True)
class MailParts:
    """The three templates of one kind of mail. All fail on a name they are not given."""

    subject: Template
    text: Template
    html: Template


class OwnPart:
    """The end of a digest's body, which is each reader's own: text with fields, and nothing else.

    Filled for every single reader, it is filled without Jinja. ``escaped`` makes values harmless in HTML.

    Raises:
        ValueError: ``source`` has other tags of Jinja than plain fields.
    """

    def __init__(self, source: str, *, escaped: bool) -> None:
        *self._pairs, (self._end, _) = _fields_of(source)
        self._escaped = escaped

    def render(self, values: Mapping[str, str]) -> str:
        """Return the part with its fields filled.

        Raises:
            KeyError: a value is missing.
        """
        parts: list[str] = []
        for before, name in self._pairs:
            value = values[name]
            parts += (before, str(escape(value)) if self._escaped else value)
        return "".join((*parts, self._end))


@dataclass(frozen=True, slots=True)
class PersonalParts:
    """The ends of a digest's two bodies, which are each reader's own."""

    text: OwnPart
    html: OwnPart


@dataclass(frozen=True, slots=True)
class MailTemplates:
    """``digest`` ends where ``personal`` begins; ``welcome_back`` goes to who is subscribed already."""

    digest: MailParts
    personal: PersonalParts
    confirmation: MailParts
    welcome_back: MailParts
    canary: MailParts


def load_mail_templates(directory: Path) -> MailTemplates:
    """Return the templates under ``directory``; HTML is escaped, and its CSS inlined here, not per mail.

    Raises:
        OSError: a file is missing.
        ValueError: a digest's template does not say where the reader's own part begins.
        jinja2.TemplateSyntaxError: a template cannot be read.
    """
    sources = {path.name: path.read_text(encoding="utf-8") for path in directory.iterdir() if path.is_file()}
    sources |= {name: with_inlined_css(source) for name, source in sources.items() if name.endswith(".html")}
    for kind in ("txt", "html"):
        sources[f"digest.{kind}"], sources[f"digest-own.{kind}"] = _parted(sources[f"digest.{kind}"])
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["filled"] = filled
    read = environment.get_template
    return MailTemplates(
        digest=MailParts(read("subject.txt"), read("digest.txt"), read("digest.html")),
        personal=PersonalParts(
            OwnPart(sources["digest-own.txt"], escaped=False),
            OwnPart(sources["digest-own.html"], escaped=True),
        ),
        confirmation=_parts(environment, "confirmation"),
        welcome_back=_parts(environment, "welcome-back"),
        canary=_parts(environment, "canary"),
    )


def _fields_of(source: str) -> list[tuple[str, str]]:
    """Return the pairs of text and the field after it; the last text has none."""
    pieces = _FIELD.split(source)
    if any(tag in text for text in pieces[::2] for tag in ("{{", "{%", "{#")):
        raise ValueError("the reader's own part of the digest's template may hold plain fields only")
    return list(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


def _parts(environment: Environment, name: str) -> MailParts:
    read = environment.get_template
    return MailParts(read(f"{name}-subject.txt"), read(f"{name}.txt"), read(f"{name}.html"))


def _parted(source: str) -> tuple[str, str]:
    shared, found, own = source.partition(f"{_OWN}\n")
    if not found:
        raise ValueError(f"the digest's template lacks the line {_OWN}")
    return shared, own


def with_inlined_css(source: str) -> str:
    """Return the template with its style sheet in ``style`` attributes.

    A ``<style data-css-inline="keep">`` stays as it is: media queries cannot be inlined.

    Jinja's tags are kept from the HTML parser, which would move a loop out of a table and escape a
    comparison: statements travel as comments, expressions as private-use characters. A loop over
    rows needs its ``tbody`` written out, or the parser puts one inside the loop.
    """
    tags: list[str] = []

    def mask(tag: re.Match[str]) -> str:
        tags.append(tag.group())
        token = f"\ue000{len(tags) - 1}\ue001"
        return token if tag.group().startswith("{{") else f"<!--{token}-->"

    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    inlined: str = inliner.inline(_TAG.sub(mask, source))
    return _MASKED.sub(lambda token: tags[int(token.group(1) or token.group(2))], inlined)


def filled(text: str, indent: str = "") -> str:
    """Return ``text`` in lines of at most 72 characters behind ``indent``; addresses stay whole."""
    return textwrap.fill(
        text,
        _LINE,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
