"""Keeps the exact bytes that sources answered, compressed, under their SHA-256."""

from __future__ import annotations

import hashlib
import zlib

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from monitor.domain.masking import without_login
from monitor.domain.reading import DocumentKind
from monitor.domain.source import Snapshot, SourceKind
from monitor.storage.database import StorageError
from monitor.storage.inserts import add_row
from monitor.storage.rows import DocumentRow, PageRow, SnapshotRow, SourceRow

_KEPT = select(SnapshotRow.sha256).where(col(SnapshotRow.sha256) == bindparam("sha256"))


def keep_snapshot(session: Session, snapshot: Snapshot) -> bool:
    """Keep ``snapshot`` and return whether its bytes are new; bytes kept before stay as they are."""
    sha256 = snapshot.sha256
    if is_kept(session, sha256):
        return False
    row = {
        "sha256": sha256,
        "size": len(snapshot.content),
        "media_type": snapshot.media_type,
        "url": without_login(snapshot.url),
        "final_url": without_login(snapshot.final_url),
        "fetched_at": snapshot.fetched_at,
        "compressed": zlib.compress(snapshot.content),
    }
    return add_row(session, SnapshotRow, row)


def load_snapshot(session: Session, sha256: str) -> bytes:
    """Return the bytes kept under ``sha256``.

    Raises:
        StorageError: none are kept, or they no longer have that hash.
    """
    compressed = session.exec(select(SnapshotRow.compressed).where(SnapshotRow.sha256 == sha256)).first()
    if compressed is None:
        raise StorageError(f"snapshot {sha256}: not kept in this database; fetch its page again")
    try:
        content = zlib.decompress(compressed)
    except zlib.error as error:
        raise _damaged(sha256) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _damaged(sha256)
    return content


def kept_snapshot(session: Session, sha256: str) -> Snapshot:
    """Return the snapshot kept under ``sha256``, from the first address that answered these bytes.

    Raises:
        StorageError: none is kept, or its bytes no longer have that hash.
    """
    content = load_snapshot(session, sha256)
    url, final_url, fetched_at, media_type = session.exec(
        select(SnapshotRow.url, SnapshotRow.final_url, SnapshotRow.fetched_at, SnapshotRow.media_type).where(
            SnapshotRow.sha256 == sha256
        )
    ).one()
    return Snapshot(
        url=url, final_url=final_url, fetched_at=fetched_at, media_type=media_type, content=content
    )


def is_of_report(session: Session, sha256: str) -> bool:
    """Whether the bytes under ``sha256`` are a page of the report, and not an article of somebody else."""
    narrative = select(DocumentRow.id).where(
        DocumentRow.snapshot_sha256 == sha256, DocumentRow.kind == DocumentKind.NARRATIVE.value
    )
    page = (
        select(PageRow.url_key)
        .join(SourceRow, col(SourceRow.key) == col(PageRow.source_key))
        .where(PageRow.snapshot_sha256 == sha256, SourceRow.kind == SourceKind.TIP_REPORT.value)
    )
    return session.exec(narrative.limit(1)).first() is not None or (
        session.exec(page.limit(1)).first() is not None
    )


def is_kept(session: Session, sha256: str) -> bool:
    """Whether bytes are kept under ``sha256``."""
    return session.connection().execute(_KEPT, {"sha256": sha256}).first() is not None


def _damaged(sha256: str) -> StorageError:
    return StorageError(f"snapshot {sha256}: its bytes are damaged; restore a backup")
