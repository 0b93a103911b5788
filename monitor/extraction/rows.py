"""Decides what a row of numbers with a row of years counts: "26, 41, and 38 in 2017, 2016, and 2015"."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from monitor.domain.figure import Relation
from monitor.extraction.periods import Periods
from monitor.extraction.phrases import Det, Kind, Phrase

_JOINTS = (Kind.COMMA, Kind.CONJUNCTION)


@dataclass(frozen=True, slots=True)
class Row:
    """Numbers of one noun, each of its own year, the newest first; ``source`` is where the newest is read."""

    source: int
    numbers: list[tuple[int, Phrase]]


class Rows(Periods):
    """Rows are read as their newest number; the others are its copies."""

    def _row_of_years(self) -> Row | None:
        """Leave only the newest number of a row among the phrases."""
        end = next((k for k, p in enumerate(self._ps) if p.kind is Kind.RESPECTIVELY), None)
        if end is None:
            return None
        years, first_year = self._years_before(end)
        last = first_year - 1
        while last >= 0 and not self._counts(last):
            if self._ps[last].kind not in (Kind.PREPOSITION, Kind.VERB, Kind.BE):
                return None
            last -= 1
        places = self._numbers_before(last)
        if len(years) < 2 or len(places) != len(years) or len(set(years)) != len(years):
            return None
        nouns = [np for k in places if (np := self._ps[k].noun) is not None]
        if all(np.bare for np in nouns):
            return None
        return self._fold(places, years, first_year, end)

    def _fold(self, places: list[int], years: list[int], first_year: int, end: int) -> Row:
        dated = sorted(zip(years, places, strict=True), reverse=True)
        numbers = [(year, self._ps[place]) for year, place in dated]
        noun, newest = self._ps[places[-1]].noun, numbers[0][1]
        after = self._ps[places[-1] + 1]
        # Beside its verb, which comes before or after the row.
        stands = places[-1] if after.kind in (Kind.VERB, Kind.BE) else places[0]
        folded = list(self._ps)
        for k in (*range(places[0], places[-1] + 1), *range(first_year, end + 1)):
            folded[k] = Phrase(Kind.OTHER, self._ps[k].start, self._ps[k].end)
            self.taken.add(k)
        self.taken.discard(stands)
        if noun is not None and newest.noun is not None:
            folded[stands] = replace(newest, noun=replace(noun, value=newest.noun.value))
        self._ps = folded
        return Row(newest.start, numbers)

    def _counts(self, at: int) -> bool:
        np = self._ps[at].noun
        return np is not None and np.det is Det.NUMBER

    def _years_before(self, end: int) -> tuple[list[int], int]:
        """The years right before ``end``, and where the first of them is."""
        years: list[int] = []
        k = first = end
        while k > 0 and (self._ps[k - 1].kind in _JOINTS or self._ps[k - 1].kind is Kind.YEAR):
            k -= 1
            if self._ps[k].kind is Kind.YEAR:
                years = [*self._ps[k].years, *years]
                first = k
        return years, first

    def _numbers_before(self, last: int) -> list[int]:
        """Where the numbers of the row that ends at ``last`` are; only the last has a noun."""
        places: list[int] = []
        k = last
        while k >= 0 and (self._ps[k].kind in _JOINTS or self._ps[k].low == ";" or self._counts(k)):
            np = self._ps[k].noun
            if np is not None and places and not np.bare:
                break
            if np is not None:
                places.insert(0, k)
            k -= 1
        return places

    def _spread_years(self, row: Row) -> None:
        """Give each number of the row its year and period."""
        told = (Relation.CURRENT, Relation.PREVIOUS)
        for draft in [d for d in self.drafts if d.source == row.source and d.relation in told]:
            draft.year = newest = row.numbers[0][0]
            known = [d.year for d in self._context.known if d.measure is draft.measure and d.year is not None]
            if any(year > newest for year in known):
                draft.relation = Relation.PREVIOUS
            for rank, (year, phrase) in enumerate(row.numbers[1:]):
                next_to_it = rank == 0 and draft.relation is Relation.CURRENT
                relation = Relation.PREVIOUS if next_to_it else Relation.EARLIER
                value = phrase.noun.value if phrase.noun is not None else None
                self._add([draft.copy(value=value, year=year, relation=relation, source=phrase.start)])
