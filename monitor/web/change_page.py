"""Decides how one change is shown: its sides, its cause, and the sentences of a revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.delivery import wording
from monitor.domain.change import Cause, Change, ChangeKind
from monitor.domain.tier import Tier

_CAUSES = {
    Cause.NEW_EDITION: "A new edition of the report",
    Cause.SOURCE_REVISED: "The page of the report was edited after it was first read",
    Cause.REEXTRACTED: "The same text, read anew by a newer version of this program",
    Cause.CORRECTED: "A person corrected what the program had read",
    None: "A news article; the report itself has not changed",
}


@dataclass(frozen=True, slots=True)
class Side:
    """What stood before, or stands now. ``words`` is null where there is no value to show."""

    title: str
    words: str | None
    tier: Tier | None
    split: str | None
    evidence: str | None
    source_url: str | None
    source_name: str


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A change in the words of its page; what a kind has no use for is null or empty."""

    sides: tuple[Side, ...]
    subject: str | None
    way: str | None
    relation: str | None
    cause: str
    sources: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]


def change_page(change: Change) -> ChangePage:
    """Return ``change`` as its page shows it."""
    return ChangePage(
        sides=_sides(change),
        subject=wording.subject_words(change),
        way=wording.way_words(change),
        relation=wording.relation_words(change),
        cause=_CAUSES[change.cause],
        sources=_sources(change),
        removed=_sentences(change, "removed"),
        added=_sentences(change, "added"),
    )


def _sides(change: Change) -> tuple[Side, ...]:
    has_values = wording.has_sides(change)
    if not has_values and not change.evidence_old and not change.evidence_new:
        return ()
    old_title, new_title = wording.side_names(change)
    old_split, new_split = wording.split_words(change)
    old_source, new_source = wording.source_names(change)
    return (
        Side(
            title=old_title,
            words=wording.old_words(change) if has_values else None,
            tier=_tier(change, change.old),
            split=old_split,
            evidence=change.evidence_old,
            source_url=change.source_url_old,
            source_name=old_source,
        ),
        Side(
            title=new_title,
            words=wording.new_words(change) if has_values else None,
            tier=_tier(change, change.new),
            split=new_split,
            evidence=change.evidence_new,
            source_url=change.source_url,
            source_name=new_source,
        ),
    )


def _sources(change: Change) -> tuple[tuple[str, str], ...]:
    """The addresses of both sides, the new one first, each by its name."""
    old_name, new_name = wording.source_names(change)
    named = {change.source_url_old: old_name} | {change.source_url: new_name}
    return tuple((name, address) for address, name in reversed(named.items()) if address)


def _tier(change: Change, value: int | str | None) -> Tier | None:
    if change.kind is ChangeKind.EDITION_PUBLISHED or not isinstance(value, str):
        return None
    return next((tier for tier in Tier if tier.value == value), None)


def _sentences(change: Change, key: str) -> tuple[str, ...]:
    sentences = change.detail.get("sentences")
    listed = sentences.get(key) if isinstance(sentences, Mapping) else None
    return tuple(each for each in listed if isinstance(each, str)) if isinstance(listed, list) else ()
