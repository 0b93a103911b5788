"""Decides which stretches of time cover several periods, so that what is counted in them is their total."""

from __future__ import annotations

import re
from itertools import pairwise

from monitor.domain.figure import Relation
from monitor.extraction.drafting import Drafting
from monitor.extraction.drafts import Draft
from monitor.extraction.lexicon import Inflection, Noun
from monitor.extraction.phrases import Det, Kind, NounPhrase, Phrase

# A report's own period, from April to March, is one.
_MONTHS_OF_A_PERIOD = 15
_YEARS_LONG = re.compile(r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)-year")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_OVER = ("over the", "in the past", "in the last")
_WITHIN = frozenset({"in", "over", "within", "during", "across", "for"})
# "The highest number in 14 years" counts one of them.
OF_ALL = frozenset({"highest", "lowest", "largest", "most", "fewest", "record", "peak", "high", "low"})
# "In two years" may be a time to come, where "in five years" looks back.
_LOOKS_BACK = 3
_TERM = frozenset({"in", "of", "behind", "ago", "later", "imprisonment", "old"})
_UNTIL_TODAY = frozenset({"date", "present", "now", "today"})
_DATING = (Kind.OTHER, Kind.CONJUNCTION, Kind.PREPOSITION, Kind.COMMA)


class Spans(Drafting):
    """ "In four years", "between 2015 and 2019", "from 2016 to date"."""

    def _spans_years(self, at: int, np: NounPhrase) -> bool:
        """ "Over the past five years", "in four years", but no term, no time ago and no record of them."""
        if np.sense not in ("years", "decades") or np.det is not Det.NUMBER:
            return False
        governor, after = self._previous(at), self._next(at)
        low = governor.low if governor is not None else ""
        if low.startswith(_OVER):
            return True
        if low not in _WITHIN or np.modified or not self._context.news:
            return False
        if (after is not None and after.low in _TERM) or (np.value or 0) < _LOOKS_BACK:
            return False
        if low == "for" and (self.drafts or at > _NEAR_HEAD):
            return False
        since = [p for p in self._ps[:at] if not self.drafts or p.start >= self.drafts[-1].source]
        return not any(p.low in OF_ALL or (p.noun is not None and p.noun.ordinal) for p in since)

    def _spans_dates(self, at: int) -> bool:
        """ "Between January 1, 2015 and December 31, 2018": whether a year begins a span of two.

        What is counted from April to March belongs to one period, of which neither year is the year.
        """
        begin = self._ps[at]
        if self._opener(at) not in ("between", "from"):
            return False
        for k in range(at + 1, min(at + 7, len(self._ps))):
            end = self._ps[k]
            if end.kind is Kind.YEAR and end.years:
                months = 12 * (end.years[0] - begin.years[0]) + self._month(k, 12) - self._month(at, 1) + 1
                if months > _MONTHS_OF_A_PERIOD:
                    self._counts_over_years()
                end.kind = Kind.OTHER
                return True
            if end.kind not in _DATING and not _is_day(end):
                return False
        return False

    def _goes_on_until_today(self, at: int) -> bool:
        """ "From 2016 to date", "from 2019 onwards"."""
        rest = [p.low for p in self._ps[at + 1 : at + 4] if p.low != "the"]
        to_date = any(a in ("to", "till", "until") and b in _UNTIL_TODAY for a, b in pairwise(rest))
        return self._opener(at) == "from" and (to_date or rest[:1] in (["onward"], ["onwards"]))

    def _since_this_year(self) -> bool:
        """ "Since January, police have ...", "since the beginning of the year": within one period."""
        begin = self._ps[1:6]
        opens = any(p.low in ("beginning", "start") for p in begin[:3])
        opens = opens or (bool(begin) and begin[0].low in _MONTHS)
        return opens and not any(p.kind is Kind.YEAR for p in begin)

    def _names_years(self, at: int) -> bool:
        """ "Over a three-year period"."""
        governed = any(p.low in _WITHIN for p in self._ps[max(0, at - 2) : at])
        return governed and _YEARS_LONG.fullmatch(self._ps[at].low) is not None

    def _opener(self, at: int) -> str:
        """The word that begins the span whose first year stands at ``at``, over a month and a day."""
        for phrase in reversed(self._ps[max(0, at - 4) : at]):
            if phrase.kind is Kind.PREPOSITION:
                return phrase.low
            if phrase.kind not in (Kind.OTHER, Kind.COMMA) and not _is_day(phrase):
                break
        return ""

    def _month(self, at: int, default: int) -> int:
        for phrase in self._ps[max(0, at - 3) : at]:
            if phrase.low in _MONTHS:
                return _MONTHS.index(phrase.low) + 1
        return default

    def _counts_over_years(self, mark: Phrase | None = None) -> None:
        """Take what was counted since the last comparison, or else what follows, for a total of them.

        A ``mark`` of time belongs to no number that another verb parts from it.
        """
        if not self.drafts:
            self._lead_relation = Relation.CUMULATIVE
        for draft in self.drafts[self._region :]:
            if mark is None or not self._verb_between(draft, mark) or self._shares_time(draft, mark):
                draft.relation = Relation.CUMULATIVE

    def _verb_between(self, draft: Draft, mark: Phrase) -> bool:
        own = self._ps[self._frame.at].start if self._frame is not None and self._frame.passive else -1
        return any(
            draft.source < p.start < mark.start
            and p.start != own
            and (
                p.kind is Kind.CONTRAST
                or (
                    p.verb is not None
                    and not p.verb.passive
                    and not (p.verb.measure and p.verb.has(Inflection.ING))
                )
            )
            for p in self._ps
        )

    def _shares_time(self, draft: Draft, mark: Phrase) -> bool:
        """ "secured 516 convictions and rescued 18,000 victims since its creation": one subject, one time."""
        if not self._context.news or draft.year is not None or draft.when:
            return False
        between = [k for k, p in enumerate(self._ps) if draft.source < p.start < mark.start]
        verbs = [k for k in between if self._ps[k].verb is not None or self._ps[k].kind is Kind.CONTRAST]
        joints = (Kind.CONJUNCTION, Kind.COMMA)
        return all(
            (verb := self._ps[k].verb) is not None
            and verb.measure is not None
            and self._ps[k - 1].kind in joints
            for k in verbs
        )

    def _goes_on_over_years(self) -> bool:
        """Whether a sentence of an article without any time keeps to the years of the one before."""
        return self._context.over_years > 0 and not any(map(_is_of_time, self._ps))

    def _is_rate(self, at: int, np: NounPhrase) -> bool:
        """ "15 victims per million", "two convictions a month", "an average of 30 cases": no count."""
        if np.det is not Det.NUMBER or (after := self._next(at)) is None:
            return False
        then = self._next(at + 1)
        if any(p.low in ("average", "averaging", "averaged") for p in self._ps[max(0, at - 2) : at]):
            return True
        if after.low in ("per", "annually", "monthly", "yearly"):
            return True
        if after.low == "in" and np.bare and then is not None and then.noun is not None:
            # "one in five suspects"
            rate = np.value == 1 and then.noun.det is Det.NUMBER and then.noun.noun is not Noun.OTHER
            self.taken.update({at + 2} if rate else ())
            return rate
        each = after.noun is not None and after.noun.noun is Noun.OTHER and after.noun.sense in _UNITS_OF_TIME
        return each and after.low in ("a", "an", "each", "every") and (then is None or then.low != "since")


# "Peru: In four years, ...": so far into a clause its opening words go.
_NEAR_HEAD = 4
_UNITS_OF_TIME = frozenset({"year", "month", "week", "day"})


def _is_of_time(phrase: Phrase) -> bool:
    """ "In 2019", "last year", "in the first six months alone"."""
    months = phrase.noun is not None and phrase.noun.sense in ("month", "months", "quarter", "half")
    return months or phrase.kind in (Kind.YEAR, Kind.PERIOD)


def _is_day(phrase: Phrase) -> bool:
    return phrase.noun is not None and phrase.noun.bare and phrase.noun.det is Det.NUMBER
