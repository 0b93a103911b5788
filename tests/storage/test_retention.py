"""What retention deletes, and what it never does."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from monitor.jobs.retention import Retention, forget_snapshots
from monitor.storage.changes import record_changes
from monitor.storage.database import Database
from monitor.storage.documents import add_document
from monitor.storage.pages import remember_page
from monitor.storage.retention import Forgotten
from monitor.storage.rows import SnapshotRow
from monitor.storage.snapshots import keep_snapshot
from tests.storage.builders import HOUR, NOW, make_change, make_narrative, make_snapshot

DAY = 24 * HOUR
MONTH = Retention(snapshots=30 * DAY)


def kept(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.exec(select(SnapshotRow.sha256)))


def test_old_bytes_that_nothing_refers_to_go_and_all_that_evidence_needs_stays(database: Database) -> None:
    old = {
        name: make_snapshot(name.encode(), f"https://example.org/{name}")
        for name in ("first", "revised", "page", "change", "feed")
    }
    with database.transaction() as session:
        for snapshot in old.values():
            keep_snapshot(session, snapshot)
        for name in ("first", "revised"):
            add_document(session, make_narrative(name, snapshot_sha256=old[name].sha256), NOW)
        remember_page(session, "tip", old["page"])
        record_changes(session, [make_change(snapshot_old=old["change"].sha256)])
    needed = {old[name].sha256 for name in ("first", "revised", "page", "change")}

    assert forget_snapshots(database, MONTH, now=NOW + 29 * DAY) == Forgotten(0, 0)
    assert kept(database) == needed | {old["feed"].sha256}
    assert forget_snapshots(database, MONTH, now=NOW + 31 * DAY) == Forgotten(1, len(b"feed"))
    assert kept(database) == needed


def test_many_go_in_short_transactions(database: Database) -> None:
    with database.transaction() as session:
        for number in range(450):
            keep_snapshot(session, make_snapshot(str(number).encode()))
    assert forget_snapshots(database, MONTH, now=NOW + timedelta(days=31)).snapshots == 450
    assert kept(database) == set()
