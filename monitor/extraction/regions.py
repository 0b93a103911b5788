"""Decides how far a comparison reaches and what it compares with."""

# ruff: noqa: PLR0911, PLR0912 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Group, Relation
from monitor.extraction.comparisons import Comparison
from monitor.extraction.dealing import deal, wholes
from monitor.extraction.drafts import Draft
from monitor.extraction.lexicon import Inflection, Noun
from monitor.extraction.openings import Openings
from monitor.extraction.phrases import Det, Kind, NounPhrase, Phrase

# These compare in either direction; "down from" says which came first.
_EVEN = ("compared with", "compared to", "as compared with", "as compared to", "against", "versus")


class Regions(Openings):
    """The stretch of phrases after "compared with"."""

    def _compare(self, at: int) -> int:
        if self._is_plain_against(at):
            self._ps[at].kind = Kind.PREPOSITION
            return at + 1
        if self._doubtful or (self._abroad and not self.drafts):
            return self._region_end(at + 1)
        end = self._region_end(at + 1)
        region = self._ps[at + 1 : end]
        counted = any(
            p.noun is not None and (p.noun.value is not None or p.noun.det is Det.UNKNOWN) for p in region
        )
        if not counted:
            if self._ps[at].low in ("against",):
                return at + 1
            if self._denies(region):
                return self._read_denied(at + 1, end)
            for index, phrase in enumerate(region):
                if phrase.kind in (Kind.YEAR, Kind.PERIOD):
                    self._tells_of_before(at + 1 + index)
                    return at + 2 + index
                if phrase.kind not in (Kind.PREPOSITION, Kind.OTHER, Kind.NOUN):
                    break
            return at + 1
        if not self._near_number(region):
            return at + 1
        if self._of_sums(region):
            return end
        comparison = Comparison.of(region, at + 1)
        if self._last_number is not None and self._last_number not in self.taken:
            comparison.drop_unmeasured()
        measures = {measure for item in comparison.items for measure in item.measures}
        roots = {draft.measure for draft in self._current_roots()}
        if measures and measures <= self._other_crimes - roots:
            # "prosecuted 90 owners under labor laws, compared with the prosecution of 120 owners"
            return end
        anchors = self._anchors(at, comparison)
        self.taken.update(comparison.taken)
        if not anchors and (at <= 2 or not comparison.measured):
            self._deferred.append(comparison)
            return end
        if len(comparison.items) == 1:
            anchors = self._since_contrast(anchors, at)
            later = [draft for draft in self.drafts[self._region :] if draft in anchors]
            split = len(wholes(anchors)) < len(anchors)
            if self._region and later and not (comparison.measured or split):
                anchors = later
        dealt = deal(comparison, anchors, self._current_parts(), self._span)
        for draft in dealt:
            if draft.relation is Relation.CURRENT and draft.year is None:
                draft.year = self._lead_year
        if self._context.news and self._ps[at].low in _EVEN and self._is_later(region, anchors):
            for draft in dealt:
                draft.relation = Relation.CURRENT
            for draft in anchors:
                draft.relation = Relation.PREVIOUS
        self._add(dealt)
        self._region = len(self.drafts)
        self._part_of = None
        return end

    def _anchors(self, at: int, comparison: Comparison) -> list[Draft]:
        """The figures that the comparison's numbers may be compared with."""
        roots = self._roots_of_topic()
        if roots:
            return roots
        topic, parts = self._subject_topic(), self._current_parts()
        if topic is not None:
            return [topic]
        if parts and parts[-1].parent is not None:
            # "48 were children, an increase from 35"; "six were sex trafficking victims, compared
            # with four sex trafficking victims": what prints no noun is compared with the part.
            grouped = parts[-1].group is not Group.ALL
            own = all(
                item.np.form is not None or (grouped and item.np.noun is not None)
                for item in comparison.items
            )
            return [parts[-1].parent if own else parts[-1]]
        return self._context.roots if self._anaphoric(at) and self._context.age <= 1 else []

    def _roots_of_topic(self) -> list[Draft]:
        """The figures to compare with, unless a number of something else was announced since.

        "... 22 last year, while the number of investigations increased from 87".
        """
        roots = self._current_roots()
        announced = self._ps[self._subjects[-1]] if self._subjects and self._context.news else None
        if announced is None or announced.noun is None:
            return roots
        deeds = announced.noun.measure is not None and not announced.noun.counted
        if not (announced.noun.data or deeds):
            return roots
        parted = any(p.kind is Kind.CONTRAST and p.start < announced.start for p in self._ps)
        return [root for root in roots if not parted or root.source > announced.start]

    def _is_later(self, region: list[Phrase], anchors: list[Draft]) -> bool:
        """ "23 in 2008, compared to 256 last year": what is compared with came after."""
        last = self.drafts[-1] if self.drafts and self.drafts[-1].relation is Relation.PREVIOUS else None
        told = [
            draft.year or self._lead_year or (last.year if last is not None and draft.value is None else None)
            for draft in anchors
            if draft.relation is Relation.CURRENT
        ]
        known = [year for year in told if year is not None]
        if not told or len(known) < len(told):
            return False
        periods = {p.low for p in region if p.kind is Kind.PERIOD}
        if periods & {"last year", "this year"} and "the same period" not in periods:
            return True
        years = [year for p in region if p.kind is Kind.YEAR for year in p.years]
        return bool(years) and min(years) > max(known)

    def _dated_again(self) -> bool:
        """ "...; and for 2016: 22, 10, and six, respectively", "...; 102 in 2016"."""
        if self._clause.first or self._context.age > 0 or not self._context.roots:
            return False
        start = 1 if self._ps and self._ps[0].kind is Kind.CONJUNCTION else 0
        rest = [p for p in self._ps[start:] if p.low not in (".", ",", ":")]
        if len(rest) < 3 or not any(p.kind is Kind.YEAR and len(p.years) == 1 for p in rest):
            return False
        kinds = (Kind.YEAR, Kind.PREPOSITION, Kind.CONJUNCTION, Kind.RESPECTIVELY)
        numbers = [p.noun for p in rest if p.noun is not None]
        if any(p.noun is None and p.kind not in kinds for p in rest) or not numbers:
            return False
        if any(not np.bare or np.form is not None or np.det not in (Det.NUMBER, Det.NO) for np in numbers):
            return False
        comparison = Comparison.of(self._ps[start:], start)
        self.taken.update(comparison.taken)
        self._add(deal(comparison, self._context.roots, [], self._span))
        return bool(self.drafts)

    def _is_plain_against(self, at: int) -> bool:
        """ "filed against 45 defendants": what charges stand against, no comparison."""
        before = self._previous(at)
        return (
            self._ps[at].low == "against"
            and before is not None
            and before.kind not in (Kind.COMMA, Kind.DASH)
        )

    def _denies(self, region: list[Phrase]) -> bool:
        """ "Compared with not convicting anyone", "with failing to open any investigations"."""
        first = next((p for p in region if p.kind is Kind.VERB), None)
        return first is not None and first.verb is not None and first.verb.negated

    def _read_denied(self, at: int, end: int) -> int:
        """What was denied or untold of the period before is read as its own predicate."""
        before, self._lead_relation = self._lead_relation, Relation.PREVIOUS
        self._region = len(self.drafts)
        while at < end:
            at = self._step(at)
        self._lead_relation = before
        self._region = len(self.drafts)
        return at

    def _since_contrast(self, roots: list[Draft], at: int) -> list[Draft]:
        """ "Convicted none but identified 24 victims, as opposed to none": compared with the victims."""
        contrast = max((p.start for p in self._ps[:at] if p.kind is Kind.CONTRAST), default=0)
        return [root for root in roots if root.source > contrast] or roots

    def _near_number(self, region: list[Phrase]) -> bool:
        """Whether a number follows the comparing words, and no other object ("against their traffickers")."""
        for phrase in region[:6]:
            if phrase.kind is Kind.NOUN and phrase.noun is not None:
                np = phrase.noun
                return np.value is not None or np.data or np.noun is Noun.OTHER or np.det is Det.UNKNOWN
            if phrase.kind is Kind.VERB and phrase.verb is not None and phrase.verb.measure is None:
                return phrase.verb.has(Inflection.ING)
        return True

    def _of_sums(self, region: list[Phrase]) -> bool:
        """ "compared with one million dollars for 20 victims": money is compared, not victims."""
        first = next((p.noun for p in region if p.noun is not None and p.noun.value is not None), None)
        return first is not None and first.noun is Noun.OTHER and (first.value or 0) >= 1000

    def _anaphoric(self, at: int) -> bool:
        """Whether the clause opens with "This", "These efforts ..." and so compares what came before."""
        first = self._ps[0]
        return (
            first.low.startswith(
                (
                    "this",
                    "these",
                    "both",
                    "that",
                    "it",
                    "compared",
                    "the year",
                    "an increase",
                    "a decrease",
                    "down",
                    "up",
                )
            )
            or at <= 2
        )

    def _region_end(self, at: int) -> int:
        k = at
        depth = 0
        numbered = False
        while k < len(self._ps):
            phrase = self._ps[k]
            if phrase.kind is Kind.OPEN:
                depth += 1
            elif phrase.kind is Kind.CLOSE:
                if depth == 0:
                    return k
                depth -= 1
            elif depth == 0:
                if phrase.kind is Kind.COMPARE and self._is_plain_against(k):
                    phrase.kind = Kind.PREPOSITION
                if phrase.kind in (Kind.CONTRAST, Kind.COMPARE):
                    return k
                if phrase.kind in (Kind.COLON, Kind.DASH) and any(
                    p.kind in (Kind.YEAR, Kind.PERIOD) for p in self._ps[at:k]
                ):
                    return k
                if (
                    not numbered
                    and phrase.kind is Kind.NOUN
                    and phrase.noun is not None
                    and phrase.noun.value is not None
                ):
                    numbered = True
                if (
                    phrase.kind in (Kind.COMMA, Kind.CONJUNCTION)
                    and (numbered or phrase.kind is Kind.COMMA)
                    and self._leaves(k, at)
                ):
                    return k
            k += 1
        return k

    def _leaves(self, k: int, start: int) -> bool:
        """Whether a new predicate begins after the comma or conjunction at ``k``."""
        j = k + 1
        while j < len(self._ps) and self._ps[j].kind in (Kind.COMMA, Kind.CONJUNCTION):
            j += 1
        if j >= len(self._ps):
            return True
        phrase = self._ps[j]
        if phrase.kind is Kind.SUBSET and self._ps[k].kind is Kind.COMMA:
            return any(p.kind in (Kind.YEAR, Kind.PERIOD) for p in self._ps[start:k])
        if phrase.kind is Kind.VERB and phrase.verb is not None:
            joined = self._ps[k].kind is Kind.CONJUNCTION and self._ps[k - 1].verb is not None
            if joined and phrase.verb.measure is not None and phrase.verb.has(Inflection.PARTICIPLE):
                # "four cases investigated and prosecuted in 2013"
                return False
            if phrase.verb.measure is not None and phrase.verb.has(Inflection.ING):
                return any(p.kind in (Kind.YEAR, Kind.PERIOD) for p in self._ps[start:k])
            return not phrase.verb.has(Inflection.ING) or self._ps[k].kind is Kind.COMMA
        if phrase.kind is Kind.NOUN and phrase.noun is not None:
            if phrase.noun.value is None or phrase.noun.noun is Noun.OTHER:
                return True
            return (
                self._has_predicate(j)
                or self._new_measure(phrase.noun, start, k)
                or self._compared_itself(j, start, k)
                or self._is_of_current_year(j, start, k)
            )
        return phrase.kind not in (
            Kind.YEAR,
            Kind.PERIOD,
            Kind.PREPOSITION,
            Kind.RESPECTIVELY,
            Kind.SUBSET,
            Kind.OPEN,
            Kind.FORM,
            Kind.SAME,
        )

    def _has_predicate(self, at: int) -> bool:
        """ "up from 27 in 2016, and five persons were tried": a number with a verb of its own."""
        be, verb = self._next(at), self._next(at + 1)
        np = self._ps[at].noun
        deed = verb.verb if verb is not None else None
        passive = be is not None and be.kind is Kind.BE and deed is not None and deed.measure is not None
        return passive and np is not None and not np.bare

    def _is_of_current_year(self, at: int, start: int, k: int) -> bool:
        """ "40 in 2013 - up from 30 in 2012, 25 convicted in 2013": what is dated like what is compared."""
        dated = max((d.year for d in self._current_roots() if d.year), default=None)
        before = [year for p in self._ps[start:k] for year in p.years]
        if dated is None or not before or max(before) >= dated:
            return False
        for phrase in self._ps[at + 1 : at + 7]:
            if phrase.kind in (Kind.COMMA, Kind.DASH, Kind.COMPARE, Kind.CONJUNCTION):
                break
            if phrase.kind is Kind.YEAR and phrase.years:
                return max(phrase.years) >= dated
        return False

    def _compared_itself(self, at: int, start: int, k: int) -> bool:
        """ "compared with 11 in 2016, and three with labor trafficking, compared with none"."""
        dated = any(p.kind in (Kind.YEAR, Kind.PERIOD) for p in self._ps[start:k])
        np, comma, then = self._ps[at].noun, self._next(at), self._next(at + 1)
        form = np.form if np is not None else None
        other = form in LIMITING_FORMS and all(d.form is not form for d in self._current_roots())
        return (
            dated
            and other
            and comma is not None
            and comma.kind is Kind.COMMA
            and then is not None
            and then.kind is Kind.COMPARE
        )

    def _new_measure(self, np: NounPhrase, start: int, k: int) -> bool:
        """Whether, after a dated comparison, a number counts what nothing before it did."""
        if np.measure is None or not any(p.kind in (Kind.YEAR, Kind.PERIOD) for p in self._ps[start:k]):
            return False
        return all(d.measure is not np.measure for d in self._current_roots())
