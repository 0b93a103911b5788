"""A person's corrections over what an extractor read."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.comparison.correcting import apply_corrections
from monitor.domain.figure import Confidence, Evidence, Figure, Form, Measure, Relation, Status
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.review import Correction
from monitor.domain.tier import Tier, TierReading
from tests.builders import NOW

SENTENCE = "Courts convicted 17 traffickers in 2012."
TEXT = f"The law was amended.\n{SENTENCE}\nShelters opened."


def span(text: str = SENTENCE) -> Evidence:
    return Evidence(text, TEXT.index(text), TEXT.index(text) + len(text))


def read(*values: int, sentence: str = SENTENCE, tier: TierReading | None = None) -> Reading:
    figures = tuple(
        Figure(
            country="ARG",
            measure=Measure.CONVICTIONS,
            value=value,
            evidence=span(sentence),
            confidence=Confidence.LOW,
        )
        for value in values
    )
    return Reading(DocumentKind.NARRATIVE, "ARG", 2013, tier, figures, ())


def correction(value: int | str | None = 19, **fields: Any) -> Correction:
    values: dict[str, Any] = {
        "country": "ARG",
        "edition": 2013,
        "measure": Measure.CONVICTIONS,
        "form": Form.ALL,
        "relation": Relation.CURRENT,
        "original": 17,
        "sentence": SENTENCE,
        "reviewer": "Ana",
        "decided_at": NOW,
        "reason": "misread",
    } | fields
    return Correction(value=value, **values)


def test_the_corrected_number_takes_the_place_of_what_was_read() -> None:
    corrected = apply_corrections(TEXT, read(17), [correction()])
    (figure,) = corrected.reading.figures
    assert (figure.value, figure.confidence, figure.evidence) == (19, Confidence.HIGH, span())
    assert (len(corrected.applied), corrected.outdated) == (1, ())


@pytest.mark.parametrize("value", [17, 170, 71])
def test_it_holds_whatever_a_newer_extractor_reads_in_the_same_sentence(value) -> None:
    assert [each.value for each in apply_corrections(TEXT, read(value), [correction()]).reading.figures] == [
        19
    ]


def test_it_holds_where_a_newer_extractor_quotes_only_a_part_of_the_sentence() -> None:
    reading = read(17, sentence="convicted 17 traffickers")
    assert [each.value for each in apply_corrections(TEXT, reading, [correction()]).reading.figures] == [19]


def test_it_adds_the_figure_where_nothing_is_read_any_more() -> None:
    (figure,) = apply_corrections(TEXT, read(), [correction()]).reading.figures
    assert (figure.value, figure.evidence.text) == (19, SENTENCE)


def test_of_two_numbers_in_the_sentence_the_one_that_was_meant_gives_way() -> None:
    figures = apply_corrections(TEXT, read(5, 17), [correction()]).reading.figures
    assert [each.value for each in figures] == [5, 19]


def test_a_figure_that_is_none_is_taken_away() -> None:
    assert apply_corrections(TEXT, read(17), [correction(None)]).reading.figures == ()


def test_a_number_may_be_corrected_to_its_absence() -> None:
    (figure,) = apply_corrections(TEXT, read(17), [correction("unreported")]).reading.figures
    assert (figure.value, figure.status) == (None, Status.UNREPORTED)


def test_white_space_does_not_outdate_a_correction() -> None:
    moved = TEXT.replace(" convicted ", "\n  convicted ")
    corrected = apply_corrections(moved, read(), [correction()])
    assert [each.value for each in corrected.reading.figures] == [19]


def test_a_sentence_that_changed_outdates_its_correction() -> None:
    corrected = apply_corrections(TEXT.replace("17", "21"), read(), [correction()])
    assert (corrected.applied, len(corrected.outdated)) == ((), 1)
    assert corrected.reading == read()


def test_a_tier_is_corrected_too() -> None:
    reading = read(tier=TierReading(Tier.TWO, span("The law was amended.")))
    made = correction("2WL", measure=None, original="2", sentence="The law was amended.")
    tier = apply_corrections(TEXT, reading, [made]).reading.tier
    assert tier is not None
    assert tier.value is Tier.TWO_WATCH_LIST
