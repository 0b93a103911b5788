"""Stores narratives and articles, each as its revisions; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from monitor.domain.document import Document
from monitor.domain.reading import DocumentKind
from monitor.storage.inserts import insert_new
from monitor.storage.rows import DocumentRow
from monitor.storage.text import key_of, storable


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as stored; ``revision`` counts from 1, ``first_seen_at`` is this revision's (UTC)."""

    id: int
    document: Document
    revision: int
    first_seen_at: datetime


def add_document(session: Session, document: Document, now: datetime) -> StoredDocument | None:
    """Store one document, as ``add_documents`` does; None where the current revision has the same text."""
    return add_documents(session, [document], now)[0]


def add_documents(
    session: Session, documents: Sequence[Document], now: datetime
) -> list[StoredDocument | None]:
    """Store each of ``documents`` as a new revision; None where the current revision has the same text.

    What is revised is the narrative of a country in an edition, or the article of an identity. A
    text that comes back after another one (A, B, A) is a new revision. Snapshots must have been
    kept. Characters that no database takes are stored as U+FFFD, one for one. The number of queries
    does not grow with the documents, as long as they are at most a few hundred.

    Raises:
        ValueError: a narrative without country or edition, an article without identity, or two
            documents of one subject.
    """
    waiting = {_subject(document): (document, storable(document.text)) for document in documents}
    if len(waiting) != len(documents):
        raise ValueError("two documents of one subject cannot be stored at once")
    stored: dict[str, StoredDocument] = {}
    while waiting:
        current = {
            row.subject_key: row
            for row in session.exec(
                _current().where(col(DocumentRow.subject_key).in_(sorted(waiting))).with_for_update()
            )
        }
        hashes = {subject: key_of(text) for subject, (_, text) in waiting.items()}
        for subject, row in current.items():
            if row.body_sha256 == hashes[subject]:
                del waiting[subject]
        superseded = [row.id for subject, row in current.items() if subject in waiting]
        if superseded:
            session.execute(
                update(DocumentRow).where(col(DocumentRow.id).in_(superseded)).values(superseded_at=now)
            )
        rows = [
            {
                "subject_key": subject,
                "revision": current[subject].revision + 1 if subject in current else 1,
                "kind": document.kind.value,
                "country": document.country,
                "edition": document.edition,
                "identity": document.identity,
                "url": document.url,
                "title": document.title,
                "body": text,
                "body_sha256": hashes[subject],
                "source_key": document.source_key,
                "snapshot_sha256": document.snapshot_sha256,
                "published_at": document.published_at,
                "first_seen_at": now,
            }
            for subject, (document, text) in waiting.items()
        ]
        returning = (col(DocumentRow.id), col(DocumentRow.subject_key), col(DocumentRow.revision))
        for new_id, subject, revision in insert_new(session, DocumentRow, rows, returning=returning):
            document, text = waiting.pop(subject)
            stored[subject] = StoredDocument(new_id, replace(document, text=text), revision, now)
        # Of what is left, another transaction stored a revision meanwhile: look at that one.
    return [stored.get(_subject(document)) for document in documents]


def narrative(session: Session, country: str, edition: int) -> StoredDocument | None:
    """Return the current revision of the narrative of ``country`` (ISO3) in ``edition``, or None."""
    return _first(session, _narrative_key(country, edition))


def narratives_of(
    session: Session, wanted: Collection[tuple[str, int]]
) -> dict[tuple[str, int], StoredDocument]:
    """Return the current revisions of the narratives ``wanted`` by (country, edition), in one query."""
    subjects = sorted(_narrative_key(*each) for each in wanted)
    rows = session.exec(_current().where(col(DocumentRow.subject_key).in_(subjects)))
    return {(row.country or "", row.edition or 0): _stored(row) for row in rows}


def narratives(session: Session, edition: int) -> list[StoredDocument]:
    """Return the current narratives of ``edition`` by country code."""
    rows = session.exec(
        _current()
        .where(DocumentRow.kind == DocumentKind.NARRATIVE.value, DocumentRow.edition == edition)
        .order_by(col(DocumentRow.country))
    )
    return [_stored(row) for row in rows]


def count_narratives(session: Session, edition: int) -> int:
    """Return how many countries have a narrative in ``edition``."""
    return session.exec(
        select(func.count())
        .select_from(DocumentRow)
        .where(
            DocumentRow.kind == DocumentKind.NARRATIVE.value,
            DocumentRow.edition == edition,
            col(DocumentRow.superseded_at).is_(None),
        )
    ).one()


def last_changed(session: Session, edition: int) -> dict[str, tuple[datetime, bool]]:
    """Return by country when the narrative of ``edition`` became what it is, and whether it had changed."""
    rows = session.exec(
        select(DocumentRow.country, DocumentRow.first_seen_at, DocumentRow.revision).where(
            DocumentRow.kind == DocumentKind.NARRATIVE.value,
            DocumentRow.edition == edition,
            col(DocumentRow.superseded_at).is_(None),
        )
    )
    return {country or "": (seen_at, revision > 1) for country, seen_at, revision in rows}


def article(session: Session, identity: str) -> StoredDocument | None:
    """Return the current revision of the article of ``identity``, or None."""
    return _first(session, _article_key(identity))


def still_current(session: Session, document_ids: Collection[int]) -> set[int]:
    """Return those of ``document_ids`` that no later revision has superseded, held until the commit."""
    query = select(DocumentRow.id).where(
        col(DocumentRow.id).in_(sorted(document_ids)), col(DocumentRow.superseded_at).is_(None)
    )
    return set(session.exec(query.with_for_update()))


def document(session: Session, document_id: int) -> StoredDocument | None:
    """Return the document of ``document_id``, of whatever revision, or None."""
    row = session.get(DocumentRow, document_id)
    return _stored(row) if row else None


def earlier_revision(session: Session, stored: StoredDocument) -> int | None:
    """Return the latest revision before ``stored`` that had the very same text, or None."""
    return session.exec(
        select(DocumentRow.revision)
        .where(
            DocumentRow.subject_key == _subject(stored.document),
            DocumentRow.body_sha256 == key_of(stored.document.text),
            col(DocumentRow.revision) < stored.revision,
        )
        .order_by(col(DocumentRow.revision).desc())
    ).first()


def _first(session: Session, subject: str) -> StoredDocument | None:
    row = session.exec(_current().where(DocumentRow.subject_key == subject)).first()
    return _stored(row) if row else None


def _current() -> SelectOfScalar[DocumentRow]:
    return select(DocumentRow).where(col(DocumentRow.superseded_at).is_(None))


def _subject(document: Document) -> str:
    if document.kind is DocumentKind.NARRATIVE:
        if document.country is None or document.edition is None:
            raise ValueError(f"{document.url}: a narrative needs a country and an edition")
        return _narrative_key(document.country, document.edition)
    if not document.identity:
        raise ValueError(f"{document.url}: an article needs an identity")
    return _article_key(document.identity)


def _narrative_key(country: str, edition: int) -> str:
    return f"narrative:{country}:{edition}"


def _article_key(identity: str) -> str:
    return f"article:{key_of(identity)}"


def _stored(row: DocumentRow) -> StoredDocument:
    return StoredDocument(
        id=row.id,
        document=Document(
            kind=DocumentKind(row.kind),
            url=row.url,
            title=row.title,
            text=row.body,
            source_key=row.source_key,
            snapshot_sha256=row.snapshot_sha256,
            country=row.country,
            edition=row.edition,
            identity=row.identity,
            published_at=row.published_at,
        ),
        revision=row.revision,
        first_seen_at=row.first_seen_at,
    )
