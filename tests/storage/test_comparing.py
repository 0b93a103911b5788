"""What comparisons read, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from monitor.domain.figure import Form, Measure, Qualifier, Relation, Stage, Status, Unit
from monitor.domain.tier import Tier, TierPlacement
from monitor.domain.watch_list import Succession, TierRules
from monitor.storage.comparing import country_record, country_records, read_narratives
from monitor.storage.database import Database
from monitor.storage.observations import figures, record_reading
from monitor.storage.placements import add_baseline
from tests.builders import COUNTRIES
from tests.storage.builders import HOUR, NOW, make_figure, make_narrative, make_reading, store

RULES = TierRules(successions=(Succession("BRA", ("ARG",), 2026),))
CONVICTIONS = (Measure.CONVICTIONS, Form.ALL)


def tell(
    database: Database, edition: int, *found, country: str = "ARG", tier: Tier | None = Tier.TWO
) -> None:
    with database.transaction() as session:
        stored = store(session, make_narrative(f"{country} {edition}", country=country, edition=edition))
        reading = make_reading(*found, tier=tier, country=country, edition=edition)
        record_reading(session, stored, reading, "1", NOW)


def test_narratives_come_with_what_was_read_and_without_their_texts(database: Database) -> None:
    tell(database, 2025, make_figure(31), make_figure(60, Measure.PROSECUTIONS))
    tell(database, 2026, make_figure(17), tier=None)
    tell(database, 2024, make_figure(5))
    with database.reading() as session:
        found = read_narratives(session, (2025, 2026))
    assert list(found) == [("ARG", 2025), ("ARG", 2026)]
    old, new = found["ARG", 2025], found["ARG", 2026]
    assert [each.value for each in old.reading.figures] == [31, 60]
    assert (old.document.text, old.reading.tier.value if old.reading.tier else None) == ("", Tier.TWO)
    assert ([each.value for each in new.reading.figures], new.reading.tier) == ([17], None)


def test_a_country_s_series_holds_the_headline_number_of_every_edition(database: Database) -> None:
    tell(database, 2024, make_figure(9, unit=Unit.CASES), make_figure(4, unit=Unit.PERSONS))
    tell(database, 2025, make_figure(31), make_figure(12, stage=Stage.NEW), make_figure(7, form=Form.SEX))
    tell(
        database,
        2026,
        make_figure(17, relation=Relation.PREVIOUS),
        make_figure(None, status=Status.UNREPORTED),
        make_figure(30, Measure.ARRESTS),
    )
    tell(database, 2027, make_figure(20, qualifier=Qualifier.AT_LEAST), make_figure(18))
    with database.reading() as session:
        record = country_record(session, "ARG", 2026, rules=RULES, countries=COUNTRIES)
    assert record.series == {
        CONVICTIONS: {2024: 4, 2025: 31, 2027: 18},
        (Measure.CONVICTIONS, Form.SEX): {2025: 7},
    }


def test_a_record_knows_placements_and_what_the_country_was_part_of(database: Database) -> None:
    tell(database, 2026)
    with database.transaction() as session:
        add_baseline(session, [TierPlacement("ARG", 2025, Tier.THREE), TierPlacement("ARG", 2026, Tier.ONE)])
    with database.reading() as session:
        record = country_record(session, "ARG", 2026, rules=RULES, countries=COUNTRIES)
        nothing = country_record(session, "BOL", 2026, rules=RULES, countries=COUNTRIES)
    known = {edition: (each.tier, each.secondary) for edition, each in record.placements.items()}
    assert known == {2025: (Tier.THREE, True), 2026: (Tier.TWO, False)}
    assert (record.predecessor, nothing.predecessor, nothing.placements) == ("Brazil", None, {})


def test_more_countries_take_no_more_queries(
    database: Database, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    counts = []
    for countries in (("ARG",), ("BOL", "BRA", "CHL", "PRY")):
        for country in countries:
            tell(database, 2025, make_figure(31), country=country)
            tell(database, 2026, make_figure(17), country=country)
        with statements() as noted, database.reading() as session:
            read_narratives(session, (2025, 2026))
            country_records(session, 2026, rules=RULES, countries=COUNTRIES)
        counts.append(len(noted))
    assert counts == [6, 6]


def test_figures_can_be_asked_as_they_were_known(database: Database) -> None:
    with database.transaction() as session:
        first = store(session, make_narrative("first"), NOW)
        record_reading(session, first, make_reading(make_figure(17)), "1", NOW)
        record_reading(session, first, make_reading(make_figure(71)), "2", NOW + 2 * HOUR)
        second = store(session, make_narrative("second"), NOW + 4 * HOUR)
        record_reading(session, second, make_reading(make_figure(19)), "2", NOW + 4 * HOUR)
    known = []
    with database.reading() as session:
        for hours in (-1, 0, 1, 2, 3, 4, 5):
            found = figures(session, country="ARG", as_of=NOW + hours * HOUR)
            known.append([each.figure.value for each in found])
        now = [each.figure.value for each in figures(session, country="ARG")]
    assert known == [[], [17], [17], [71], [71], [19], [19]]
    assert now == [19]
