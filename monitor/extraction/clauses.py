"""Decides which verb owns which number: reads one clause's phrases into drafts of figures.

A clause is read left to right. A verb opens a frame (what is counted, affirmed or denied, new or
continued); noun phrases fill it, as its objects or, in the passive, as its subjects. Commas,
brackets and "of whom" hang parts on the number before them; "compared with" hands a stretch of
phrases to ``comparisons``.

The reader is built in layers, each knowing those below it: ``drafting`` makes drafts, ``periods``
and ``rows`` date them, ``attachments`` and ``parts`` hang things on them, ``regions`` compares them,
``continuations``, ``references``, ``measure_nouns``, ``verb_objects`` and ``objects`` fill the frames
that ``passives``, ``relatives`` and ``predicates`` open.
"""

from __future__ import annotations

from collections.abc import Callable

from monitor.domain.figure import LIMITING_FORMS, Form, Group, Relation, Stage
from monitor.extraction.changes import fold_changes
from monitor.extraction.comparisons import Comparison
from monitor.extraction.dealing import deal
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import (
    ACCUSED_MEASURES,
    EVERY,
    GOING_ON,
    Clause,
    ClauseRead,
    Context,
    Frame,
    Polarity,
)
from monitor.extraction.lexicon import Inflection, Verb
from monitor.extraction.phrases import Det, Kind, Phrase
from monitor.extraction.predicates import Predicates

# No clause of prose states so many.
_MOST_FIGURES = 60
# So many figures back, a number with "the" may speak of one that was counted before.
_REMEMBERED = 60


def read_clause(clause: Clause, context: Context) -> ClauseRead:
    """Read one clause and move ``context`` on."""
    reader = _Reader(clause, context)
    reader.run()
    return ClauseRead(reader.drafts, reader.vague, reader.taken)


class _Reader(Predicates):
    """The walk over a clause, one phrase at a time."""

    def run(self) -> None:
        if self._ps and self._ps[0].low == "since" and not self._since_this_year():
            self._lead_relation = Relation.CUMULATIVE
        if self._goes_on_over_years():
            self._lead_relation = Relation.CUMULATIVE
        fold_changes(self._ps)
        if self._context.news:
            self._name_such_cases()
        respective = Kind.RESPECTIVELY in {p.kind for p in self._ps}
        row = self._row_of_years() if respective else None
        at = len(self._ps) if self._dated_again() else self._opening()
        self._go_on_before()
        count = len(self._ps)
        while at < count and len(self.drafts) < _MOST_FIGURES:
            at = self._step(at)
        self._read_insertion()
        if row is not None:
            self._spread_years(row)
        if respective:
            self._date_respectively()
        if self._context.news:
            self._told_by_their_counters()
        self._settle_groups()
        if self.drafts and self._leaves_remainder():
            # "convicted eight under the trafficking law, with the remainder under others": a part by statute
            self.drafts = [d for d in self.drafts if d.form is not Form.ALL or not d.value]
        for comparison in self._deferred:
            self._add(deal(comparison, self._current_roots(), self._current_parts(), self._span))
        self._deny_of_before()
        roots = self._current_roots()
        if roots:
            self._context.roots, self._context.age = roots, 0
        other = any(d.printed_form and d.form is not self._context.topic_form for d in self.drafts)
        if other or not self.drafts:
            self._context.topic_form = None
        if self.drafts:
            goes_on = self._context.news and self._lead_relation is Relation.CUMULATIVE
            self._context.over_years = 2 if goes_on else 0
            self._context.known = [*self._context.known, *self.drafts][-_REMEMBERED:]
        self._context.agent = self._agent

    def _go_on_before(self) -> None:
        """ "In the previous year, police opened 12 cases; courts convicted two": both of that year."""
        if self._clause.first:
            opening = self._ps[:3]
            self._context.of_before = any(
                p.kind is Kind.PERIOD and p.sense == "previous" for p in opening
            ) and any(p.kind is Kind.COMMA for p in opening)
        elif self._context.of_before and not any(p.kind in (Kind.PERIOD, Kind.YEAR) for p in self._ps):
            self._lead_relation = self._lead_relation or Relation.PREVIOUS

    def _settle_groups(self) -> None:
        """Two cases of child sex trafficking are of children only beside cases of others."""
        parts = [d for d in self.drafts if d.parent is not None and d.measure in ACCUSED_MEASURES]
        for part in parts:
            beside = (d for d in parts if d.parent is part.parent and d.form is part.form and d is not part)
            if part.source in self._of_children and all(d.group is part.group for d in beside):
                part.group = Group.ALL

    def _leaves_remainder(self) -> bool:
        return any(p.low == "remainder" for p in self._ps[-12:]) and any(
            p.low == "with" for p in self._ps[-13:]
        )

    def _step(self, at: int) -> int:
        """Read the phrase at ``at`` and return where reading goes on."""
        step = _STEPS.get(self._ps[at].kind)
        if step is None:
            return at + 1
        return step(self, at) or at + 1

    def _plain(self, at: int) -> None:
        phrase = self._ps[at]
        if self._context.news and phrase.low.endswith("-year") and self._names_years(at):
            self._counts_over_years()
        elif phrase.low == "unless":
            self.drafts = [d for d in self.drafts if d.value != 0]
        elif phrase.low in ("other", "second", "third") and at and self._ps[at - 1].low == "the":
            self._the_other(at)
        elif phrase.low in GOING_ON:
            pends = phrase.low in ("pending", "ongoing") and self._pends(at)
            if not pends and at and self._ps[at - 1].kind is Kind.BE:
                self._restage(Stage.CONTINUED, at)

    def _preposition(self, at: int) -> int | None:
        low = self._ps[at].low
        if low == "after" and self.drafts and (after := self._next(at)) is not None:
            none = after.noun
            if none is not None and none.det is Det.NO and none.bare:
                # "reported four convictions after none in the previous year"
                return self._compare(at)
        return self._inserted_whole(at) if low == "of" else None

    def _similar(self, at: int) -> int:
        return self._region_end(at + 1)

    def _subset_or_insertion(self, at: int) -> int | None:
        inserted = self._insertion(at)
        if inserted is None:
            self._subset(at)
        return inserted

    def _comma(self, _at: int) -> None:
        if not self.drafts:
            self._crime_opening = False

    def _tells_story(self, _at: int) -> None:
        self._story = True

    def _blocks(self, _at: int) -> None:
        self._blocked_until_verb = True

    def _unclear(self, at: int) -> None:
        self._untold_topic()
        after = [p.low for p in self._ps[at + 1 : at + 3]]
        if after and after[0] in ("if", "whether") and after[1:] in (["this"], ["these"], ["it"], ["they"]):
            # "unclear if this led to any prosecutions": of one deed, not of the period
            self._frame = Frame(Verb.OTHER, "unclear", [], Polarity.BLOCKED, frozenset(), at=at)
            return
        self._frame = Frame(Verb.TELL, "unclear", [], Polarity.UNTOLD, frozenset(), at=at)

    def _without(self, at: int) -> None:
        self._frame = Frame(Verb.SUPPORT, "without", [], Polarity.ZERO, frozenset({Inflection.ING}), at=at)

    def _form(self, at: int) -> None:
        self._crime_topic = self._crime_opening = False
        before, after = self._previous(at), self._next(at)
        told = before is not None and before.verb is not None and before.verb.verb is Verb.TELL
        then = self._ps[at + 2].verb if at + 2 < len(self._ps) else None
        apart = after is not None and after.kind is Kind.CONJUNCTION and then is not None
        if told and apart and then is not None and then.verb is Verb.TELL:
            # "recorded bonded labor separately and reported 54 investigations"
            self._lead_form = self._ps[at].form
        self._late_form(at, self._ps[at].form, self._ps[at].group)

    def _crime(self, at: int) -> None:
        self._late_crime(at)
        if not self.drafts and self._governor(at) is not None:
            self._crime_opening = True

    def _contrast(self, at: int) -> None:
        self._part_of = None
        year = self._ps[at + 2] if at + 2 < len(self._ps) and self._ps[at + 1].low == "in" else None
        if self._ps[at].low in ("whereas", "while") and year is not None and year.years and self.drafts:
            # "..., whereas in 2016 they had convicted nine"
            self._region, self._lead_year = len(self.drafts), year.years[0]
            if all(d.year is None or d.year > year.years[0] for d in self.drafts):
                self._lead_relation = Relation.PREVIOUS
        self._story = self._quoting = False
        if self._frame is not None and self._frame.polarity is not Polarity.ASSERTED:
            self._frame = None

    def _set_agent(self, at: int) -> None:  # noqa: PLR0911 - one exit per way of naming who acts
        phrase = self._ps[at]
        previous = self._governing(at) or self._previous(at)
        if previous is not None and previous.kind is Kind.PREPOSITION:
            if (
                previous.low == "by"
                and phrase.sense == "other"
                and self._frame is not None
                and self._frame.passive
            ):
                self._count_by_others()
            return
        if (
            previous is not None
            and previous.kind is Kind.CONJUNCTION
            and self._agent in ("government", "agency", "police")
        ):
            before = self._ps[at - 2] if at > 1 else None
            if before is not None and before.kind in (Kind.AGENT, Kind.OTHER, Kind.NOUN):
                return
        if phrase.low in ("it",):
            return
        if previous is not None and previous.kind is Kind.VERB and phrase.sense == "other":
            return
        if (
            previous is not None
            and previous.kind is Kind.OTHER
            and at > 1
            and (self._ps[at - 2].kind is Kind.VERB or self._ps[at - 2].low in ("told", "tell", "informed"))
            and previous.low in ("the", "an", "a")
        ):
            return
        following = self._next(at)
        if following is not None and following.kind is Kind.AGENT:
            return
        if self._quoting or self._told_by_others(at):
            self._quoting = True
            return
        self._agent = phrase.sense
        if phrase.low in ("court", "judge", "tribunal", "attorney", "prosecutor") and not self.drafts:
            self._story = self._story or any(
                p.low in ("a", "an", "one") for p in self._ps[max(0, at - 3) : at]
            )

    def _form_of_all(self, inner: list[Phrase], anchor: list[Draft]) -> None:
        """ "convicted 20 traffickers (all for sex trafficking)"."""
        if not any(p.low in EVERY for p in inner[:2]):
            return
        named = next(
            (p.form or (p.noun.form if p.noun is not None else None) for p in inner if p.form or p.noun), None
        )
        for draft in anchor:
            if named in LIMITING_FORMS and not draft.printed_form:
                draft.form = named

    def _bracket(self, at: int) -> int:
        if self._counts_in_bracket(at):
            return at + 3
        if self._of_unspecified(at):
            return self._closing(at) + 1
        end = self._closing(at)
        closed = end < len(self._ps) and self._ps[end].kind is Kind.CLOSE
        inner = self._ps[at + 1 : end]
        head = self.drafts[-1] if self.drafts else None
        if (
            head is not None
            and head.parent is not None
            and any(p.kind is Kind.CLOSE for p in self._ps[:at] if p.start > head.source)
        ):
            head = head.parent
        anchor = [
            d
            for d in self.drafts
            if head is not None and d.source == head.source and d.relation is Relation.CURRENT
        ]
        if head is not None and self._companions(head):
            anchor = self._companions(head)
        self._form_of_all(inner, anchor)
        told = (
            head is not None and head.relation is Relation.PREVIOUS and self._ps[at - 1].start == head.source
        )
        if not anchor and told and head is not None:
            anchor = [head]
        dated = any(
            p.kind is Kind.YEAR
            or (
                p.kind is Kind.PERIOD
                and p.sense in ("previous", "earlier")
                and inner[index - 1].low != "from"
            )
            for index, p in enumerate(inner)
        )
        if (
            any(p.kind is Kind.NOUN and p.noun is not None and p.noun.value is not None for p in inner)
            and anchor
        ):
            if dated and closed:
                comparison = Comparison.of(inner, at + 1)
                units = [item.printed_unit for item in comparison.items]
                several = len(set(units)) > 1 and None not in units and not comparison.measured
                if several or (comparison.respectively and len(comparison.items) > 1):
                    # "... (in 2016, 100 cases and 58 suspects)": of all that was counted
                    anchor = self._current_roots()
                new = deal(comparison, anchor, self._current_parts(), self._span)
                self.taken.update(comparison.taken)
                keep = self._region
                self._add(new)
                self._region = keep
            elif head is not None:
                grouped = head.group is not Group.ALL and self._ps[at - 1].noun is not None
                saved, self._part_of = self._part_of, head if grouped else (head.parent or head)
                saved_frame = self._frame
                for k in range(at + 1, end):
                    if self._ps[k].kind is Kind.NOUN:
                        self._noun(k)
                self._part_of, self._frame = saved, saved_frame
        return end + 1


# What each kind of phrase does; the others only stand between. A step may say where reading goes on.
_STEPS: dict[Kind, Callable[[_Reader, int], int | None]] = {
    Kind.OTHER: _Reader._plain,
    Kind.PREPOSITION: _Reader._preposition,
    Kind.VERB: _Reader._verb,
    Kind.NOUN: _Reader._noun,
    Kind.COMPARE: _Reader._compare,
    Kind.SIMILAR: _Reader._similar,
    Kind.SAME: _Reader._same,
    Kind.OPEN: _Reader._bracket,
    Kind.DASH: _Reader._dash,
    Kind.COLON: _Reader._dash,
    Kind.YEAR: _Reader._year,
    Kind.PERIOD: _Reader._period,
    Kind.SUBSET: _Reader._subset_or_insertion,
    Kind.COMMA: _Reader._comma,
    Kind.AGENT: _Reader._set_agent,
    Kind.STORY: _Reader._tells_story,
    Kind.BLOCKER: _Reader._blocks,
    Kind.CONTRAST: _Reader._contrast,
    Kind.UNCLEAR: _Reader._unclear,
    Kind.WITHOUT: _Reader._without,
    Kind.FORM: _Reader._form,
    Kind.CRIME: _Reader._crime,
}
