"""What was read: exactly as it was read, and only what is in force."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.figure import (
    Accused,
    Confidence,
    Evidence,
    Figure,
    Form,
    Group,
    Measure,
    Qualifier,
    Relation,
    Reporter,
    Stage,
    Status,
    Unit,
)
from monitor.domain.reading import DocumentKind, ExtractionIssue, IssueCode, Reading
from monitor.domain.tier import Movement, Tier, TierPlacement, TierReading
from monitor.storage.database import Database
from monitor.storage.observations import (
    ObservedFigure,
    claims,
    figures,
    issues_of,
    reading_of,
    record_reading,
)
from monitor.storage.placements import add_baseline, placements
from tests.storage.builders import (
    HOUR,
    NOW,
    PAGE,
    make_article,
    make_figure,
    make_narrative,
    make_reading,
    make_snapshot,
    store,
)

ISSUE = ExtractionIssue(IssueCode.VAGUE_NUMBER, Evidence("dozens", 40, 46), "of arrests")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
years = st.none() | st.integers(1900, 2100)
amounts = st.integers(0, 2**63 - 1)
countries = st.none() | st.text(string.ascii_uppercase, min_size=3, max_size=3)
evidences = st.builds(
    lambda words, start: Evidence(words, start, start + len(words)), texts, st.integers(0, 10**6)
)


@st.composite
def any_figure(draw: st.DrawFn) -> Figure:
    status = draw(st.sampled_from(Status))
    return Figure(
        country=draw(countries),
        measure=draw(st.sampled_from(Measure)),
        value=draw(amounts) if status is Status.REPORTED else None,
        evidence=draw(evidences),
        form=draw(st.sampled_from(Form)),
        unit=draw(st.sampled_from(Unit)),
        relation=draw(st.sampled_from(Relation)),
        year=draw(years),
        status=status,
        qualifier=draw(st.sampled_from(Qualifier)),
        stage=draw(st.sampled_from(Stage)),
        accused=draw(st.sampled_from(Accused)),
        reporter=draw(st.sampled_from(Reporter)),
        group=draw(st.sampled_from(Group)),
        confidence=draw(st.sampled_from(Confidence)),
        maximum=draw(st.none() | amounts),
        currency=draw(st.none() | st.sampled_from(["USD", "ARS"])),
        report_edition=draw(years),
    )


readings = st.builds(
    Reading,
    kind=st.sampled_from(DocumentKind),
    country=countries,
    edition=years,
    tier=st.none()
    | st.builds(
        TierReading,
        st.sampled_from(Tier),
        evidences,
        st.none() | st.sampled_from(Movement),
        st.none() | st.integers(1, 20),
    ),
    figures=st.lists(any_figure(), max_size=5).map(tuple),
    issues=st.lists(st.builds(ExtractionIssue, st.sampled_from(IssueCode), evidences, texts), max_size=3).map(
        tuple
    ),
)


@given(reading=readings)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_field_of_a_reading_comes_back(database: Database, reading: Reading) -> None:
    with database.transaction() as session:
        stored = store(session, make_narrative())
        assert record_reading(session, stored, reading, "1", NOW)
        session.expire_all()
        assert reading_of(session, stored.id) == reading
        session.rollback()


def test_the_same_reading_again_adds_nothing(database: Database) -> None:
    reading = make_reading(make_figure(), make_figure(), issues=(ISSUE,))
    with database.transaction() as session:
        stored = store(session, make_narrative())
        assert record_reading(session, stored, reading, "1", NOW)
        assert not record_reading(session, stored, reading, "1", NOW + HOUR)
        assert reading_of(session, stored.id) == reading
        assert issues_of(session, stored.id) == [ISSUE]
        assert len(figures(session)) == 2


def test_a_later_extractor_takes_the_place_of_the_one_before(database: Database) -> None:
    later = make_reading(make_figure(18), tier=Tier.ONE)
    with database.transaction() as session:
        stored = store(session, make_narrative())
        record_reading(session, stored, make_reading(make_figure(17), issues=(ISSUE,)), "1", NOW)
        assert record_reading(session, stored, later, "2", NOW + HOUR)
        assert reading_of(session, stored.id) == later
        assert issues_of(session, stored.id) == []
        assert [seen.figure.value for seen in figures(session)] == [18]
        assert placements(session) == [TierPlacement("ARG", 2026, Tier.ONE)]


def test_a_figure_says_where_and_when_it_was_seen(database: Database) -> None:
    with database.transaction() as session:
        stored = store(session, make_narrative())
        record_reading(session, stored, make_reading(make_figure()), "1", NOW + HOUR)
        assert figures(session) == [
            ObservedFigure(
                figure=make_figure(),
                country="ARG",
                edition=2026,
                document_id=stored.id,
                url=PAGE,
                title="Argentina",
                snapshot_sha256=make_snapshot().sha256,
                published_at=None,
                seen_at=NOW + HOUR,
                extractor_version="1",
            )
        ]


def test_only_the_current_revision_counts(database: Database) -> None:
    with database.transaction() as session:
        record_reading(
            session, store(session, make_narrative("Old.")), make_reading(make_figure(16)), "1", NOW
        )
        revised = store(session, make_narrative("New."))
        assert figures(session) == []
        record_reading(session, revised, make_reading(make_figure(17)), "1", NOW)
        assert [seen.figure.value for seen in figures(session)] == [17]


def test_figures_are_filtered_and_ordered_in_one_query(database: Database, statements) -> None:
    with database.transaction() as session:
        for country, edition in (("BRA", 2026), ("ARG", 2026), ("ARG", 2025)):
            stored = store(session, make_narrative(country=country, edition=edition))
            reading = make_reading(
                make_figure(edition, Measure.VICTIMS_IDENTIFIED, country=country),
                make_figure(None, country=country, status=Status.UNREPORTED),
            )
            record_reading(session, stored, reading, "1", NOW)
        news = store(session, make_article())
        record_reading(session, news, make_reading(make_figure(99), kind=DocumentKind.NEWS), "1", NOW)

    def found(**filters: Any) -> list[tuple[str | None, int | None, int | None]]:
        with database.reading() as session, statements() as noted:
            seen = figures(session, **filters)
        assert len(noted) == 1
        return [(one.country, one.edition, one.figure.value) for one in seen]

    assert found() == [
        ("ARG", 2025, 2025),
        ("ARG", 2025, None),
        ("ARG", 2026, 2026),
        ("ARG", 2026, None),
        ("BRA", 2026, 2026),
        ("BRA", 2026, None),
    ]
    assert found(country="ARG", measure=Measure.CONVICTIONS) == [("ARG", 2025, None), ("ARG", 2026, None)]
    assert found(edition=2025) == [("ARG", 2025, 2025), ("ARG", 2025, None)]
    assert found(country="BOL") == []


def test_claims_keep_figures_of_no_certain_country(database: Database, statements) -> None:
    with database.transaction() as session:
        store(session, make_narrative())
        news = store(session, make_article())
        reading = make_reading(
            make_figure(368), make_figure(70, country=None), kind=DocumentKind.NEWS, country=None, tier=None
        )
        record_reading(session, news, reading, "1", NOW)
    with database.reading() as session, statements() as noted:
        assert [claim.figure.value for claim in claims(session)] == [368, 70]
        (argentine,) = claims(session, country="ARG")
        assert figures(session) == []
    assert (argentine.figure, argentine.edition, argentine.published_at) == (make_figure(368), None, NOW)
    assert len(noted) == 3


def test_a_narrative_goes_before_the_baseline(database: Database, statements) -> None:
    history = [
        TierPlacement("ARG", 2025, Tier.TWO_WATCH_LIST, Movement.DOWNGRADED, 1),
        TierPlacement("ARG", 2026, Tier.THREE),
        TierPlacement("BRA", 2026, Tier.TWO),
    ]
    with database.transaction() as session:
        assert add_baseline(session, history) == 3
        assert add_baseline(session, history) == 0
        assert add_baseline(session, [replace(history[2], tier=Tier.ONE)]) == 1
        stored = store(session, make_narrative())
        record_reading(session, stored, make_reading(tier=Tier.TWO), "1", NOW)
    with database.reading() as session, statements() as noted:
        everything = placements(session)
        assert placements(session, country="BRA") == everything[2:]
        assert placements(session, edition=2025) == everything[:1]
    assert everything == [
        replace(history[0], secondary=True),
        TierPlacement("ARG", 2026, Tier.TWO),
        TierPlacement("BRA", 2026, Tier.ONE, secondary=True),
    ]
    assert len(noted) == 6


def test_a_narrative_that_says_no_tier_leaves_the_baseline(database: Database) -> None:
    with database.transaction() as session:
        add_baseline(session, [TierPlacement("ARG", 2026, Tier.THREE)])
        record_reading(session, store(session, make_narrative()), make_reading(tier=None), "1", NOW)
        assert placements(session) == [TierPlacement("ARG", 2026, Tier.THREE, secondary=True)]
