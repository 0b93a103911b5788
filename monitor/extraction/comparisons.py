"""Collects the numbers of a comparison with what is printed beside each.

"Compared with 25, 19 and seven, respectively, in 2012" lists values for another period; ``dealing``
finds the figure that each of them is compared with.
"""

# ruff: noqa: PLR0911, PLR0912 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.domain.figure import LIMITING_FORMS, Form, Measure, Stage, Unit
from monitor.extraction.lexicon import Inflection, Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase, Phrase

_STAGES = {Verb.OPEN: Stage.NEW, Verb.CONTINUE: Stage.CONTINUED, Verb.COUNT: Stage.ANY}


@dataclass(slots=True, eq=False)
class Item:
    """One number of a comparison with what is printed beside it."""

    np: NounPhrase
    start: int
    measures: list[Measure] = field(default_factory=list)
    year: int | None = None
    dated: bool = False
    current: bool = False
    parts: list[Item] = field(default_factory=list)
    group: int = 0
    other: bool = False
    stage: Stage | None = None

    @property
    def printed_unit(self) -> Unit | None:
        if self.np.noun in (Noun.CASE, Noun.CRIME):
            return Unit.CASES
        if self.np.noun in (Noun.ACCUSED, Noun.PERSON, Noun.OFFICIAL, Noun.VICTIM):
            return Unit.PERSONS
        return Unit.PERSONS if self.np.noun is Noun.MEASURE and self.np.persons else None


@dataclass(slots=True)
class Comparison:
    """The numbers of one comparison, in order."""

    items: list[Item]
    respectively: bool
    taken: set[int]

    @property
    def measured(self) -> bool:
        return any(item.measures for item in self.items)

    def drop_unmeasured(self) -> None:
        """Forget the numbers that print no measure: what they are compared with is no figure."""
        self.items = [item for item in self.items if item.measures]

    @classmethod
    def of(cls, phrases: list[Phrase], offset: int) -> Comparison:
        """Collect the numbers of ``phrases``; ``offset`` is the index of the first one in its clause."""
        collector = _Collector(phrases, offset)
        collector.run()
        collector.part_periods()
        return cls(collector.items, collector.respectively, collector.taken)


class _Collector:
    def __init__(self, phrases: list[Phrase], offset: int) -> None:
        self._ps = phrases
        self._offset = offset
        self.items: list[Item] = []
        self.respectively = False
        self.taken: set[int] = set()
        self._verbs: list[Measure] = []
        self._group = 0
        self._current = False
        self._parts_of: Item | None = None
        self._crime = False
        self._stage: Stage | None = None
        self._first_year: int | None = None

    def run(self) -> None:
        self._collect()
        for item in self.items:
            if not item.dated and self._first_year is not None:
                # "a decrease from 2009, during which authorities identified 13 victims"
                item.year = self._first_year

    def part_periods(self) -> None:
        """ "24 and 30, respectively, in the two prior periods": each of its own, the latest first."""
        several = {2: "two", 3: "three"}.get(len(self.items))
        over = any(several in p.low.split() for p in self._ps if p.kind is Kind.PERIOD)
        if self.respectively and over and all(item.np.form is None for item in self.items):
            for rank, item in enumerate(self.items):
                item.group = rank

    def _collect(self) -> None:
        depth = 0
        for at, phrase in enumerate(self._ps):
            if phrase.kind is Kind.OPEN:
                depth += 1
                self._parts_of = self.items[-1] if self.items else None
            elif phrase.kind is Kind.CLOSE:
                depth = max(0, depth - 1)
                self._parts_of = None
            elif (phrase.kind is Kind.COLON and self.items) or (phrase.kind is Kind.SUBSET and self.items):
                self._parts_of = self.items[-1]
            elif (
                phrase.kind is Kind.FORM
                and self.items
                and not self.items[-1].parts
                and (depth or self._said_of_last(at))
            ):
                self._qualify(phrase)
            elif (
                phrase.kind is Kind.AGENT and phrase.sense == "other" and at and self._ps[at - 1].low == "by"
            ):
                if self.items:
                    self.items[-1].other = True
            elif phrase.kind is Kind.RESPECTIVELY:
                self.respectively = True
            elif phrase.kind is Kind.YEAR and phrase.years and phrase.sense not in ("span", "from"):
                self._date(phrase.years[0])
            elif phrase.kind is Kind.PERIOD and phrase.sense in ("previous", "earlier"):
                self._date(None)
            elif phrase.kind is Kind.PREPOSITION and phrase.low == "to" and self.items:
                self._current = True
            elif phrase.kind is Kind.VERB and phrase.verb is not None:
                self._verb(at)
            elif phrase.kind is Kind.NOUN and phrase.noun is not None:
                self._noun(at, phrase.noun, phrase.start)

    def _verb(self, at: int) -> None:
        verb = self._ps[at].verb
        if verb is not None and verb.has(Inflection.ING):
            # "compared with prosecuting 30 suspects": not said to be new, whatever came before
            self._stage = _STAGES.get(verb.verb, self._stage)
        if verb is None or verb.verb is not Verb.COUNT or verb.measure is None:
            return
        if verb.has(Inflection.ING):
            before = self._ps[at - 1].kind if at else None
            joined = before is Kind.CONJUNCTION and at > 1 and self._ps[at - 2].kind is Kind.VERB
            self._verbs = [*self._verbs, verb.measure] if joined else [verb.measure]
            return
        for item in reversed(self.items):
            if item.np.measure is not None or item.np.noun is Noun.OTHER:
                break
            if (
                item.measures
                and verb.measure not in item.measures
                and at
                and self._ps[at - 1].kind is not Kind.CONJUNCTION
            ):
                break
            if item.dated:
                break
            item.measures.append(verb.measure)
            if at and self._ps[at - 1].kind is not Kind.CONJUNCTION:
                break

    def _noun(self, at: int, np: NounPhrase, start: int) -> None:
        if np.value is None and np.det is not Det.UNKNOWN:
            self._say_of_last(at, np)
            return
        if np.det not in (Det.NUMBER, Det.NO, Det.UNKNOWN) or np.crime or np.abroad:
            self._crime = np.crime
            return
        if np.noun is Noun.OTHER or (self._crime and self._companion(at)):
            return
        self._crime = False
        formed = any(item.np.form in LIMITING_FORMS for item in self.items)
        if (np.unspecified or (formed and self._of_many_forms(at, np))) and (np.bare or formed):
            self.taken.add(self._offset + at)
            return
        self.taken.add(self._offset + at)
        if np.partitive and np.whole is not None:
            # "compared with 11 out of 12 convicted traffickers": a share, no figure
            return
        following = self._ps[at + 1].verb if at + 1 < len(self._ps) else None
        if np.bare and following is not None and following.verb is Verb.OTHER:
            # "nine convicted and two acquitted"
            return
        if [p.low for p in self._ps[at + 1 : at + 5]][::3] == ["at", "level"]:
            # "five at the federal level and 103 at the regional level"
            return
        measures = [np.measure, *np.also] if np.measure is not None else list(self._verbs)
        if not measures and np.participle is not None:
            measures = [np.participle]
        if not measures and self.items and self.items[-1].measures and at:
            last = self.items[-1]
            if (
                self._ps[at - 1].low in ("involving", "of", "against", "with")
                and last.start == self._ps[at - 2].start
            ):
                # "compared to initiating 313 investigations involving 546 suspects"
                measures = list(last.measures)
        item = Item(np, start, measures, current=self._current, group=self._group, stage=self._stage)
        if self._pairs(at, item):
            self.items[-1].np.form = np.form = np.form or self.items[-1].np.form
        if self._parts_of is not None and (np.bare or np.form is not None or np.group is not None):
            self._parts_of.parts.append(item)
            item.year, item.dated = self._parts_of.year, self._parts_of.dated
        else:
            beside = self._beside_last(at, item) or (np.partitive and np.det is Det.NO)
            if (
                self.items
                and not beside
                and (self.items[-1].dated or (self._current and not self.items[-1].current))
            ):
                self._group += 1
                item.group = self._group
            self.items.append(item)

    def _beside_last(self, at: int, item: Item) -> bool:
        """ "five investigations opened in the previous year against nine suspects": of the same period."""
        last = self.items[-1] if self.items else None
        against = at and self._ps[at - 1].low in ("against", "involving") and item.np.noun is Noun.ACCUSED
        if last is None or not against or item.measures or not last.np.measure:
            return False
        item.measures, item.year, item.dated = list(last.measures), last.year, last.dated
        item.group = last.group
        return True

    def _of_many_forms(self, at: int, np: NounPhrase) -> bool:
        """ "(13 of sex trafficking, three of forced labor, and 11 of multiple types in 2017)"."""
        link = self._ps[at + 1] if at + 1 < len(self._ps) else None
        then = self._ps[at + 2] if at + 2 < len(self._ps) else None
        if not np.bare or np.form is not None or np.group is not None or link is None:
            return False
        tied = link.low in ("of", "for", "with", "whose") and then is not None and not then.years
        return tied or link.kind is Kind.UNSPECIFIED or link.low in ("unknown", "unspecified")

    def _say_of_last(self, at: int, np: NounPhrase) -> None:
        """ "identified by NGOs", "(143 were victims of sex trafficking ...)": what is said of a number."""
        if not self.items or not at:
            return
        last, before = self.items[-1], self._ps[at - 1]
        if np.agent == "other" and np.noun is Noun.OTHER and before.low == "by":
            last.other = True
        bracketed = self._parts_of is not None and not last.parts
        said = np.form in LIMITING_FORMS and (bracketed or before.kind is Kind.BE)
        if said and last.np.form is None:
            last.np.form = np.form

    def _pairs(self, at: int, item: Item) -> bool:
        """ "compared to 41 suspects in 11 cases for sex trafficking": the form of both."""
        last = self.items[-1] if self.items else None
        return (
            last is not None
            and item.np.noun is not None
            and {item.np.form, last.np.form} in ({Form.SEX, None}, {Form.LABOR, None})
            and self._ps[at - 1].low in ("in", "involving", "with", "against")
            and self._ps[at - 2].start == last.start
        )

    def _said_of_last(self, at: int) -> bool:
        """ "26 were subjected to sex trafficking, nine to forced labor": the form of the number before."""
        k = at - 1
        while k >= 0 and self._ps[k].kind in (Kind.BE, Kind.PREPOSITION, Kind.VERB):
            k -= 1
        return k < at - 1 and k >= 0 and self._ps[k].start == self.items[-1].start

    def _companion(self, at: int) -> bool:
        """ "48 child abuse cases with 66 suspects": the suspects are of that crime."""
        return bool(at) and self._ps[at - 1].kind is Kind.PREPOSITION

    def _qualify(self, phrase: Phrase) -> None:
        """ "three in 2016 (all sex trafficking victims)": the bracket's form is the number's."""
        np = self.items[-1].np
        if np.form is None and phrase.form in LIMITING_FORMS:
            np.form = phrase.form

    def _date(self, year: int | None) -> None:
        if not self.items:
            self._first_year = year
        for item in self.items:
            if not item.dated and item.group == self._group:
                item.dated = True
                item.year = year
                for part in item.parts:
                    part.year, part.dated = year, True
        if self.items and self._parts_of is self.items[-1] and self.items[-1].year is None:
            self.items[-1].year = year
        elif self._parts_of is not None and self._parts_of.parts and year not in (None, self._parts_of.year):
            # "compared to 263 in 2016 (278 in 2015)": no part, but the year before that
            item = self._parts_of.parts.pop()
            self._group += 1
            item.year, item.dated, item.group = year, True, self._group
            self.items.append(item)
