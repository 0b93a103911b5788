"""How figures share cells: the headline first, its rivals beside it, silence apart."""

from __future__ import annotations

from typing import Any

from monitor.domain.figure import Confidence, Figure, Measure, Qualifier, Relation, Stage, Unit
from monitor.storage.observations import ObservedFigure
from monitor.web.figure_table import Value, measure_tables, other_sentences, read_words
from tests.web.samples import NOW, figure

TEXT = "Courts tried 77 people in nine cases."


def observed(value: int | None, measure: Measure = Measure.PROSECUTIONS, **fields: Any) -> ObservedFigure:
    return ObservedFigure(
        figure=made(value, measure, **fields),
        country="ARG",
        edition=2013,
        document_id=1,
        url="https://www.state.gov/",
        title="Argentina",
        snapshot_sha256="0" * 64,
        published_at=None,
        seen_at=NOW,
        extractor_version="1",
    )


def made(value: int | None, measure: Measure = Measure.PROSECUTIONS, **fields: Any) -> Figure:
    return figure(TEXT, TEXT, measure, value, **fields)


def values(*found: ObservedFigure) -> tuple[Value, ...]:
    tables = {table.measure: table for table in measure_tables(found, [])}
    return tables[Measure.PROSECUTIONS].rows[0].cells[0].values


def test_persons_and_cases_stand_side_by_side_with_the_headline_first() -> None:
    shown = values(observed(9), observed(77, unit=Unit.PERSONS))

    assert [(value.words, value.note) for value in shown] == [("77", "persons"), ("9", "cases")]


def test_the_same_number_read_twice_is_shown_once() -> None:
    assert len(values(observed(9), observed(9))) == 1


def test_a_number_goes_before_the_word_that_there_is_none() -> None:
    assert [value.words for value in values(observed(None), observed(9))] == ["9"]


def test_what_limits_a_number_is_noted() -> None:
    (shown,) = values(
        observed(9, stage=Stage.NEW, year=2012, qualifier=Qualifier.ABOUT, confidence=Confidence.LOW)
    )

    assert shown == Value(
        9, "about 9", "number", "cases, new, in 2012, unsure reading", "prosecutions-2013-1"
    )


def test_at_most_zero_is_no_plain_zero() -> None:
    assert [value.look for value in values(observed(0))] == ["zero"]
    assert [value.look for value in values(observed(0, qualifier=Qualifier.ABOUT))] == ["number"]


def test_an_edition_that_was_read_and_gave_no_figure_has_its_row() -> None:
    tables = measure_tables([observed(9)], [2012, 2013])

    assert {table.measure: [row.edition for row in table.rows] for table in tables} == {
        Measure.INVESTIGATIONS: [2013, 2012],
        Measure.PROSECUTIONS: [2013, 2012],
        Measure.CONVICTIONS: [2013, 2012],
        Measure.VICTIMS_IDENTIFIED: [2013, 2012],
    }
    assert [table.measure for table in tables if not table.is_silent] == [Measure.PROSECUTIONS]


def test_figures_beside_the_core_are_left_to_their_own_list() -> None:
    (sentences,) = other_sentences([observed(9), observed(5, Measure.ARRESTS)])

    assert [sentence.read for sentence in sentences.sentences] == [("5 arrests",)]


def test_law_facts_are_read_out_in_their_own_words() -> None:
    penalty = made(4, Measure.PENALTY_YEARS, maximum=15, unit=Unit.YEARS)
    funding = made(2_000_000, Measure.FUNDING, currency="ARS", unit=Unit.MONEY, relation=Relation.PREVIOUS)

    assert read_words(penalty) == "penalties of 4 to 15 years"
    assert read_words(funding) == "the year before: funding of ARS 2,000,000"
