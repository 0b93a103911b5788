"""Addresses, selectors and phrases of the sites that carry the report, from ``config/sites.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

from monitor.domain.polling import Rest

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Collapse:
    """When a narrative has so few figures that its page is not believed.

    Counted where the text before had ``least_figures``: fewer than the share ``of_page`` of what
    the same page had, or ``of_edition`` of what the edition before has.
    """

    least_figures: int
    of_page: float
    of_edition: float


@dataclass(frozen=True, slots=True)
class Archive:
    """An edition that an index may not list: its page, or a PDF of the whole edition; never both null."""

    year: int
    url: str | None
    pdf: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """What ``config/sites.toml`` says, compiled; the file explains each key. Lengths in characters."""

    shortest_text: int
    notice_text: int
    difficulties: tuple[str, ...]
    login: tuple[str, ...]
    content: tuple[CSSSelector, ...]
    drop: CSSSelector
    edition_links: tuple[re.Pattern[str], ...]
    country_links: tuple[re.Pattern[str], ...]
    letter_links: re.Pattern[str]
    not_countries: re.Pattern[str]
    report: re.Pattern[str]
    tip_slug: re.Pattern[str]
    years: tuple[re.Pattern[str], ...]
    collapse: Collapse
    rests: tuple[Rest, ...]
    announced: re.Pattern[str]
    edition_path: str
    archived_of: frozenset[str]
    archives: tuple[Archive, ...]


def read_sites(path: Path) -> Sites:
    """Read ``sites.toml``.

    Raises:
        ValueError: a key is missing or of the wrong type; the message names file and key.
        OSError: the file cannot be read.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}") from error

    def value(table: str, key: str, kind: type[_T]) -> _T:
        section = tables.get(table)
        found = section.get(key) if isinstance(section, Mapping) else None
        if not isinstance(found, kind):
            raise ValueError(f"{path}: [{table}] needs {key} as a {kind.__name__}")
        return found

    def words(table: str, key: str) -> tuple[str, ...]:
        return tuple(str(word) for word in value(table, key, list))

    def pattern(table: str, key: str, text: str) -> re.Pattern[str]:
        try:
            return re.compile(text)
        except re.error as error:
            raise ValueError(f"{path}: [{table}] {key}: {error}: {text}") from error

    def patterns(table: str, key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(pattern(table, key, text) for text in words(table, key))

    def selector(key: str, text: str) -> CSSSelector:
        try:
            return CSSSelector(text, translator="html")
        except SelectorError as error:
            raise ValueError(f"{path}: [text] {key}: {error}: {text}") from error

    return Sites(
        shortest_text=value("pages", "shortest_text", int),
        notice_text=value("pages", "notice_text", int),
        difficulties=words("pages", "difficulties"),
        login=words("pages", "login"),
        content=tuple(selector("content", text) for text in words("text", "content")),
        drop=selector("drop", ", ".join(words("text", "drop"))),
        edition_links=patterns("links", "editions"),
        country_links=patterns("links", "countries"),
        letter_links=pattern("links", "letters", value("links", "letters", str)),
        not_countries=pattern("links", "not_countries", value("links", "not_countries", str)),
        report=pattern("canonical", "report", value("canonical", "report", str)),
        tip_slug=pattern("canonical", "tip_slug", value("canonical", "tip_slug", str)),
        years=patterns("canonical", "years"),
        collapse=Collapse(
            value("collapse", "least_figures", int),
            value("collapse", "of_page", float),
            value("collapse", "of_edition", float),
        ),
        rests=tuple(_rest(path, entry) for entry in value("rest", "rules", list)),
        announced=pattern("editions", "announced", value("editions", "announced", str)),
        edition_path=value("editions", "path", str),
        archived_of=frozenset(words("editions", "archived_of")),
        archives=tuple(_archive(path, entry) for entry in value("editions", "archives", list)),
    )


def _rest(path: Path, entry: object) -> Rest:
    table = entry if isinstance(entry, Mapping) else {}
    unchanged_for, every = table.get("unchanged_for_days"), table.get("every_days")
    if not isinstance(unchanged_for, int) or not isinstance(every, int) or min(unchanged_for, every) < 1:
        raise ValueError(f"{path}: [rest] rules need unchanged_for_days and every_days of 1 or more")
    return Rest(timedelta(days=unchanged_for), timedelta(days=every))


def _archive(path: Path, entry: object) -> Archive:
    table = entry if isinstance(entry, Mapping) else {}
    year, url, pdf = table.get("year"), table.get("url"), table.get("pdf")
    if not isinstance(year, int) or not (isinstance(url, str) or isinstance(pdf, str)):
        raise ValueError(f"{path}: [[editions.archives]] needs a year, and a url or a pdf")
    return Archive(year, url, pdf)
