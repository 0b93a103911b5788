"""Decides what frame a verb opens: its polarity, voice and stage, and which verbs share one object."""

# ruff: noqa: PLR0911, PLR0912 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from itertools import pairwise

from monitor.domain.figure import Form, Group, Measure, Relation, Stage
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import (
    JUDGING,
    SOME,
    Frame,
    Polarity,
)
from monitor.extraction.lexicon import Inflection, Noun, Verb
from monitor.extraction.phrases import Det, Kind, VerbPhrase
from monitor.extraction.relatives import Relatives

# What is done with other countries is one operation of all of them.
_JOINT = frozenset({"cooperate", "collaborate", "coordinate", "participate", "extradite"})


class Predicates(Relatives):
    """Verbs, alone and in series."""

    def _verb(self, at: int) -> None:
        phrase = self._ps[at]
        verb = phrase.verb
        if verb is None:
            return
        if self._splits_by_exploitation(at, verb):
            return
        blocked, self._blocked_until_verb = self._blocked_until_verb, False
        if verb.verb is Verb.CHANGE:
            self._change(at)
            return
        frame = self._frame
        if frame is not None and self._joins(at, verb, frame):
            if verb.measure is not None and not (
                verb.measure is Measure.SENTENCES and Measure.CONVICTIONS in frame.measures
            ):
                frame.measures.append(verb.measure)
            if frame.passive and frame.taken and verb.measure is not None:
                self._take_subjects(at, [verb.measure], frame)
            return
        if self._series_filler(at, verb) or self._totals(at, verb) or self._reduced_beside_data(at, verb):
            return
        before = self._previous(at)
        if self._part_of is not None and before is not None and before.kind is Kind.SUBSET:
            # "including investigating three minors": a part, whatever its verb.
            return
        polarity = self._polarity(at, verb, blocked=blocked)
        stage = self._stage(verb, frame)
        cumulative = verb.never or (verb.perfect and verb.negated and self._so_far(at))
        new = Frame(
            verb.verb,
            verb.sense,
            [verb.measure] if verb.measure is not None else [],
            polarity,
            verb.inflections,
            stage,
            passive=verb.passive,
            hedged=verb.hedged or (frame is not None and frame.hedged and polarity is frame.polarity),
            cumulative=cumulative or (frame is not None and frame.cumulative and not frame.taken),
            at=at,
        )
        if verb.verb is Verb.COUNT and verb.measure is not None:
            relative = self._object_relative(at)
            if relative is not None:
                new.passive = True
                self._subjects = [relative]
            elif not verb.passive and self._is_reduced(at, verb):
                new.passive = new.reduced = True
            elif frame is not None and self._joins_passive(at, verb, frame):
                new.passive = True
        elif verb.verb is Verb.OPEN and polarity is Polarity.ASSERTED:
            self._initiated_before(at, new)
        elif verb.verb is Verb.SUPPORT and frame is not None and self._shares_cases(at, frame, polarity):
            new.measures = frame.measures
        if verb.sense in _JOINT and self._with_foreigners(at):
            self._story = True
        if verb.verb in (Verb.OTHER,) or (verb.verb is not Verb.COUNT and self._part_of is not None):
            self._part_of = None
        self._frame = new
        if new.passive:
            self._passive(at, new)
        elif verb.verb is Verb.COUNT and verb.sense not in JUDGING:
            self._part_of = None

    def _joins_passive(self, at: int, verb: VerbPhrase, frame: Frame) -> bool:
        """ "108 cases were reported and investigated": the second participle has the same subject."""
        joint, after = self._previous(at), self._next(at)
        told = frame.passive and frame.verb in (Verb.TELL, Verb.OPEN) and frame.at == at - 2
        joined = joint is not None and joint.kind is Kind.CONJUNCTION and verb.has(Inflection.PARTICIPLE)
        return told and joined and (after is None or after.noun is None) and not verb.passive

    def _splits_by_exploitation(self, at: int, verb: VerbPhrase) -> bool:
        """ "Traffickers exploited 74 of these victims in sex trafficking and 86 in forced labor"."""
        if verb.sense != "exploit" or verb.passive:
            return False
        subject, number = self._previous(at), self._next(at)
        if subject is None or number is None:
            return False
        if subject.noun is None or subject.noun.noun is not Noun.ACCUSED or subject.noun.counted:
            return False
        np = number.noun
        if np is None or np.det is not Det.NUMBER or np.value is None:
            return False
        for draft in reversed([*self._context.known, *self.drafts]):
            whole = draft.parent is None and draft.relation is Relation.CURRENT and draft.form is Form.ALL
            if draft.measure is Measure.VICTIMS_IDENTIFIED and whole and (draft.value or 0) >= np.value:
                self._part_of = draft
                return True
        return False

    def _with_foreigners(self, at: int) -> bool:
        """ "cooperated with counterparts in neighboring countries"; not with a ministry or an NGO."""
        after = self._ps[at + 1 : at + 7]
        took_part = self._ps[at].low.startswith("participat")
        together = not took_part or any(p.low == "with" for p in after)
        if together and any(p.noun is not None and p.noun.group is Group.FOREIGN for p in after):
            # "coordinated with two foreign governments"
            return True
        return together and not any(
            p.kind is Kind.AGENT or (p.noun is not None and p.noun.agent) for p in after
        )

    def _shares_cases(self, at: int, frame: Frame, polarity: Polarity) -> bool:
        """ "did not prosecute or secure convictions in any cases": the object counts for both."""
        before = self._previous(at)
        return (
            polarity is frame.polarity
            and polarity in (Polarity.ZERO, Polarity.UNTOLD)
            and frame.verb is Verb.COUNT
            and not frame.taken
            and frame.at == at - 2
            and before is not None
            and before.kind is Kind.CONJUNCTION
        )

    def _reduced_beside_data(self, at: int, verb: VerbPhrase) -> bool:
        """ "did not report the number of prosecutions initiated or convictions obtained": both untold."""
        before, frame = self._previous(at), self._frame
        if (
            frame is None
            or frame.polarity is not Polarity.UNTOLD
            or verb.verb not in (Verb.OPEN, Verb.SUPPORT)
        ):
            return False
        bare = verb.has(Inflection.PARTICIPLE) and not (verb.passive or verb.negated or verb.modal)
        return (
            bare
            and before is not None
            and before.noun is not None
            and before.noun.measure is not None
            and before.noun.data
        )

    def _totals(self, at: int, verb: VerbPhrase) -> bool:
        """ "identifying victims and potential victims, totaling 1,117": the object's number comes at last."""
        frame = self._frame
        if verb.sense != "total" or frame is None or frame.verb is not Verb.COUNT or frame.taken:
            return False
        self._dropped = at
        return verb.has(Inflection.ING)

    def _series_filler(self, at: int, verb: VerbPhrase) -> bool:
        """ "prosecuting and concluding 1,146 cases": the object still belongs to the counting verb."""
        frame = self._frame
        if (
            frame is None
            or frame.verb is not Verb.COUNT
            or frame.taken
            or frame.passive
            or verb.measure is not None
        ):
            return False
        following = self._next(at)
        if following is None or following.noun is None or following.noun.measure is not None or verb.negated:
            return False
        if not verb.inflections & frame.inflections:
            return False
        return (
            all(p.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.VERB) for p in self._ps[frame.at + 1 : at])
            and at > frame.at + 1
        )

    def _joins(self, at: int, verb: VerbPhrase, frame: Frame) -> bool:
        """ "investigated, prosecuted, and convicted": one object or one subject for all."""
        if verb.measure is None or frame.verb is not Verb.COUNT:
            return False
        if Measure.CONVICTIONS in frame.measures and verb.measure is Measure.SENTENCES:
            return not frame.taken
        if frame.taken and not frame.passive:
            return False
        neither_nor = frame.polarity is Polarity.ZERO and frame.at == at - 1 and not frame.passive
        if (verb.negated and not neither_nor) or (verb.passive != frame.passive and verb.passive):
            return False
        if not (verb.inflections & frame.inflections):
            return False
        between = self._ps[frame.at + 1 : at]
        return all(
            p.kind in (Kind.COMMA, Kind.CONJUNCTION) or (p.kind is Kind.VERB and p.verb is not None)
            for p in between
        )

    def _polarity(self, at: int, verb: VerbPhrase, *, blocked: bool) -> Polarity:
        if verb.verb is Verb.TELL and (
            (verb.modal and verb.negated) or (blocked and self._ps[at - 1].low == "unable")
        ):
            # "could not provide", "was unable to report"
            return Polarity.UNTOLD
        if verb.verb is Verb.UNDO or (verb.modal and not verb.factual):
            return Polarity.BLOCKED
        if verb.negated and verb.has(Inflection.ING) and not verb.factual and self._after_preposition(at):
            return Polarity.BLOCKED
        if verb.negated:
            if (verb.infinitive and not verb.factual) or self._only_some(at):
                return Polarity.BLOCKED
            return Polarity.UNTOLD if verb.verb is Verb.TELL else Polarity.ZERO
        frame = self._frame
        if (
            frame is not None
            and frame.polarity is Polarity.UNTOLD
            and any(p.low == "whether" for p in self._ps[frame.at + 1 : at])
        ):
            return Polarity.BLOCKED if self._whether_one_deed(frame.at, at) else Polarity.UNTOLD
        if verb.infinitive and not verb.factual:
            used = frame is not None and frame.polarity is Polarity.ZERO and frame.sense == "use"
            if used and not blocked:
                return Polarity.ZERO
            if (
                frame is not None
                and frame.polarity in (Polarity.ZERO, Polarity.UNTOLD)
                and frame.verb is not Verb.OTHER
                and Inflection.BASE in frame.inflections
                and self._ps[at - 1].kind in (Kind.COMMA, Kind.CONJUNCTION)
            ):
                # "failed to prosecute any offenses or to identify any victims"
                return frame.polarity
            if blocked or verb.negated or (frame is not None and frame.polarity is not Polarity.ASSERTED):
                return Polarity.BLOCKED
            return Polarity.PURPOSE
        if blocked and verb.has(Inflection.ING):
            return Polarity.PURPOSE
        if frame is None or frame.polarity is Polarity.ASSERTED:
            return Polarity.ASSERTED
        ing = verb.has(Inflection.ING)
        if (
            frame.polarity is Polarity.UNTOLD
            and ing
            and (Inflection.ING in frame.inflections or frame.verb is Verb.TELL)
        ):
            return Polarity.UNTOLD
        if frame.polarity in (Polarity.ZERO, Polarity.BLOCKED) and self._linked(at):
            if verb.has(Inflection.BASE) and Inflection.BASE in frame.inflections:
                return frame.polarity
            if ing and Inflection.ING in frame.inflections:
                return frame.polarity
            if (
                verb.has(Inflection.PARTICIPLE)
                and frame.passive
                and Inflection.PARTICIPLE in frame.inflections
            ):
                return frame.polarity
        if (
            frame.polarity is Polarity.ZERO
            and frame.verb in (Verb.CONTINUE, Verb.OPEN)
            and ing
            and not frame.taken
        ):
            return Polarity.ZERO
        if frame.polarity is Polarity.BLOCKED and not frame.taken and ing and frame.at == at - 1:
            return Polarity.BLOCKED
        if self._linked(at) and self._takes_any(at):
            return frame.polarity
        if verb.has(Inflection.PAST) or not (frame.inflections & verb.inflections):
            return Polarity.ASSERTED
        return frame.polarity if verb.has(Inflection.BASE) else Polarity.ASSERTED

    def _whether_one_deed(self, start: int, end: int) -> bool:
        """ "whether the arrests culminated in convictions": of those arrests, not of the period."""
        asked = next((k for k in range(start, end) if self._ps[k].low == "whether"), end)
        np = self._ps[asked + 1].noun if asked + 1 < end else None
        return np is not None and np.det is Det.DEFINITE and not np.agent and np.noun is not Noun.OFFICIAL

    def _takes_any(self, at: int) -> bool:
        """ "has not identified any victims, investigated any cases, or ...": what has "any" is denied."""
        following = self._next(at)
        return following is not None and following.noun is not None and following.noun.det is Det.ANY

    def _only_some(self, at: int) -> bool:
        """ "Some officers failed to identify victims": a denial about some of them."""
        return any(p.low in SOME and p.kind in (Kind.NOUN, Kind.OTHER) for p in self._ps[max(0, at - 4) : at])

    def _after_preposition(self, at: int) -> bool:
        """ "criticized for not identifying victims"."""
        previous = self._previous(at)
        return previous is not None and previous.kind is Kind.PREPOSITION

    def _linked(self, at: int) -> bool:
        previous = self._previous(at)
        return previous is not None and previous.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.OTHER)

    def _stage(self, verb: VerbPhrase, frame: Frame | None) -> Stage | None:
        if verb.verb is Verb.OPEN:
            return None if verb.sense in ("bring", "register") else Stage.NEW
        if verb.verb is Verb.CONTINUE:
            return Stage.CONTINUED
        if verb.stage is not None:
            return verb.stage
        going = verb.infinitive or verb.has(Inflection.ING)
        if frame is not None and going and not frame.taken and frame.verb in (Verb.CONTINUE, Verb.OPEN):
            return frame.stage
        return None

    def _so_far(self, at: int) -> bool:
        return self._since_follows(at) or any(p.low == "date" for p in self._ps[: min(at, 3)])

    def _since_follows(self, at: int) -> bool:
        for phrase in self._ps[at + 1 : at + 12]:
            if phrase.kind is Kind.YEAR:
                return phrase.sense == "span"
            if phrase.kind is Kind.PERIOD and phrase.sense == "several":
                return True
        return any(
            p.low == "since" and then.noun is not None and then.noun.det is Det.DEFINITE
            for p, then in pairwise(self._ps[at + 1 : at + 6])
        )

    def _change(self, at: int) -> None:
        """ "Rose to nine", "fell sharply, from 21 to eight": the topic's number now, and the one before."""
        topic = self._subject_topic()
        self._frame = None
        if topic is not None and self._context.news and (told := self._told_with(at)) is not None:
            self._changed_to(told, topic, at)
            return
        for k in range(at + 1, min(at + 10, len(self._ps) - 1)):
            phrase, np = self._ps[k], self._ps[k + 1].noun
            counted = np is not None and np.counted and np.value is not None
            if phrase.kind is Kind.PREPOSITION and counted and phrase.low == "from":
                phrase.kind = Kind.COMPARE
                return
            if phrase.kind is Kind.PREPOSITION and counted and phrase.low == "to":
                self._changed_to(k + 1, topic, at)
            elif phrase.kind in (Kind.COMPARE, Kind.CONTRAST, Kind.SUBSET) or (
                phrase.verb is not None and phrase.verb.measure is None
            ):
                return

    def _told_with(self, at: int) -> int | None:
        """ "Convictions rose, with 71 in 2023": where the number stands."""
        for k in range(at + 1, min(at + 5, len(self._ps) - 1)):
            np = self._ps[k + 1].noun
            if self._ps[k].low == "with" and np is not None:
                return k + 1 if np.bare and np.det is Det.NUMBER else None
        return None

    def _changed_to(self, at: int, topic: Draft | None, verb: int) -> None:
        np = self._ps[at].noun
        if np is None or topic is None or np.crime or np.noun in (Noun.OTHER, Noun.PERSON, Noun.OFFICIAL):
            return
        draft = self._draft(at, np, np.measure or topic.measure, template=topic)
        dated = [p for k in (at - 2, verb - 1) if k >= 0 and (p := self._ps[k]).kind is Kind.YEAR]
        if dated and self._context.news:
            # "then in 2019 dropped to 94, and in 2020 to 74"
            draft.year = dated[0].years[0]
        self._add([draft])
        self.taken.add(at)
