"""Narratives that wait to be recorded together."""

from __future__ import annotations

from monitor.jobs.batch import Batch, Waiting
from monitor.jobs.outcome import Outcome
from monitor.jobs.recording import Found, Recorded
from tests.builders import narrative


def waiting(country: str, edition: int = 2013) -> Waiting:
    read = narrative(edition, country=country)
    return Waiting(Found(read.document, read.reading), None)


def batch() -> tuple[Batch, list[list[str]]]:
    recorded: list[list[str]] = []

    def record(taken) -> list[Recorded]:
        recorded.append([each.found.country for each in taken])
        return [Recorded(new=True) for _ in taken]

    return Batch(record, Outcome("tip")), recorded


async def test_what_comes_quickly_is_recorded_together_in_its_order() -> None:
    together, recorded = batch()
    for country in ("ARG", "BOL", "BRA"):
        await together.add(waiting(country))
    assert recorded == []
    await together.empty()
    assert recorded == [["ARG", "BOL", "BRA"]]
    assert together.outcome.narratives == 3


async def test_another_text_of_a_waiting_narrative_goes_into_the_next_batch() -> None:
    together, recorded = batch()
    for country in ("ARG", "BOL", "ARG"):
        await together.add(waiting(country))
    await together.empty()
    assert recorded == [["ARG", "BOL"], ["ARG"]]


async def test_a_batch_has_an_end() -> None:
    together, recorded = batch()
    for number in range(251):
        await together.add(waiting(f"{number:03}"))
    assert [len(each) for each in recorded] == [250]


async def test_an_empty_batch_records_nothing() -> None:
    together, recorded = batch()
    await together.empty()
    assert recorded == []
