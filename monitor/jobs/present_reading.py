"""Reads stored documents as the present parsers and extractor do, and stores what they read.

What an older version made of a text is no measure for what the present one makes of the next: so the
old side of a comparison is read again first, and only what the source itself changed is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from sqlmodel import Session

from monitor.comparison.correcting import apply_corrections
from monitor.comparison.doubt import is_collapse
from monitor.domain.change import Cause, Change
from monitor.domain.country import Countries
from monitor.domain.document import Document
from monitor.domain.reading import Reading
from monitor.domain.review import Correction
from monitor.domain.source import Snapshot
from monitor.domain.watch_list import TierRules
from monitor.extraction import EXTRACTOR_VERSION, Language, read
from monitor.fetching.failures import FetchFailed
from monitor.fetching.sites import Sites
from monitor.jobs.recomparing import base_version, corrected_version, recompare
from monitor.jobs.rereading import Rereader
from monitor.storage.database import Database, StorageError
from monitor.storage.documents import StoredDocument, add_documents, document, still_current
from monitor.storage.new_readings import NewReading, record_readings
from monitor.storage.observations import current_narratives, reading_of
from monitor.storage.reviews import corrections
from monitor.storage.snapshots import kept_snapshot
from monitor.storage.text import key_of, storable

REASON = "the text was read again by a newer extractor"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """A document with its text as it is cut now, what was in force, and what is read in the text now.

    ``corrected`` is that under people's corrections, ``applied``.
    """

    stored: StoredDocument
    text: str
    old: Reading | None
    new: Reading
    corrected: Reading
    applied: tuple[Correction, ...]

    @property
    def is_recut(self) -> bool:
        return self.text != self.stored.document.text


@dataclass(slots=True)
class PresentReader:
    """Reads stored documents; ``failures`` are one line each: a snapshot that could not be cut again."""

    database: Database
    language: Language
    countries: Countries
    sites: Sites
    version: str = EXTRACTOR_VERSION
    failures: list[str] = field(default_factory=list)
    _rereader: Rereader = field(init=False)

    def __post_init__(self) -> None:
        self._rereader = Rereader(self.countries, self.sites)

    def text_of(self, stored: StoredDocument) -> str:
        """The document's text as the present parsers cut it; as it is stored where they do not find it."""

        def load() -> Snapshot:
            with self.database.reading() as session:
                return kept_snapshot(session, stored.document.snapshot_sha256)

        try:
            return storable(self._rereader.text_of(stored.document, load))
        except (FetchFailed, StorageError) as failure:
            self.failures.append(f"{stored.document.url}: read as it is stored: {failure}")
            return stored.document.text

    def read(self, stored: StoredDocument, text: str) -> ReadAgain:
        """Read ``text``, which is what the document's is now."""
        each = stored.document
        new = read(text, kind=each.kind, country=each.country, edition=each.edition, language=self.language)
        with self.database.reading() as session:
            old = reading_of(session, stored.id)
            kept = corrections(session, each.country, each.edition) if each.country and each.edition else []
        corrected = apply_corrections(text, new, kept)
        return ReadAgain(stored, text, old, new, corrected.reading, corrected.applied)

    def beside(self, found: Iterable[Document]) -> list[ReadAgain]:
        """Read again what stored narratives ``found`` are about to be compared with, where that may differ.

        That is the text that a page had before, and the narratives of the editions beside it that
        another version of the extractor read. Where nothing stored is revised and this version has
        read all, it is one query.
        """
        texts = {(each.country or "", each.edition or 0): storable(each.text) for each in found}
        beside = {(country, edition + step) for country, edition in texts for step in (-1, 1)}
        with self.database.reading() as session:
            known = current_narratives(
                session,
                editions={edition for _, edition in (*texts, *beside)},
                countries={country for country, _ in texts},
            )
        again: list[ReadAgain] = []
        for each in known:
            key = (each.country, each.edition)
            is_older = base_version(each.version or "") != self.version
            is_revised = key in texts and each.text_sha256 != key_of(texts[key])
            if is_revised or (is_older and key in beside):
                again += self._again(each.id, is_older=is_older, now=texts.get(key))
        for failure in self.failures:
            log.warning("compared_with_text_as_stored", failure=failure)
        return again

    def _again(self, document_id: int, *, is_older: bool, now: str | None) -> list[ReadAgain]:
        """Read a document, whose page now has the text ``now``, where this version may read it otherwise."""
        with self.database.reading() as session:
            stored = document(session, document_id)
        if stored is None:
            return []
        text = self.text_of(stored)
        if text == stored.document.text:
            return [self.read(stored, text)] if is_older else []
        recut = self.read(stored, text)
        if not _has_lost(recut) and (now is None or _is_nearer(text, stored.document.text, now)):
            return [recut]
        # The page was in a markup that the present parsers no longer know.
        return [self.read(stored, stored.document.text)] if is_older else []


def _is_nearer(recut: str, stored: str, now: str) -> bool:
    """Whether a page's old text as it is cut now shares more with its new one than as it was cut then."""
    lines, recut_lines, stored_lines = (
        {" ".join(line.split()) for line in text.split("\n")} for text in (now, recut, stored)
    )
    return len(lines ^ recut_lines) <= len(lines ^ stored_lines)


def _has_lost(recut: ReadAgain) -> bool:
    """Whether a text that is cut otherwise lacks what made it a narrative."""
    if recut.old is None:
        return False
    has_no_tier = recut.old.tier is not None and recut.new.tier is None
    return has_no_tier or is_collapse(recut.old.figures, recut.new.figures)


def store_again(
    session: Session,
    again: Sequence[ReadAgain],
    *,
    version: str = EXTRACTOR_VERSION,
    countries: Countries,
    rules: TierRules,
    now: datetime,
    alert: bool,
) -> tuple[list[ReadAgain], list[Change]]:
    """Store what was read again and compare the narratives among it anew, in the caller's transaction.

    Texts that are cut otherwise become further revisions of their documents. What another revision
    has superseded meanwhile is left out. Returns what was stored, and the changes that are new; with
    ``alert`` they are told, and what was told wrongly is corrected.
    """
    again = _recut(session, again, now)
    raw = [NewReading(each.stored.id, each.new, version) for each in again]
    record_readings(session, raw, now)
    amended = [
        NewReading(each.stored.id, each.corrected, corrected_version(version, each.applied))
        for each in again
        if each.applied
    ]
    record_readings(session, amended, now)
    only: dict[int, set[str]] = {}
    for each in again:
        about = each.stored.document
        if about.country is not None and about.edition is not None:
            only.setdefault(about.edition, set()).add(about.country)
    changes: list[Change] = []
    for edition in sorted(only):
        changes += recompare(
            session,
            edition,
            only[edition],
            countries=countries,
            rules=rules,
            cause=Cause.REEXTRACTED,
            now=now,
            alert=alert,
            reason=REASON,
        )
    return again, changes


def _recut(session: Session, again: Sequence[ReadAgain], now: datetime) -> list[ReadAgain]:
    if not again:
        return []
    current = still_current(session, [each.stored.id for each in again])
    again = [each for each in again if each.stored.id in current]
    recut = [each for each in again if each.is_recut]
    stored = add_documents(session, [replace(each.stored.document, text=each.text) for each in recut], now)
    new = {each.stored.id: kept for each, kept in zip(recut, stored, strict=True) if kept is not None}
    return [replace(each, stored=new.get(each.stored.id, each.stored)) for each in again]
