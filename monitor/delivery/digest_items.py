"""Decides what a digest says of one change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.delivery import wording
from monitor.delivery.background import FigureRun, figure_run, rate_words
from monitor.delivery.plain_text import cut, one_line, web_address
from monitor.delivery.presentation import Presentation
from monitor.domain.change import Change
from monitor.domain.history import CountryHistory

_LONGEST_HEADLINE = 240
_LONGEST_EVIDENCE = 600
_LONGEST_LINK = 1_000


@dataclass(frozen=True, slots=True)
class Side:
    """What stood before, or stands now."""

    name: str
    value: str
    is_silent: bool
    split: str | None
    evidence: str | None
    source: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One change in words. What a kind has no use for is null."""

    label: str
    headline: str
    counted: str | None
    way: str | None
    has_sides: bool
    is_transition: bool
    old: Side
    new: Side
    relation: str | None
    revision: str | None
    explanation: str
    run: FigureRun | None
    rate: str | None
    replaces: str | None
    found: str
    page: str


def item_of(
    change: Change, country_name: str, history: CountryHistory, zone: ZoneInfo, presentation: Presentation
) -> Item:
    """Return ``change`` as a digest tells it, its times in ``zone``."""
    return Item(
        label=wording.kind_words(change.kind),
        headline=cut(wording.headline_under(change, country_name), _LONGEST_HEADLINE),
        counted=wording.subject_words(change),
        way=wording.way_words(change),
        has_sides=wording.has_sides(change),
        is_transition=wording.is_transition(change),
        old=_old_side(change),
        new=_new_side(change),
        relation=wording.relation_words(change),
        revision=wording.revision_words(change),
        explanation=wording.explanation(change),
        run=figure_run(change, history),
        rate=rate_words(change, history),
        replaces=presentation.page_of(change.corrects) if change.corrects else None,
        found=moment_words(change.created_at, zone),
        page=presentation.page_of(change.id),
    )


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return ``2 July 2013, 08:00``, in ``zone``."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M}"


def _old_side(change: Change) -> Side:
    link = _link(change.source_url_old)
    return Side(
        name=wording.side_names(change)[0],
        value=wording.old_words(change),
        is_silent=wording.is_silent(change.old),
        split=wording.split_words(change)[0],
        evidence=_quotation(change.evidence_old),
        source=wording.source_names(change)[0],
        link=None if link == _link(change.source_url) else link,
    )


def _new_side(change: Change) -> Side:
    return Side(
        name=wording.side_names(change)[1],
        value=wording.new_words(change),
        is_silent=wording.is_silent(change.new),
        split=wording.split_words(change)[1],
        evidence=_quotation(change.evidence_new),
        source=wording.source_names(change)[1],
        link=_link(change.source_url),
    )


def _quotation(evidence: str | None) -> str | None:
    return cut(one_line(evidence), _LONGEST_EVIDENCE) if evidence else None


def _link(address: str | None) -> str | None:
    safe = web_address(address)
    return safe if safe and len(safe) <= _LONGEST_LINK else None
