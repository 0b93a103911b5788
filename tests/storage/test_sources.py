"""Sources, their pages and the bytes they answered."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from monitor.domain.document import Edition
from monitor.domain.polling import after_success
from monitor.domain.source import Snapshot, SourceKind, SourceState, Validators
from monitor.storage.database import Database, StorageError
from monitor.storage.editions import add_edition, editions
from monitor.storage.pages import PageState, page_state, remember_page
from monitor.storage.snapshots import keep_snapshot, load_snapshot
from monitor.storage.sources import (
    record_checks,
    set_enabled,
    source_states,
    sync_sources,
)
from tests.checks import record_failure, record_success
from tests.storage.builders import HOUR, NOW, PAGE, make_snapshot, make_source


def test_sources_come_back_in_the_order_of_the_configuration(database: Database) -> None:
    feed = make_source("news", kind=SourceKind.FEED, every=timedelta(minutes=30), follow=True, editions=1)
    with database.transaction() as session:
        sync_sources(session, [make_source(), feed])
    with database.reading() as session:
        assert source_states(session) == [SourceState(make_source()), SourceState(feed)]


def test_a_source_keeps_its_health_while_its_settings_change(database: Database) -> None:
    moved = make_source(url="https://example.org/elsewhere/", editions=5)
    with database.transaction() as session:
        sync_sources(session, [make_source(), make_source("gone")])
        record_success(session, "tip", NOW)
        record_failure(session, "tip", NOW + HOUR, "https://example.org/: 503; try again later")
        record_failure(session, "tip", NOW + 2 * HOUR, "https://example.org/: 500; try again later")
        assert set_enabled(session, "tip", enabled=False)
        sync_sources(session, [moved])
    with database.reading() as session:
        assert source_states(session) == [
            SourceState(
                moved,
                enabled=False,
                last_checked_at=NOW + 2 * HOUR,
                last_success_at=NOW,
                failures=2,
                last_error="https://example.org/: 500; try again later",
                interval=timedelta(hours=6),
                failing_since=NOW + HOUR,
            )
        ]


def test_a_success_clears_the_failures(database: Database) -> None:
    with database.transaction() as session:
        sync_sources(session, [make_source()])
        record_failure(session, "tip", NOW, "down")
        record_success(session, "tip", NOW + HOUR)
        assert source_states(session) == [
            SourceState(
                make_source(),
                last_checked_at=NOW + HOUR,
                last_success_at=NOW + HOUR,
                interval=timedelta(hours=6),
                next_due_at=NOW + 7 * HOUR,
            )
        ]


def test_a_source_that_is_not_known_is_left_alone(database: Database) -> None:
    with database.transaction() as session:
        assert not set_enabled(session, "nosuch", enabled=True)
        assert record_checks(session, {"nosuch": partial(after_success, now=NOW, found_new=True)}) == []


def test_bytes_are_kept_once_and_come_back_exactly(database: Database) -> None:
    content = bytes(range(256)) * 100
    with database.transaction() as session:
        assert keep_snapshot(session, make_snapshot(content))
        assert not keep_snapshot(session, make_snapshot(content, url="https://example.org/other"))
    with database.reading() as session:
        assert load_snapshot(session, make_snapshot(content).sha256) == content


@pytest.mark.parametrize("damage", ["missing", "other bytes", "no zlib"])
def test_damaged_or_missing_bytes_are_never_returned(database: Database, damage: str) -> None:
    good, other = make_snapshot(b"good"), make_snapshot(b"other")
    with database.transaction() as session:
        keep_snapshot(session, good)
        keep_snapshot(session, other)
        connection = session.connection()
        if damage == "other bytes":
            connection.execute(
                text(
                    "UPDATE snapshot SET compressed = (SELECT compressed FROM snapshot WHERE sha256 = :other)"
                ),
                {"other": other.sha256},
            )
        elif damage == "no zlib":
            connection.execute(text("UPDATE snapshot SET compressed = :bytes"), {"bytes": b"no zlib"})
        else:
            connection.execute(text("DELETE FROM snapshot"))
    with database.reading() as session, pytest.raises(StorageError, match=f"^snapshot {good.sha256}: "):
        load_snapshot(session, good.sha256)


def state_of(snapshot: Snapshot) -> PageState:
    return PageState(
        snapshot.url,
        snapshot.sha256,
        snapshot.validators,
        snapshot.fetched_at,
        snapshot.final_url,
        snapshot.media_type,
    )


def test_a_page_is_new_then_the_same_then_changed(database: Database) -> None:
    first = make_snapshot()
    revised = make_snapshot(b"<p>revised</p>", fetched_at=NOW + HOUR, validators=Validators(etag='"v2"'))
    with database.transaction() as session:
        keep_snapshot(session, first)
        keep_snapshot(session, revised)
        assert page_state(session, PAGE) is None
        assert remember_page(session, "tip", first)
        assert page_state(session, PAGE) == state_of(first)
        assert not remember_page(session, "tip", make_snapshot(fetched_at=NOW + HOUR))
        assert page_state(session, PAGE) == state_of(first)
        assert remember_page(session, "tip", revised)
        assert page_state(session, PAGE) == state_of(revised)


@pytest.mark.parametrize(
    "moved",
    [
        make_snapshot(fetched_at=NOW + HOUR, validators=Validators(etag='"v2"')),
        make_snapshot(fetched_at=NOW + HOUR, final_url="https://example.org/moved/"),
    ],
    ids=["new validators", "new redirect"],
)
def test_the_same_content_answered_otherwise_is_remembered_and_no_change(
    database: Database, moved: Snapshot
) -> None:
    with database.transaction() as session:
        keep_snapshot(session, make_snapshot())
        remember_page(session, "tip", make_snapshot())
        assert not remember_page(session, "tip", moved)
        assert page_state(session, PAGE) == state_of(moved)


def test_an_address_of_any_length_can_be_remembered(database: Database) -> None:
    """PostgreSQL refuses index entries above 2,704 bytes."""
    url = "https://example.org/?" + "".join(chr(0x4E00 + n) for n in range(8000))
    with database.transaction() as session:
        keep_snapshot(session, make_snapshot())
        assert remember_page(session, "tip", make_snapshot(url=url))
        assert not remember_page(session, "tip", make_snapshot(url=url))


def test_editions_are_added_once_and_listed_newest_first(database: Database) -> None:
    old = Edition(2025, "https://example.org/2025/", "2025 Report")
    new = Edition(2026, "https://example.org/2026/", "2026 Report")
    with database.transaction() as session:
        assert [add_edition(session, edition, NOW) for edition in (old, new, old)] == [True, True, False]
        assert editions(session) == [new, old]


def test_an_edition_follows_its_address_on_the_web_but_not_into_a_saved_file(database: Database) -> None:
    moved = Edition(2026, "https://example.org/2026-2/", "2026 Report, corrected")
    with database.transaction() as session:
        add_edition(session, Edition(2026, "https://example.org/2026/", "2026 Report"), NOW)
        assert not add_edition(session, moved, NOW)
        assert not add_edition(session, Edition(2026, "argentina.html", "Saved"), NOW)
        assert editions(session) == [moved]
