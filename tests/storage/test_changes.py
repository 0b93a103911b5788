"""Changes: each once, newest first."""

from __future__ import annotations

from monitor.domain.change import Cause, ChangeKind, ChangeStatus, Direction
from monitor.domain.figure import Form, Measure
from monitor.storage.changes import (
    change,
    changes,
    corrections_between_editions,
    corrections_of,
    record_changes,
)
from monitor.storage.database import Database
from tests.storage.builders import HOUR, NOW, make_change


def ids(found) -> list[str]:
    return [one.id for one in found]


def test_a_change_comes_back_with_every_field(database: Database) -> None:
    full = make_change(
        form=Form.ALL,
        direction=Direction.DOWN,
        status=ChangeStatus.HELD,
        source_url="https://example.org/2026/",
        source_url_old="https://example.org/2025/",
        evidence_old="convicted 31",
        evidence_new="convicted 17",
        snapshot_old="a" * 64,
        snapshot_new="b" * 64,
        detail={"split": {"old": {"sex": 30, "labor": None}, "new": {}}, "sentences": ["\x00\ud800é"]},
    )
    bare = make_change(
        "c2",
        kind=ChangeKind.CLAIM_MADE,
        cause=None,
        country=None,
        edition=None,
        measure=None,
        old=None,
        new="unreported",
    )
    with database.transaction() as session:
        assert record_changes(session, [full, bare]) == [full, bare]
    with database.reading() as session:
        assert change(session, "c1") == full
        assert change(session, "c2") == bare
        assert change(session, "c3") is None


def test_a_change_that_is_known_is_not_recorded_again(database: Database) -> None:
    with database.transaction() as session:
        first = [make_change("c1"), make_change("c2"), make_change("c1")]
        assert ids(record_changes(session, first)) == ["c1", "c2"]
        again = [make_change("c1", headline="other words"), make_change("c3")]
        assert ids(record_changes(session, again)) == ["c3"]
        assert record_changes(session, []) == []
        assert change(session, "c1") == make_change("c1")


def test_the_newest_come_first_and_those_of_one_instant_as_recorded(database: Database) -> None:
    with database.transaction() as session:
        record_changes(session, [make_change("b"), make_change("a"), make_change("c")])
        record_changes(session, [make_change("old", created_at=NOW - HOUR)])
        record_changes(session, [make_change("new", created_at=NOW + HOUR)])
        assert ids(changes(session)) == ["new", "b", "a", "c", "old"]


def test_pages_follow_each_other_without_gap_or_overlap(database: Database, statements) -> None:
    names = [f"c{n:03}" for n in range(25)]
    with database.transaction() as session:
        record_changes(session, [make_change(name) for name in names])
    pages: list[list[str]] = []
    with database.reading() as session, statements() as noted:
        before = None
        while page := ids(changes(session, limit=10, before=before)):
            pages.append(page)
            before = page[-1]
        assert changes(session, before="nosuch") == []
    assert pages == [names[:10], names[10:20], names[20:]]
    assert len(noted) == 8


def test_filters_narrow_the_list(database: Database) -> None:
    with database.transaction() as session:
        record_changes(
            session,
            [
                make_change("published"),
                make_change("tier", kind=ChangeKind.TIER_CHANGED, measure=None, country="BOL"),
                make_change("history", status=ChangeStatus.HISTORY, cause=Cause.REEXTRACTED),
                make_change("held", status=ChangeStatus.HELD),
                make_change("old", created_at=NOW - HOUR, measure=Measure.VICTIMS_IDENTIFIED),
            ],
        )
        assert ids(changes(session)) == ["published", "tier", "history", "old"]
        assert ids(changes(session, statuses=[ChangeStatus.HELD])) == ["held"]
        assert ids(changes(session, statuses=[])) == ["published", "tier", "history", "held", "old"]
        assert ids(changes(session, since=NOW)) == ["published", "tier", "history"]
        assert ids(changes(session, kinds=[ChangeKind.TIER_CHANGED])) == ["tier"]
        assert ids(changes(session, countries=["BOL", "BRA"])) == ["tier"]
        assert ids(changes(session, measures=[Measure.VICTIMS_IDENTIFIED])) == ["old"]
        assert ids(changes(session, countries=["ARG"], limit=1)) == ["published"]


def test_the_correction_of_a_change_is_the_last_of_those_that_followed_each_other(
    database: Database,
) -> None:
    corrected = {"kind": ChangeKind.CORRECTION, "status": ChangeStatus.CORRECTED}
    told = make_change("1", status=ChangeStatus.CORRECTED)
    first = make_change("2", corrects=told.id, **corrected)
    second = make_change("3", corrects=first.id, **corrected)
    third = make_change("4", corrects=second.id, kind=ChangeKind.CORRECTION)
    other = make_change("5", kind=ChangeKind.CORRECTION, corrects=make_change("6").id, edition=2012)
    with database.transaction() as session:
        record_changes(session, [told, first, second, third, other, make_change("6")])
    with database.reading() as session:
        assert corrections_of(session, [told.id, second.id, third.id]) == {told.id: third, second.id: third}
        assert corrections_of(session, []) == {}
        edition, country = told.edition or 0, told.country or ""
        found = corrections_between_editions(session, edition, only=(country,))
        assert {each.id for each in found[country]} == {first.id, second.id, third.id}
