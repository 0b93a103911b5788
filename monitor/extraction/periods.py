"""Decides which numbers a year or a period dates, and which period that makes theirs."""

# ruff: noqa: PLR0912 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from itertools import pairwise

from monitor.domain.figure import Relation, Stage
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import COUNTING, GOING_ON
from monitor.extraction.lexicon import Inflection, Verb
from monitor.extraction.phrases import Det, Kind, Phrase
from monitor.extraction.spans import OF_ALL, Spans

_ORDINALS = frozenset({"first", "last", "oldest", "earliest"})


class Periods(Spans):
    """Years, periods and "the same as": the reach of time in a clause."""

    def _year(self, at: int) -> None:  # noqa: PLR0911 - one exit per way of dating
        phrase = self._ps[at]
        if at in self.taken or (self._context.news and (self._spans_dates(at) or self._is_of_event(at))):
            return
        if self._context.news and self._goes_on_until_today(at):
            self._counts_over_years()
            return
        if (
            phrase.sense in ("from", "until", "by", "under", "act", "law", "no.", "month-end")
            or not phrase.years
        ):
            return
        than = at > 1 and self._ps[at - 1].low == "in" and self._ps[at - 2].low == "than"
        if than or self._dates_the_beginning(at) or self._dates_the_last(at) or self._dates_what_goes_on(at):
            # "opened more cases than in 2013": of the year before, without a number
            return
        region = [d for d in self.drafts[self._region :] if d.year is None and self._reaches(d, phrase)]
        if self._since_an_event(at):
            for draft in self.drafts[self._region :]:
                draft.relation = Relation.CUMULATIVE
            if not self.drafts and self._context.news:
                self._lead_relation = Relation.CUMULATIVE
            return
        if phrase.sense == "span":
            before = self._ps[max(0, at - 6) : at]
            ordinal = any(p.low in _ORDINALS or (p.noun is not None and p.noun.ordinal) for p in before)
            if ordinal or any(p.low in OF_ALL for p in before[-3:]):
                return
            for draft in region:
                if not (draft.when or self._predicate_between(draft, phrase)):
                    draft.relation = Relation.CUMULATIVE
            if not self.drafts:
                self._lead_relation = Relation.CUMULATIVE
            return
        if phrase.sense not in ("in", "during", "for", "", "of", "month", "and", "throughout", "(", ","):
            return
        latest = max(phrase.years)
        if not self.drafts and self._lead_year is None and self._dates_an_event(at):
            return
        if not self.drafts and self._lead_year is None:
            if phrase.sense in ("in", "during", "for", "throughout", "month") or self._part_of_year(at):
                self._lead_year = None if self._begins_span(at) else latest
                counted = any(p.noun is not None and p.noun.counted for p in self._ps[:at])
                as_of = not counted and [p.low for p in self._ps[max(0, at - 3) : at]][:2] == ["as", "of"]
                if phrase.sense == "month" and not (as_of or self._spans_months(at)):
                    self._lead_year = None
                    self._story = True
            return
        if phrase.sense == "month":
            return
        copies = []
        for draft in region:
            if draft.relation is Relation.CUMULATIVE:
                continue
            draft.year = latest
            if len(phrase.years) == 2:
                copies.append(draft.copy(relation=Relation.PREVIOUS, year=min(phrase.years)))
        self._region = len(self.drafts)
        self._add(copies)

    def _period(self, at: int) -> None:
        phrase = self._ps[at]
        previous = self._previous(at)
        low = previous.low if previous is not None else ""
        # "since last year": of that year and of this
        since = low == "since" and phrase.sense == "previous"
        if self._context.news and (since or (phrase.sense == "both" and "either" not in phrase.low)):
            self._counts_over_years(phrase if since else None)
            return
        if phrase.sense == "both":
            region = [d for d in self.drafts[self._region :] if d.relation is Relation.CURRENT]
            self._add([d.copy(relation=Relation.PREVIOUS, year=None) for d in region])
            return
        when = {"last year": "last", "last year's": "last", "this year": "this"}.get(phrase.low, "")
        if when and not self.drafts:
            self._lead_when = when
        elif when:
            for draft in self.drafts[self._region :]:
                draft.when = draft.when or when
        if phrase.low in ("last year", "last year's"):
            # Said of the period that the text reports on, unless it is compared with.
            return
        if phrase.sense == "previous" and self._tells_of_before(at):
            return
        if phrase.low.endswith("before last") and not self.drafts:
            self._lead_relation = Relation.EARLIER
            return
        if phrase.sense == "previous" and low != "from":
            contrasted = previous is not None and previous.kind is Kind.CONTRAST
            if not self.drafts and (
                contrasted or (low in ("in", "during", "over", "", ",") and self._frame is None)
            ):
                self._lead_relation = Relation.PREVIOUS
            elif low in ("a", "an"):
                for draft in self.drafts[self._region :]:
                    draft.stage = Stage.CONTINUED
            elif previous is not None and (low in ("in", "during") or previous.kind is not Kind.PREPOSITION):
                for draft in self.drafts[self._region :]:
                    if (
                        draft.relation is Relation.CURRENT
                        and self._reaches(draft, phrase)
                        and not self._verb_between(draft, phrase)
                    ):
                        draft.relation = Relation.PREVIOUS
        elif phrase.sense in ("previous", "earlier") and low == "from" and self._subjects:
            np = self._ps[self._subjects[-1]].noun
            if np is not None and np.stage is None:
                np.stage = Stage.CONTINUED
        elif phrase.sense == "cumulative":
            self._lead_relation, self._region = Relation.CUMULATIVE, len(self.drafts)
        elif phrase.sense == "several" and any(p.low == "first" for p in self._ps[max(0, at - 4) : at]):
            # "for the first time in its history"
            return
        elif phrase.sense == "several":
            self._counts_over_years(phrase)

    def _dates_the_last(self, at: int) -> bool:
        """ "prosecuted none, with the last prosecution in 2015": the year is of that one only."""
        before = [p for p in self._ps[max(0, at - 3) : at] if p.kind is Kind.NOUN]
        told = before[-1].noun if before else None
        return (
            told is not None
            and told.measure is not None
            and ((told.det is Det.ONE and told.ordinal) or (told.det is Det.DEFINITE and not told.plural))
            and all(d.source != before[-1].start for d in self.drafts)
        )

    def _dates_what_goes_on(self, at: int) -> bool:
        """ "continued to investigate 19 cases opened in 2018": when they began, not when they went on."""
        last = self.drafts[-1] if self.drafts else None
        if last is None or last.stage is not Stage.CONTINUED:
            return False
        return any(
            p.verb is not None and p.verb.verb is Verb.OPEN and p.start > last.source
            for p in self._ps[max(0, at - 3) : at]
        )

    def _tells_of_before(self, at: int) -> bool:
        """ "Than in 2012, when police opened 50 cases": what follows is the period before."""
        rest = [p for p in self._ps[at + 1 : at + 3] if p.kind is not Kind.COMMA]
        if not rest or rest[0].low != "when":
            return False
        self._lead_relation = Relation.PREVIOUS
        self._lead_year = next(iter(self._ps[at].years), None)
        self._region = len(self.drafts)
        return True

    def _date_respectively(self) -> None:
        """ "41 suspects in 2017 and 44 in 2016, and courts convicted 23 and 20, respectively"; "26, 41 and 38
        victims in 2017, 2016, and 2015, respectively": each of its own year."""
        end = next((p.start for p in self._ps if p.kind is Kind.RESPECTIVELY), None)
        if end is None:
            return
        years = [year for p in self._ps if p.kind is Kind.YEAR and p.start < end for year in p.years]
        row = [d for d in self.drafts if d.parent is None and d.source < end][-len(years) :] if years else []
        alike = len({(d.measure, d.unit, d.form) for d in row}) == 1 and len({d.source for d in row}) == len(
            row
        )
        if len(years) < 2 or len(row) != len(years) or len(set(years)) != len(years) or not alike:
            return
        if any(d.relation is not Relation.CURRENT for d in row):
            return
        order = sorted(years, reverse=True)
        for draft, year in zip(row, years, strict=True):
            draft.year = year
            rank = order.index(year)
            draft.relation = (Relation.CURRENT, Relation.PREVIOUS, Relation.EARLIER)[min(rank, 2)]

    def _reaches(self, draft: Draft, year: Phrase) -> bool:
        """A year inside a relative clause or another predicate does not date the number before it."""
        for before, phrase in pairwise(self._ps):
            if not draft.source < phrase.start < year.start:
                continue
            relative = phrase.kind is Kind.PRONOUN and phrase.low in ("who", "which", "that", "whom")
            if relative and before.kind is not Kind.PREPOSITION:
                return False
            if (
                phrase.kind is Kind.VERB
                and phrase.verb is not None
                and phrase.verb.verb is Verb.OTHER
                and not phrase.verb.has(Inflection.ING)
            ):
                return False
            if phrase.kind is Kind.CONTRAST and phrase.low not in ("but", "while", "although", "though"):
                return False
        return True

    def _dates_the_beginning(self, at: int) -> bool:
        """ "Nine prosecutions initiated in 2016 remained pending": they are counted now."""
        begun = self._ps[at - 2].verb if at > 1 and self._ps[at - 1].low == "in" else None
        if begun is None or begun.verb is not Verb.OPEN or begun.passive or self._ps[at - 3].noun is None:
            return False
        return any(
            (p.verb is not None and p.verb.verb is Verb.CONTINUE) or p.low in GOING_ON or p.low == "remained"
            for p in self._ps[at + 1 : at + 4]
        )

    def _begins_span(self, at: int) -> bool:
        """ "Between April 2012 and March 2013": no single year is named."""
        return any(p.low == "between" for p in self._ps[max(0, at - 3) : at])

    def _spans_months(self, at: int) -> bool:
        """ "From January to September 2013": most of a year, where "in March 2013" opens a story."""
        return any(p.low in ("from", "between", "through") for p in self._ps[max(0, at - 5) : at])

    def _since_an_event(self, at: int) -> bool:
        """ "no prosecutions since the law came into force in 2009"."""
        for k in range(at - 2, max(-1, at - 11), -1):
            phrase = self._ps[k]
            if phrase.low == "since" and phrase.kind is Kind.PREPOSITION:
                before = self._ps[k - 1] if k else None
                if before is None or before.low.endswith("time"):
                    # "for the first time since ..."
                    return False
                return before.noun is None or not before.noun.ordinal
            noun = phrase.noun
            if phrase.kind in (Kind.COMMA, Kind.CONTRAST) or (
                noun is not None and noun.counted and not noun.ordinal
            ):
                return False
        return False

    def _is_of_event(self, at: int) -> bool:
        """ "since its creation in 2003"; "as of November 2017"."""
        before = self._ps[at - 2] if at > 1 and self._low(at - 1) == "in" else None
        event = before is not None and before.kind is Kind.PERIOD and before.low.startswith("since ")
        lows = [self._low(k) for k in range(max(0, at - 3), at)]
        return event or any(pair == ("as", "of") for pair in pairwise(lows))

    def _dates_an_event(self, at: int) -> bool:
        """ "The unit, created in 2008, has ...": the year of something else that happened."""
        before = self._ps[at - 2] if at > 1 and self._ps[at - 1].low == "in" else None
        if before is None or not self._context.news:
            return False
        return before.kind is Kind.VERB and before.verb is not None and before.verb.verb is Verb.OTHER

    def _part_of_year(self, at: int) -> bool:
        """ "In the first half of 2013", "during the last eight months of 2017"."""
        noun = self._ps[at - 2].noun if at > 1 and self._ps[at - 1].low == "of" else None
        if at > 1 and self._ps[at - 1].low == "of" and self._ps[at - 2].low == "all":
            return True
        return noun is not None and noun.sense in ("half", "months", "quarter", "quarters", "weeks")

    def _predicate_between(self, draft: Draft, mark: Phrase) -> bool:
        """ "... its first conviction and approved a plan for 2021-2025": the span is the plan's."""
        return any(
            draft.source < p.start < mark.start
            and p.verb is not None
            and p.verb.measure is None
            and (p.verb.sense != "have" or following.noun is not None)
            and not (p.verb.passive and p.verb.sense in COUNTING)
            for p, following in pairwise(self._ps)
        )

    def _same(self, at: int) -> int:
        roots = self._current_roots()
        k = at + 1
        year = None
        stop = min(at + 6, len(self._ps))
        while k < stop:
            if self._ps[k].kind is Kind.YEAR:
                year = self._ps[k].years[0]
                k += 1
                break
            if self._ps[k].kind is Kind.PERIOD:
                k += 1
                break
            if self._ps[k].kind in (Kind.COMMA, Kind.NOUN, Kind.VERB):
                break
            k += 1
        if roots:
            last = roots[-1].source
            self._add([d.copy(relation=Relation.PREVIOUS, year=year) for d in roots if d.source == last])
            self._region = len(self.drafts)
        return k
