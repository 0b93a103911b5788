"""Decides what a noun that is a measure by itself counts: "12 investigations", "no convictions"."""

from __future__ import annotations

from itertools import pairwise

from monitor.domain.figure import LIMITING_FORMS, Measure, Relation, Stage, Unit
from monitor.extraction.frames import GOING_ON, OUTCOMES, SENDING, VICTIM_MEASURES, Frame, Polarity
from monitor.extraction.lexicon import Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase, Phrase
from monitor.extraction.telling import Telling

_RESULTING = ("result in", "lead to", "end in", "culminate in")


class MeasureNouns(Telling):
    """Investigations, prosecutions, convictions, under any verb."""

    def _measure_noun(self, at: int, np: NounPhrase) -> None:
        """Let a noun that is a measure count, by its determiner and what its verb says."""
        frame = self._frame
        measures = self._measures_of(at, np, frame)
        if not measures or self._speaks_of_a_part(at, np, frame):
            return
        if np.untold:
            self._take(at, np, measures, value=None, frame=None)
        elif np.det in (Det.NUMBER, Det.NO, Det.UNKNOWN):
            self._counted_measure(at, np, measures, frame)
        elif not self._shares_subject(at, np, frame):
            self._subjects = [at]
            self._story = self._story or self._tells_what_came(at, np)
            self._uncounted_measure(at, np, measures, frame)

    def _measures_of(self, at: int, np: NounPhrase, frame: Frame | None) -> list[Measure]:
        if np.measure is None:
            return []
        of_anyone = np.det is Det.ANY and np.persons
        if np.measure in VICTIM_MEASURES and np.det is not Det.NUMBER and not of_anyone:
            return []
        begun = frame is not None and frame.verb is Verb.OPEN and np.det is Det.NUMBER
        named = np.named or np.stage is not None or begun or self._goes_on(at)
        if np.sense in ("trial", "trials") and not named:
            return []
        if frame is not None and frame.sense in SENDING and self._sent_to_court(at):
            return [Measure.PROSECUTIONS]
        measures = [np.measure, *np.also]
        if frame is not None and frame.verb is Verb.SUPPORT:
            measures += [m for m in frame.measures if m not in measures]
        return measures

    def _speaks_of_a_part(self, at: int, np: NounPhrase, frame: Frame | None) -> bool:
        """Whether the noun counts nothing of its own: calls of a hotline, some of what is known, the rest."""
        if frame is not None and frame.sense in ("receive", "answer", "field") and "quir" in np.sense:
            # "The hotline received 7,000 inquiries."
            self.taken.add(at)
            return True
        if np.partitive and frame is not None and frame.verb is Verb.OTHER and not frame.passive:
            # "closed one of the prosecutions"
            self.taken.add(at)
            return True
        outcome = self._ps[at + 1].verb if at + 1 < len(self._ps) else None
        if np.whole is not None and frame is None and outcome is not None and outcome.measure is not None:
            # "Fourteen of 17 prosecutions ended in convictions": their outcome is what is counted
            self._subjects = [at]
            return True
        if np.data and np.partitive:
            # "how many of the convictions were for sex trafficking": their number is not the question
            return True
        # "No other prosecutions", "no such investigations"
        return (np.remainder or (np.det is Det.NO and np.definite)) and np.det is not Det.NUMBER

    def _counted_measure(self, at: int, np: NounPhrase, measures: list[Measure], frame: Frame | None) -> None:
        polarity = frame.polarity if frame is not None else Polarity.ASSERTED
        if polarity in (Polarity.UNTOLD, Polarity.BLOCKED, Polarity.ZERO) and np.det is Det.NUMBER:
            return
        if not self._may_count(at, np):
            self._subjects = [at]
        elif self._tells_of_one(at, np):
            self._story = True
            self.taken.add(at)
        elif np.det is Det.NO and self._is_beside_an_object(at, frame):
            return
        elif frame is not None and frame.sense == "confirm" and np.measure is Measure.CONVICTIONS:
            # "Appellate courts confirmed 15 convictions": of those that lower courts had made
            self.taken.add(at)
        elif np.det is Det.NUMBER and self._echoes(np, measures):
            self.taken.add(at)
            self._subjects = [at]
        elif self._is_part_of_known(at, np, measures):
            self._split_by_form_ahead(at, np, measures)
        elif self._adds_to_known(np, measures) or (np.remainder and np.definite):
            self.taken.add(at)
        else:
            self._take(at, np, measures, value=np.value, frame=frame if self._owns(frame) else None)
            self._subjects = [at]

    def _is_beside_an_object(self, at: int, frame: Frame | None) -> bool:
        """ "convicted nine with no prosecutions pending": not what the counting verb denies."""
        if frame is None or frame.verb is not Verb.COUNT or frame.passive:
            return False
        before = self._previous(at)
        return not frame.taken or before is None or before.kind not in (Kind.COMMA, Kind.CONJUNCTION)

    def _uncounted_measure(
        self, at: int, np: NounPhrase, measures: list[Measure], frame: Frame | None
    ) -> None:
        if self._secured_by_cases(at, np, frame) or self._in_each_case(at, np, frame):
            return
        previous = self._previous(at)
        told = frame is None or (previous is not None and previous.low == "in" and frame.measures != measures)
        if told and np.det in (Det.ONE, Det.DEFINITE) and np.ordinal and not np.plural:
            self._take_weakly(at, np, measures[:1], None)
            return
        if frame is None or frame.passive or not self._owns(frame) or self._far_from_verb(at, frame):
            return
        if frame.hedged and np.det is not Det.ANY:
            return
        if np.det is Det.ONE and any(p.low == "where" for p in self._ps[: frame.at]):
            # "in cases where ..., police did not open an investigation"
            return
        if frame.polarity is Polarity.UNTOLD and (_is_untold(np) or self._names_data(at, np)):
            self._take(at, np, measures, value=None, frame=frame)
        elif frame.polarity is Polarity.ZERO and _is_denied(np, frame) and not self._came_of_some(frame):
            self._take(at, np, measures, value=0, frame=frame)
        elif (
            frame.polarity is Polarity.ASSERTED
            and np.det is Det.ONE
            and not np.plural
            and frame.verb in (Verb.OPEN, Verb.SUPPORT, Verb.TELL)
        ):
            self._take_weakly(at, np, measures, frame)

    def _shares_subject(self, at: int, np: NounPhrase, frame: Frame | None) -> bool:
        """ "No cases led to prosecutions or convictions": what the predicate says twice of its subject."""
        joint = self._previous(at)
        if frame is None or frame.sense != "predicate" or not frame.taken or frame.at != at - 2:
            return False
        if joint is None or joint.kind is not Kind.CONJUNCTION or np.measure is None or not self._subjects:
            return False
        source = self._ps[self._subjects[-1]].start
        self._add([d.copy(measure=np.measure, stage=Stage.ANY) for d in self.drafts if d.source == source])
        return True

    def _came_of_some(self, frame: Frame) -> bool:
        """ "The other six cases did not result in conviction": nothing of the rest."""
        subject = self._ps[frame.at - 1].noun if frame.at else None
        some = subject is not None and (subject.det in (Det.NUMBER, Det.DEFINITE) or subject.definite)
        return frame.sense in _RESULTING and some

    def _names_data(self, at: int, np: NounPhrase) -> bool:
        """ "did not provide prosecution or conviction statistics"."""
        data = self._next(at)
        return (
            np.det is Det.BARE
            and data is not None
            and data.noun is not None
            and data.noun.data
            and data.noun.noun is Noun.OTHER
        )

    def _secured_by_cases(self, at: int, np: NounPhrase, frame: Frame | None) -> bool:
        """ "Of which 11 secured convictions": so many cases that ended in them."""
        if frame is None or frame.verb is not Verb.SUPPORT or frame.passive or frame.at != at - 1 or at < 2:
            return False
        cases, before = self._ps[at - 2].noun, self._ps[at - 3] if at > 2 else None
        if (
            cases is None
            or at - 2 in self.taken
            or cases.det is not Det.NUMBER
            or np.det is not Det.BARE
            or not np.plural
        ):
            return False
        split = cases.bare and before is not None and (before.kind is Kind.SUBSET or before.low == "which")
        if not (split or cases.noun is Noun.CASE) or np.measure is None:
            return False
        for draft in self._take(at - 2, cases, [np.measure], value=cases.value, frame=None):
            draft.unit = Unit.CASES
        return True

    def _in_each_case(self, at: int, np: NounPhrase, frame: Frame | None) -> bool:
        """ "In 165 cases, the police started an investigation": one for each."""
        cases = self._ps[1].noun if self._low(0) == "in" else None
        if frame is None or frame.polarity is not Polarity.ASSERTED or not np.article or np.measure is None:
            return False
        if cases is None or cases.noun is not Noun.CASE or cases.det is not Det.NUMBER or cases.value == 1:
            return False
        opens = self._context.news and self._low(2) == "," and 1 not in self.taken
        if opens and self._owns(frame):
            self._take(1, cases, [np.measure], value=cases.value, frame=frame)
        return opens

    def _take_weakly(self, at: int, np: NounPhrase, measures: list[Measure], frame: Frame | None) -> None:
        """Take an article or an ordinal for a one, which any other account outweighs."""
        for draft in self._take(at, np, measures, value=1, frame=frame):
            draft.weak = True

    def _tells_of_one(self, at: int, np: NounPhrase) -> bool:
        """ "One investigation led to the prosecution of four suspects": what came of one of them."""
        known = any(d.measure is np.measure and (d.value or 0) > 1 for d in self._context.known)
        return np.value == 1 and at == 0 and known and np.form is None

    def _tells_what_came(self, at: int, np: NounPhrase) -> bool:
        """ "The investigation resulted in 12 arrests": of one that is told of."""
        verb = self._next(at)
        single = np.det is Det.DEFINITE and not np.plural and np.measure is Measure.INVESTIGATIONS
        return single and verb is not None and verb.verb is not None and verb.verb.sense in _RESULTING

    def _adds_to_known(self, np: NounPhrase, measures: list[Measure]) -> bool:
        """ "six additional traffickers" of eight that were counted; "10 labor and 10 other cases"."""
        further = (np.remainder or np.more) and np.form not in LIMITING_FORMS
        if not further or np.det is not Det.NUMBER or np.value is None:
            return False
        beside = any(d.measure in measures and d.printed_form and d.parent is None for d in self.drafts)
        return beside or any(
            d.measure in measures and d.relation is Relation.CURRENT and (d.value or 0) > np.value
            for d in self._context.known
        )

    def _goes_on(self, at: int) -> bool:
        """ "Nine trials were still under way"."""
        for phrase in self._ps[at + 1 : at + 8]:
            if phrase.low in GOING_ON:
                return True
            if phrase.kind in (Kind.COMMA, Kind.CONTRAST):
                break
        return False

    def _split_by_form_ahead(self, at: int, np: NounPhrase, measures: list[Measure]) -> None:
        """ "Thirteen of the investigations opened in 2017 concerned forced labor"."""
        self.taken.add(at)
        after = self._ps[at + 1 : at + 8]
        tie = next((k for k, p in enumerate(after) if p.low in ("involved", "concerned")), None)
        form = after[tie + 1].form if tie is not None and tie + 1 < len(after) else None
        if form not in LIMITING_FORMS:
            return
        for draft in reversed([*self._context.known, *self.drafts]):
            if draft.measure in measures and draft.parent is None and draft.relation is Relation.CURRENT:
                self._split(at, np, draft, form, None)
                return

    def _is_part_of_known(self, at: int, np: NounPhrase, measures: list[Measure]) -> bool:
        """ "233 convictions carried a prison sentence": so many of the convictions counted before."""
        following = self._next(at)
        goes_on = following is not None and following.low.startswith(("remain", "continue"))
        goes_on = goes_on or self._goes_on(at)
        if np.partitive and np.form is None and np.stage is None and np.value is not None and not goes_on:
            # "30 of these investigations led to police operations"
            return any(
                d.measure in measures and (d.value or 0) > (np.value or 0)
                for d in [*self._context.known, *self.drafts]
            )
        if at or following is None or np.form is not None or np.stage is not None or np.value is None:
            return False
        if not (following.kind is Kind.OTHER and following.low.endswith("ed")):
            return False
        return any(d.measure in measures and (d.value or 0) > np.value for d in self._context.known)

    def _far_from_verb(self, at: int, frame: Frame) -> bool:
        """Whether a preposition parts the noun from the verb: "did not report progress in prosecutions"."""
        for phrase in self._ps[frame.at + 1 : at]:
            if phrase.kind in (Kind.PREPOSITION, Kind.BLOCKER, Kind.CONTRAST) and not frame.taken:
                return phrase.low != "on" or frame.at != at - 2
        previous = self._previous(at)
        if any(
            p.low in ("whether", "if") and (then.low in ("this", "these", "it") or _is_definite(then))
            for p, then in pairwise(self._ps[frame.at + 1 : at])
        ):
            # "did not report whether this unit led the prosecution of any cases": of one deed
            return True
        return previous is not None and previous.kind is Kind.PREPOSITION

    def _owns(self, frame: Frame | None) -> bool:
        return (
            frame is not None
            and not frame.passive
            and frame.verb in (Verb.OPEN, Verb.SUPPORT, Verb.TELL, Verb.CONTINUE)
        )

    def _may_count(self, at: int, np: NounPhrase) -> bool:
        """Whether a number with a measure noun counts here, by the preposition before it."""
        previous = self._previous(at)
        if previous is None or previous.kind is not Kind.PREPOSITION:
            return True
        if np.definite and np.det is Det.NUMBER and previous.low != "with":
            # "seven were held in relation to the two investigations": two that are known
            return not any(d.measure is np.measure for d in [*self._context.known, *self.drafts])
        if previous.low == "of":
            before = self._ps[at - 2].low if at > 1 else ""
            return before not in OUTCOMES and not self.drafts
        if np.stage is Stage.NEW and previous.low == "through":
            # "through the initiation of eight prosecutions"
            return True
        return previous.low in ("with", "to", "after", "following")

    def _filed_against(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """ "initiated cases against eight individuals", "filed preliminary charges against 53 suspects"."""
        against, accused = self._next(at), self._ps[at + 2].noun if at + 2 < len(self._ps) else None
        if frame.polarity is not Polarity.ASSERTED or np.det is not Det.BARE or not np.plural or np.crime:
            return False
        if against is None or against.low != "against" or accused is None:
            return False
        if accused.det is not Det.NUMBER or not accused.persons:
            return False
        self._take(at + 2, accused, [Measure.PROSECUTIONS], value=accused.value, frame=frame)
        return True

    def _opened_cases(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        if self._filed_against(at, np, frame):
            return True
        measure = Measure.INVESTIGATIONS
        by_prosecutors = any(
            p.low in ("prosecutors", "prosecutor", "courts", "attorney") for p in self._ps[:at]
        )
        reported = "report" in np.sense or "complaint" in np.sense
        if (frame.sense in ("file", "bring") and not reported) or (
            by_prosecutors and frame.sense not in ("open", "register")
        ):
            # What is opened is looked into, whoever opens it.
            measure = Measure.PROSECUTIONS
        deeds = self._ps[at - 2].noun if at > 1 and self._ps[at - 1].low == "in" else None
        if deeds is not None and deeds.measure is not None and deeds.det is Det.BARE:
            # "initiated prosecutions in all eight of the confirmed cases"
            measure = deeds.measure
        if frame.taken and self.drafts and self.drafts[-1].source > self._ps[frame.at].start:
            # "initiated trials in four cases and two more cases"
            measure = self.drafts[-1].measure
        if np.det is Det.NUMBER and frame.polarity is Polarity.ASSERTED:
            self._take(at, np, [measure], value=np.value, frame=frame)
            return True
        if np.det is Det.NO and frame.polarity is Polarity.ASSERTED:
            self._take(at, np, [measure], value=0, frame=frame)
            return True
        if np.det in (Det.ANY, Det.BARE) and frame.polarity is Polarity.ZERO and np.plural:
            self._take(at, np, [measure], value=0, frame=frame)
            return True
        if np.det in (Det.ANY, Det.BARE) and frame.polarity is Polarity.UNTOLD and np.plural:
            self._take(at, np, [measure], value=None, frame=frame)
            return True
        return False

    def _sent_to_court(self, at: int) -> bool:
        """ "referred 12 of them to the prosecutor's office"."""
        direction = self._next(at)
        return (
            direction is not None
            and direction.low in ("to", "for")
            and any(
                p.low.startswith(("prosecut", "court", "trial", "attorney", "judiciary"))
                or (p.noun is not None and p.noun.sense.startswith(("prosecut", "trial")))
                for p in self._ps[at + 2 : at + 5]
            )
        )


def _is_untold(np: NounPhrase) -> bool:
    """ "did not report any convictions", "data on convictions", "convictions", "the traffickers' trials"."""
    return (
        np.det in (Det.ANY, Det.DATA)
        or (np.det is Det.BARE and (np.plural or np.data))
        or (np.det is Det.DEFINITE and np.plural and np.persons)
    )


def _is_denied(np: NounPhrase, frame: Frame) -> bool:
    """ "did not initiate any prosecutions"; "did not make the investigation" says nothing of how many."""
    if frame.sense == "without" or frame.verb not in (Verb.OPEN, Verb.SUPPORT, Verb.CONTINUE):
        return False
    if np.det is Det.DEFINITE:
        return frame.verb is Verb.OPEN
    return np.det in (Det.ANY, Det.BARE, Det.ONE)


def _is_definite(phrase: Phrase) -> bool:
    return phrase.noun is not None and phrase.noun.det is Det.DEFINITE
