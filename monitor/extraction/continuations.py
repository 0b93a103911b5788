"""Decides what a number without a verb of its own goes on with."""

# ruff: noqa: PLR0911 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Form, Group, Measure, Relation, Unit
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import (
    ACCUSED_MEASURES,
    COUNTING,
    HANDLING,
    REACHING,
    Frame,
    Polarity,
    compatible,
)
from monitor.extraction.lexicon import Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase
from monitor.extraction.regions import Regions

_OF_THE_SAME = ("in", "involving", "with", "against", "of", "from", "on", "across", "associated with")
# "It is believed that there are 13,000 victims": nobody has counted those.
_SUPPOSED = frozenset({"believed", "thought", "feared", "estimated", "estimate", "estimates"})


class Continuations(Regions):
    """Companions in another unit, coordinates, numbers that continue the figure before them."""

    def _companion(self, at: int, np: NounPhrase, prep: str) -> bool:
        """ "prosecuted 64 defendants in 11 cases": the same measure in another unit."""
        if (
            np.det not in (Det.NUMBER, Det.UNKNOWN)
            or (np.value is None and np.det is Det.NUMBER)
            or (self._frame is not None and self._frame.polarity not in (Polarity.ASSERTED, Polarity.PURPOSE))
        ):
            return False
        if prep not in _OF_THE_SAME:
            return False
        told = (Relation.CURRENT, self._lead_relation)
        heads = [d for d in self.drafts if d.relation in told and d.parent is None]
        if not heads or np.noun not in (Noun.CASE, Noun.ACCUSED, Noun.PERSON, Noun.OFFICIAL):
            return False
        frame = self._frame
        if frame is not None and frame.taken and any(d.source > self._ps[frame.at].start for d in heads):
            heads = [d for d in heads if d.source > self._ps[frame.at].start]
        head = heads[-1]
        dashes = sum(p.kind is Kind.DASH and p.start > head.source for p in self._ps[:at])
        if head.measure not in ACCUSED_MEASURES or dashes % 2:
            return False
        unit = Unit.CASES if np.noun is Noun.CASE else Unit.PERSONS
        if any(d.unit is unit and d.measure is head.measure for d in heads):
            if np.form not in LIMITING_FORMS or (np.value or 0) > (head.value or 0) or head.unit is not unit:
                return False
            # "23 investigations, involving 19 sex trafficking and four labor trafficking cases"
            self._add([self._draft(at, np, head.measure, template=head, parent=head)])
            self.taken.add(at)
            return True
        split = np.form in LIMITING_FORMS and self._other_form_next(at)
        if np.form in LIMITING_FORMS and not split:
            for sibling in heads:
                if sibling.source == head.source and not sibling.printed_form:
                    sibling.form = np.form
        for measure in {d.measure: None for d in heads if d.source == head.source}:
            draft = self._draft(at, np, measure, template=head)
            draft.unit = unit
            draft.parent = head if split else None
            draft.weak, draft.story = head.weak, head.story
            if np.stage is not None:
                draft.stage = np.stage
            self._add([draft])
        self.taken.add(at)
        return True

    def _other_form_next(self, at: int) -> bool:
        """ "with 25 sex trafficking defendants and one labor trafficking defendant": a split of the head."""
        joint, other = self._next(at), self._next(at + 1)
        return (
            joint is not None
            and joint.kind is Kind.CONJUNCTION
            and other is not None
            and other.noun is not None
            and other.noun.det is Det.NUMBER
            and other.noun.form is not None
        )

    def _coordinates(self, at: int, np: NounPhrase) -> bool:
        """ "indictments of 11 persons and seven for labor trafficking": one more of the same measure."""
        previous = self._previous(at)
        if (
            previous is None
            or previous.kind not in (Kind.CONJUNCTION, Kind.COMMA)
            or np.det is not Det.NUMBER
        ):
            return False
        if np.form not in LIMITING_FORMS or not self.drafts:
            return False
        last = self.drafts[-1]
        if (
            (last.parent is not None and last.unit is last.parent.unit)
            or last.relation is not Relation.CURRENT
            or not compatible(np, last.measure, "", bare=False)
        ):
            return False
        if any(p.kind in (Kind.VERB, Kind.CONTRAST) for p in self._ps[:at] if p.start > last.source):
            return False
        following = self._next(at)
        if following is not None and following.kind in (Kind.VERB, Kind.BE):
            return False
        draft = self._draft(at, np, last.measure)
        if last.parent is not None:
            draft.parent, draft.stage = last.parent, last.stage
        self._add([draft])
        self.taken.add(at)
        return True

    def _continues(self, at: int, np: NounPhrase) -> bool:
        """A number without a noun goes on with the figure before it: "... and one for labor trafficking"."""
        if np.det not in (Det.NUMBER, Det.NO) or not np.bare or np.value is None:
            return False
        roots = self._current_roots() or [
            d for d in self.drafts if d.parent is None and d.relation is Relation.CUMULATIVE
        ]
        if (
            not roots
            and self._whole is not None
            and self._frame is not None
            and self._frame.stage is not None
        ):
            roots = [self._whole]
        if not roots and at == 0 and np.form in LIMITING_FORMS and self._context.roots:
            self._part_of = self._context.roots[-1]
            return self._take_part(at, np)
        if not roots:
            return self._deferred_topic(at, np)
        if np.form in LIMITING_FORMS or (np.form is not None and np.group is not None):
            head = self._last_current() or self.drafts[-1]
            parent = head.parent or head
            if parent.form is not Form.ALL and head.parent is None:
                self._add([self._draft(at, np, head.measure, template=head)])
            else:
                self._add([self._draft(at, np, head.measure, template=parent, parent=parent)])
            self.taken.add(at)
            return True
        if self._dated_alike(at, np, roots):
            return True
        following = self._next(at)
        frame = self._frame
        if (
            frame is not None
            and frame.stage is not None
            and frame.verb in (Verb.CONTINUE, Verb.OPEN)
            and not frame.taken
            and following is not None
            and following.kind in (Kind.VERB, Kind.COMMA, Kind.PREPOSITION, Kind.PERIOD)
        ):
            head = roots[-1]
            draft = self._draft(at, np, head.measure, template=head)
            draft.stage = frame.stage
            frame.taken = True
            self._add([draft])
            self.taken.add(at)
            return True
        return False

    def _deferred_topic(self, at: int, np: NounPhrase) -> bool:
        """ "In contrast with 18 convictions in 2014, courts secured only three"."""
        frame = self._frame
        measures = [m for comparison in self._deferred for item in comparison.items for m in item.measures]
        if not measures or frame is None or frame.taken or frame.polarity is not Polarity.ASSERTED:
            return False
        if frame.verb not in (Verb.SUPPORT, Verb.OPEN, Verb.TELL) or frame.at != at - 1:
            return False
        self._take(at, np, measures[-1:], value=np.value, frame=frame)
        for draft in self.drafts[-1:]:
            draft.unit = Unit.CASES
        return True

    def _dated_alike(self, at: int, np: NounPhrase, roots: list[Draft]) -> bool:
        """ "... and 27 in 2017", "only six were in 2014", "12 of them in 2015": the same in another year."""
        k = at + 1
        if k < len(self._ps) and self._ps[k].kind is Kind.BE:
            k += 1
        if k + 1 >= len(self._ps) or self._ps[k].low not in ("in", "during", "for"):
            return False
        if self._ps[k + 1].kind is not Kind.YEAR or (
            self._frame is not None and self._frame.verb is Verb.OTHER
        ):
            return False
        head = roots[-1]
        if head.year is None and head.relation is not Relation.CUMULATIVE:
            return False
        draft = self._draft(at, np, head.measure, template=head)
        draft.relation, draft.year = Relation.CURRENT, self._ps[k + 1].years[0]
        self._add([draft])
        self.taken.add(at)
        return True

    def _by_hotline(self, frame: Frame) -> bool:
        """ "The hotline received 900 calls and identified 30 cases": nobody has looked into those."""
        return any(p.low.endswith(("hotline", "helpline")) for p in self._ps[: frame.at])

    def _handled(self, at: int, np: NounPhrase) -> bool:
        """ "Police handled six trafficking cases": cases that name trafficking were looked into."""
        frame = self._frame
        if frame is None or frame.sense not in HANDLING or not np.named:
            return False
        if np.noun not in (Noun.CASE, Noun.CRIME) or self._by_hotline(frame):
            return False
        if np.det is not Det.NUMBER or frame.polarity is not Polarity.ASSERTED or frame.passive:
            return False
        for draft in self._take(at, np, [Measure.INVESTIGATIONS], value=np.value, frame=frame):
            draft.low = True
        return True

    def _numbers(self, at: int, np: NounPhrase) -> bool:
        """ "Victims identified numbered 83", "prosecutions totaled six"."""
        frame = self._frame
        if frame is None or frame.sense not in REACHING or frame.at != at - 1:
            return False
        if not np.bare and (np.noun is not Noun.OTHER or np.sense):
            return False
        topic = self._subject_topic()
        if topic is None or np.det is not Det.NUMBER:
            return False
        self._add([self._draft(at, np, topic.measure, template=topic)])
        self.taken.add(at)
        return True

    def _equals(self, at: int, np: NounPhrase) -> bool:
        """ "The number of prosecutions was 45", "remained at two"."""
        link = self._previous(at)
        if link is not None and link.low == "at":
            link = self._previous(at - 1)
        stood = link is not None and link.low in ("stood", "stands")
        if not np.bare or np.det is not Det.NUMBER or link is None or not (link.kind is Kind.BE or stood):
            return False
        if not any(
            stood or subject.data for k in self._subjects if (subject := self._ps[k].noun) is not None
        ):
            return False
        topic = self._subject_topic()
        if topic is None or topic.measure in {d.measure for d in self._current_roots()}:
            return False
        self._add([self._draft(at, np, topic.measure, template=topic)])
        self.taken.add(at)
        return True

    def _untold_topic(self) -> None:
        """ "The total number of traffickers convicted was unknown"."""
        if not any(subject.data for k in self._subjects if (subject := self._ps[k].noun) is not None):
            return
        topic = self._subject_topic()
        if topic is not None and topic.measure not in {d.measure for d in self._current_roots()}:
            topic.value = None
            self._add([topic])

    def _sums_up(self, at: int, np: NounPhrase) -> bool:
        """ "identified 16 and the police five, for a total of 21 victims", "bringing the total to 21"."""
        if np.det is not Det.NUMBER:
            return False
        link = self._previous(at)
        roots = self._current_roots()
        brought = [p.low for p in self._ps[max(0, at - 4) : at]] == ["bringing", "the", "total", "to"]
        if link is None or not roots or not ((np.total and link.low == "for") or brought):
            return False
        if brought and sum(r.value or 0 for r in roots if r.measure is roots[-1].measure) != np.value:
            return False
        last = next((root for root in roots if root.measure is roots[-1].measure), roots[-1])
        if not (np.bare or np.measure is last.measure or compatible(np, last.measure, "", bare=False)):
            return False
        total = self._draft(at, np, last.measure, template=last)
        total.form, total.group, total.reporter = np.form or Form.ALL, np.group or Group.ALL, last.reporter
        # What is summed up are parts by what splits no figure, unless they name a form or a group.
        self.drafts = [
            d
            for d in self.drafts
            if d.measure is not total.measure or d.form is not Form.ALL or d.group is not Group.ALL
        ]
        self._add([total])
        self.taken.add(at)
        return True

    def _told_victims(self, at: int, np: NounPhrase) -> bool:
        """ "The government reported 42 trafficking victims": identified, as far as one can tell."""
        frame, following = self._frame, self._next(at)
        if np.noun is not Noun.VICTIM or np.det is not Det.NUMBER:
            return False
        if any(p.low in _SUPPOSED for p in self._ps[:at]):
            return False
        if self._context.news and self._there_are(at):
            pass
        elif frame is None:
            if at > 7 or not self._existential():
                return False
        elif (
            frame.passive
            or frame.at != at - 1
            or frame.polarity is not Polarity.ASSERTED
            or frame.sense not in COUNTING
        ):
            return False
        if np.partitive or np.stage is not None:
            return False
        if following is not None and (
            following.kind in (Kind.VERB, Kind.BE, Kind.PRONOUN) or following.low == "with"
        ):
            return False
        for draft in self._take(at, np, [Measure.VICTIMS_IDENTIFIED], value=np.value, frame=frame):
            draft.low, draft.weak = True, np.value == 1
        return True
