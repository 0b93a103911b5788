"""Decides what a phrase that comes late adds to the number before it: a form, a crime, a stage."""

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Form, Group, Measure, Relation, Stage
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import ACCUSED_MEASURES, EVERY
from monitor.extraction.lexicon import Noun
from monitor.extraction.phrases import Det, Kind, NounPhrase, Phrase
from monitor.extraction.rows import Rows

# What can begin or go on.
_STAGED = (Measure.INVESTIGATIONS, Measure.PROSECUTIONS)
_EXPLOITED = frozenset({"exploited in", "exploited for", "subjected to", "forced into"})
_FORM_TIES = frozenset({"for", "of", "involving", "involved", "on", "in", "with", "to", "from", "under"})


class Attachments(Rows):
    """Late phrases: "under article 4 for sex trafficking", "for pimping", "remained pending"."""

    def _late_form(self, at: int, form: Form | None, group: Group | None) -> None:
        """ "convicted 12 defendants under article 4 for sex trafficking": the form that comes later."""
        previous = self._governor(at)
        if any(p.low in ("nearly", "almost", "virtually", "mostly") for p in self._ps[max(0, at - 4) : at]):
            # "convicted six, nearly all for sex trafficking"
            return
        if previous is None or (form not in LIMITING_FORMS and group is None):
            return
        if not self.drafts:
            self._set_topic(at, form, previous)
        elif self._ties(at, previous) and self._near(at) and not self._either_form(at, form):
            self._tie_form(at, form, group)

    def _ties(self, at: int, preposition: Phrase) -> bool:
        """ "... for sex trafficking"; "all of whom were exploited in sex trafficking"."""
        of_all = any(p.low in EVERY for p in self._ps[max(0, at - 4) : at])
        return preposition.low in _FORM_TIES or (of_all and preposition.low in _EXPLOITED)

    def _set_topic(self, at: int, form: Form | None, preposition: Phrase) -> None:
        if preposition.low == "under" or self._is_topic(at, preposition):
            self._lead_form = form
            self._context.topic_form = form if preposition.low != "under" else None

    def _either_form(self, at: int, form: Form | None) -> bool:
        """ "for forced prostitution, forced labor, and forced begging": for either form, so for none."""
        joint, other = self._next(at), self._next(at + 1)
        if joint is None or other is None or joint.kind not in (Kind.COMMA, Kind.CONJUNCTION):
            return False
        return other.form in LIMITING_FORMS and other.form is not form

    def _near(self, at: int) -> bool:
        return sum(1 for p in self._ps[:at] if p.start > self.drafts[-1].source) <= 9

    def _tie_form(self, at: int, form: Form | None, group: Group | None) -> None:
        last = self._last_current() or self.drafts[-1]
        if last.relation is not Relation.CURRENT or last.parent is not None or last.form is not Form.ALL:
            return
        if any(p.kind is Kind.CONTRAST and last.source < p.start for p in self._ps[:at]):
            return
        if any(p.kind is Kind.COMPLICITY for p in self._ps[max(0, at - 2) : at]):
            return
        for phrase in reversed(self._ps[max(0, at - 5) : at - 1]):
            if phrase.start <= last.source:
                break
            if phrase.low in EVERY:
                break
            if phrase.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.CONTRAST):
                return
        of_all = any(p.low in EVERY for p in self._ps[max(0, at - 4) : at])
        for index, draft in enumerate(self.drafts):
            if index < self._region and draft.source != last.source:
                continue
            if of_all and draft.parent is None and not draft.printed_form and form in LIMITING_FORMS:
                draft.form = form
            beside = draft.source == last.source or (
                draft.measure is last.measure and draft.unit is not last.unit
            )
            if draft.basis == last.source and not draft.printed_form and form in LIMITING_FORMS:
                draft.form = form
            if beside and draft.relation is Relation.CURRENT:
                draft.form = form if form in LIMITING_FORMS else draft.form
                draft.group = group or draft.group

    def _is_topic(self, at: int, preposition: Phrase) -> bool:
        """ "For labor trafficking, police identified ...": what the whole clause is about."""
        after = self._next(at)
        return (
            preposition.low in ("for", "regarding", "concerning", "on")
            and preposition.start == self._ps[0].start
            and after is not None
            and after.kind is Kind.COMMA
        ) or (preposition.low == "on" and any(p.kind is Kind.BLOCKER for p in self._ps[:at]))

    def _in_relative(self, at: int) -> bool:
        """ "employers who violated labor laws"."""
        return any(
            p.kind is Kind.PRONOUN and p.low in ("who", "that", "which")
            for p in self._ps[max(0, at - 4) : at]
        )

    def _shares_object(self, at: int) -> bool:
        """ "prosecutions against employers or agencies for passport retention"."""
        np, joint = self._ps[at].noun, self._previous(at)
        return (
            np is not None
            and np.noun in (Noun.OTHER, Noun.PERSON)
            and np.det is Det.BARE
            and joint is not None
            and joint.kind is Kind.CONJUNCTION
        )

    def _governor(self, at: int) -> Phrase | None:
        """The preposition that governs the phrase, over articles, adverbs and plain words before it."""
        for phrase in reversed(self._ps[max(0, at - 5) : at]):
            if phrase.kind is Kind.PREPOSITION:
                return phrase
            if phrase.low in EVERY:
                return Phrase(Kind.PREPOSITION, phrase.start, phrase.end, "for")
            if phrase.kind not in (Kind.OTHER, Kind.AGENT, Kind.SUBSET, Kind.YEAR):
                return None
        return None

    def _late_crime(self, at: int) -> None:
        """ "prosecuted 12 individuals for pimping": the number was another crime's after all."""
        previous = self._governor(at)
        if previous is not None and previous.low == "against" and self._ps[at].noun is not None:
            # "cases against employers for wage violations"
            previous = Phrase(Kind.PREPOSITION, 0, 0, "for")
        np = self._ps[at].noun
        if previous is not None and previous.low == "in" and np is not None and np.noun is Noun.CASE:
            # "convicted four perpetrators in one case of forgery"
            previous = Phrase(Kind.PREPOSITION, 0, 0, "for")
        if previous is None and (self._in_relative(at) or self._shares_object(at)):
            previous = Phrase(Kind.PREPOSITION, 0, 0, "for")
        if (
            previous is None
            or previous.kind is not Kind.PREPOSITION
            or previous.low not in ("for", "of", "on", "involving", "with", "into", "under")
        ):
            return
        if not self.drafts:
            return
        last = self.drafts[-1]
        part = self._part_of is not None and any(
            p.noun is not None and p.noun.det is Det.NUMBER and p.start > last.source for p in self._ps[:at]
        )
        if last.printed_form or part:
            # "ten prosecutions, including seven under the procurement statute"
            return
        between = [p for p in self._ps if last.source < p.start < self._ps[at].start]
        vague = any(p.low in ("of which", "of whom") for p in between)
        if vague or any(p.kind in (Kind.CONTRAST, Kind.FORM) for p in between) or len(between) > 6:
            return
        self._other_crimes.add(last.measure)
        alone = self._frame is not None and self._frame.sense == "predicate"
        self.drafts = [
            d for d in self.drafts if d.source != last.source or (alone and d.measure is not last.measure)
        ]
        if self._frame is not None and last.source > self._ps[self._frame.at].start:
            # "prosecuted 90 suspects under the rape law and 14 under the trafficking law"
            self._frame.taken, self._dropped = False, at

    def _restage(self, stage: Stage, at: int) -> None:
        """ "No new prosecutions were initiated": the passive verb gives its subject the stage."""
        if self._subjects:
            source = self._ps[self._subjects[-1]].start
            for draft in self.drafts:
                if draft.source == source and draft.stage is Stage.ANY and draft.measure in _STAGED:
                    draft.stage = stage

    def _is_of_many_crimes(self, head: Draft) -> bool:
        """ "opened 166 cases, including 72 for trafficking": what has a part of it is more than that."""
        whole = next((p.noun for p in self._ps if p.start == head.source), None)
        return (
            whole is not None
            and head.measure in ACCUSED_MEASURES
            and not (whole.named or whole.trafficking or whole.bare)
            and any(draft is head for draft in self.drafts)
        )

    def _narrow(self, at: int, np: NounPhrase, head: Draft) -> None:
        """Let the part that is of trafficking stand for the whole that is not."""
        wider = self._siblings(head) or [head]
        self.drafts = [draft for draft in self.drafts if all(draft is not other for other in wider)]
        self._add([self._draft(at, np, other.measure, template=other) for other in wider])

    def _pends(self, at: int) -> bool:
        """ "Nine cases remained pending in the courts": prosecutions that go on."""
        before = self._previous(at)
        after = self._next(at)
        if before is None or before.kind not in (Kind.BE, Kind.VERB) or not self._subjects:
            return False
        if after is not None and after.low == "review":
            return False
        index = next(
            (k for k in self._subjects if (s := self._ps[k].noun) is not None and s.noun is Noun.CASE),
            self._subjects[-1],
        )
        np = self._ps[index].noun
        if np is None or np.noun is not Noun.CASE or np.det is not Det.NUMBER or index in self.taken:
            return False
        if np.remainder:
            # "five were prosecuted; the six remaining cases were pending": a part of those counted
            return False
        judged = any(
            p.low.startswith(("court", "judge", "trial", "judicia", "prosecut"))
            for p in self._ps[at : at + 8]
        )
        for draft in self._take(index, np, [Measure.PROSECUTIONS], value=np.value, frame=None):
            draft.stage = Stage.CONTINUED
            draft.low = not judged
            draft.weak = np.value == 1 and np.form is None
        return True
