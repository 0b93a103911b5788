"""What people decided, kept beside what was read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.domain.figure import Form, Measure, Relation
from monitor.domain.review import Correction, Decision, Review
from monitor.storage.changes import (
    add_sources,
    approve_change,
    change,
    changes_between_editions,
    record_changes,
    set_status,
)
from monitor.storage.database import Database
from monitor.storage.reviews import (
    add_correction,
    all_corrections,
    corrections,
    held_changes,
    record_review,
    retire,
    reviews_of,
)
from monitor.storage.rows import CorrectionRow
from monitor.storage.shipped import remember_version, shipped_version
from tests.storage.builders import HOUR, NOW, make_change


def make_correction(value: int | str | None = 19, **kwargs: Any) -> Correction:
    defaults: dict[str, Any] = {
        "country": "ARG",
        "edition": 2026,
        "measure": Measure.CONVICTIONS,
        "form": Form.ALL,
        "relation": Relation.CURRENT,
        "original": 17,
        "sentence": "Courts convicted 17.",
        "reviewer": "Ana",
        "decided_at": NOW,
        "reason": "misread",
    }
    return Correction(value=value, **(defaults | kwargs))


def test_the_queue_lists_news_before_history_and_the_most_significant_first(database: Database) -> None:
    def waits(change_id: str, significance: float, then: str) -> Any:
        detail = {"held": ["low_confidence"], "if_approved": then}
        return make_change(change_id, status=ChangeStatus.HELD, significance=significance, detail=detail)

    with database.transaction() as session:
        record_changes(
            session,
            [
                waits("old", 0.9, "history"),
                waits("small", 0.1, "published"),
                waits("large", 0.5, "published"),
                make_change("out"),
            ],
        )
    with database.reading() as session:
        assert [each.id for each in held_changes(session)] == ["large", "small", "old"]


def test_decisions_are_kept_in_their_order(database: Database) -> None:
    first = Review("c1", Decision.APPROVED, "Ana", NOW, "")
    second = Review("c1", Decision.REJECTED, "Bo", NOW + HOUR, "the table says otherwise")
    with database.transaction() as session:
        record_changes(session, [make_change("c1")])
        record_review(session, first)
        record_review(session, second)
    with database.reading() as session:
        assert reviews_of(session, "c1") == [first, second]
        assert reviews_of(session, "c2") == []


def test_corrections_come_back_as_they_were_made(database: Database) -> None:
    made = [
        make_correction(19),
        make_correction(None, measure=Measure.PROSECUTIONS),
        make_correction("unreported", form=Form.SEX),
        make_correction("2WL", measure=None, original="2", edition=2025),
    ]
    with database.transaction() as session:
        assert [add_correction(session, each) for each in made] == [True] * 4
        assert add_correction(session, made[0]) is False
    with database.reading() as session:
        assert corrections(session, "ARG", 2026) == made[:3]
        assert all_corrections(session) == [made[3], *made[:3]]


def test_a_newer_correction_replaces_the_older_which_stays_in_the_store(database: Database) -> None:
    newer = make_correction(18, decided_at=NOW + HOUR)
    with database.transaction() as session:
        add_correction(session, make_correction(19))
        add_correction(session, newer)
    with database.reading() as session:
        assert corrections(session, "ARG", 2026) == [newer]
        retired = [
            row.retired_at for row in session.exec(select(CorrectionRow).order_by(col(CorrectionRow.id)))
        ]
    assert retired == [NOW + HOUR, None]


def test_a_retired_correction_holds_no_longer(database: Database) -> None:
    with database.transaction() as session:
        add_correction(session, make_correction())
        retire(session, [make_correction()], NOW + HOUR)
        assert corrections(session, "ARG", 2026) == []


def test_an_approved_change_counts_as_found_then(database: Database) -> None:
    later = NOW + timedelta(days=3)
    with database.transaction() as session:
        record_changes(session, [make_change("c1", status=ChangeStatus.HELD)])
        approved = approve_change(session, "c1", ChangeStatus.PUBLISHED, later)
    assert (approved.status, approved.created_at) == (ChangeStatus.PUBLISHED, later)
    assert approved.detail["found_at"] == NOW.isoformat()


def test_a_status_moves_and_nothing_else(database: Database) -> None:
    told = make_change("c1", significance=0.4, corrects="c0", detail={"split": None})
    with database.transaction() as session:
        record_changes(session, [told])
        set_status(session, "c1", ChangeStatus.CORRECTED)
    with database.reading() as session:
        found = change(session, "c1")
    assert found is not None
    assert found.status is ChangeStatus.CORRECTED
    assert (found.significance, found.corrects, found.headline) == (0.4, "c0", told.headline)


def test_a_claim_gains_each_article_once(database: Database) -> None:
    def claim(*articles: str) -> Any:
        sources = [{"article": article, "url": f"https://news.example/{article}"} for article in articles]
        return make_change("claim", kind=ChangeKind.CLAIM_MADE, cause=None, detail={"sources": sources})

    with database.transaction() as session:
        record_changes(session, [claim("one")])
        add_sources(session, [claim("two")])
        add_sources(session, [claim("two")])
        add_sources(session, [])
        found = change(session, "claim")
    assert found is not None
    sources = found.detail["sources"]
    assert isinstance(sources, list)
    assert [source["article"] for source in sources] == ["one", "two"]


def test_what_comparing_editions_gave_is_found_by_country(database: Database) -> None:
    with database.transaction() as session:
        record_changes(
            session,
            [
                make_change("c1"),
                make_change("c2", country="BOL"),
                make_change("c3", edition=2025),
                make_change("c4", kind=ChangeKind.CLAIM_MADE),
            ],
        )
        found = changes_between_editions(session, 2026)
        one = changes_between_editions(session, 2026, only=["BOL"])
    assert {country: [each.id for each in listed] for country, listed in found.items()} == {
        "ARG": ["c1"],
        "BOL": ["c2"],
    }
    assert list(one) == ["BOL"]


def test_the_version_of_shipped_data_is_remembered(database: Database) -> None:
    with database.transaction() as session:
        assert shipped_version(session, "tiers") is None
        remember_version(session, "tiers", "a" * 64, NOW)
        remember_version(session, "tiers", "b" * 64, NOW + HOUR)
        assert shipped_version(session, "tiers") == "b" * 64
