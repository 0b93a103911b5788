"""Decides whether a noun phrase is the object that an open verb counts."""

# ruff: noqa: PLR0911, PLR0912, PLR0915 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from monitor.domain.figure import Accused, Form, Measure, Relation, Stage
from monitor.extraction.continuations import Continuations
from monitor.extraction.frames import (
    ANYONE,
    CLAIMS,
    EVERY,
    FINDING,
    GOING_ON,
    OUTCOMES,
    PARTICLES,
    RESTRICTING,
    SENDING,
    VICTIM_MEASURES,
    Frame,
    Polarity,
    compatible,
)
from monitor.extraction.lexicon import Inflection, Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase


class Objects(Continuations):
    """Noun phrases as objects, by determiner and polarity."""

    def _noun(self, at: int) -> None:
        phrase = self._ps[at]
        np = phrase.noun
        if np is None or at in self.taken:
            return
        if np.noun is Noun.OFFICIAL and np.det in (Det.BARE, Det.DEFINITE):
            self._agent = (
                "agency" if np.agent == "agency" else "police" if "police" in np.sense else "government"
            )
        if np.agent == "other" and np.noun is Noun.OTHER:
            previous = self._governing(at) or self._previous(at)
            if (
                previous is not None
                and previous.kind is Kind.CONJUNCTION
                and self._agent in ("government", "agency", "police")
                and self._names_body(at - 2)
            ):
                # "police and NGOs": a count of both
                pass
            elif previous is None or previous.kind not in (Kind.PREPOSITION, Kind.VERB):
                self._agent = "other"
            elif previous.low == "by" and self._frame is not None and self._frame.passive:
                self._count_by_others()
        elif (
            np.agent in ("government", "agency", "police")
            and np.noun is Noun.OTHER
            and np.det in (Det.BARE, Det.DEFINITE)
        ):
            previous = self._previous(at)
            if previous is None or previous.kind is not Kind.PREPOSITION:
                self._agent = np.agent
        if np.officials and self._frame is not None and self._frame.verb is Verb.COUNT:
            self._officials_topic = self._officials_topic or np.noun is Noun.OFFICIAL
        if np.crime:
            self.taken.add(at)
            self._late_crime(at)
            if np.det is Det.NUMBER:
                self._crime_topic = True
            return
        if np.abroad and np.measure is not None:
            self.taken.add(at)
            self._abroad = True
            return
        if np.named:
            self._crime_topic = self._crime_opening = False
        if phrase.low in EVERY and self._apposes_form(at, np):
            return
        if np.form is not None and np.det in (Det.BARE, Det.DEFINITE, Det.ANY, Det.ONE):
            self._late_form(at, np.form, np.group)
        before = self._previous(at)
        if before is not None and before.low == "but" and at > 1 and self._ps[at - 2].low == "all":
            # "all but one of the prosecutions"
            self.taken.add(at)
            return
        if np.bare and before is not None and before.low == "under":
            # "under 173": an article of a law
            self.taken.add(at)
            return
        if np.det is Det.NUMBER and (before is None or before.kind is not Kind.PREPOSITION):
            self._last_number = at
        if np.det is Det.VAGUE:
            if np.noun is not Noun.OTHER:
                self.vague.append(phrase)
            return
        after = self._next(at)
        following_low = after.low if after is not None else ""
        whole = self._part_of
        if (
            whole is not None
            and whole.relation is Relation.CUMULATIVE
            and np.bare
            and np.value is not None
            and self._dated_alike(at, np, [whole])
        ):
            return
        if np.unspecified and np.det is Det.NUMBER and self.drafts and self._listed(at):
            # "... three labor trafficking, and one unspecified case"
            self.taken.add(at)
            return
        if self._part_of is None and np.partitive and self._splits(at):
            # "120 of whom were victims of forced prostitution"
            near = self._context.roots[-1:] if self._context.age <= 2 and not np.bare else []
            self._part_of = self._last_head() or next(iter(near), None)
        if self._sums_up(at, np) or (self._part_of is not None and self._take_part(at, np)):
            return
        if np.officials and np.det is Det.ONE and self._apposed(at):
            return
        if np.noun is Noun.OTHER and np.sense == "years" and self.drafts and following_low == "since":
            # "no convictions in the four years since the law was passed"
            for draft in self.drafts[self._region :]:
                draft.relation = Relation.CUMULATIVE
        if np.noun is Noun.OTHER and np.sense in ("years", "decades") and np.det is Det.NUMBER:
            previous = self._previous(at)
            if previous is not None and previous.low.startswith(("over the", "in the past", "in the last")):
                # "Over the past five years, courts convicted 63 traffickers."
                if not self.drafts:
                    self._lead_relation = Relation.CUMULATIVE
                for draft in self.drafts[self._region :]:
                    draft.relation = Relation.CUMULATIVE
        if np.noun is Noun.OTHER and not (np.data and np.untold) and np.sense not in CLAIMS:
            if np.det is Det.NUMBER and not self._subjects:
                self._subjects = [at]
            return
        if np.noun is Noun.MEASURE and np.measure is not None:
            self._measure_noun(at, np)
            return
        frame = self._frame
        following = self._next(at)
        if (
            frame is not None
            and frame.sense in SENDING
            and frame.verb is Verb.OTHER
            and frame.polarity is Polarity.ASSERTED
            and np.bare
            and np.det is Det.NUMBER
            and self._sent_to_court(at)
        ):
            self._take(at, np, [Measure.PROSECUTIONS], value=np.value, frame=frame)
            return
        if (
            np.det is Det.NO
            and np.partitive
            and np.bare
            and following is not None
            and following.kind in (Kind.VERB, Kind.BE)
        ):
            # "none of which led to a prosecution"
            self._subjects = [at]
            return
        if np.measure is not None:
            if np.det is Det.NUMBER and (
                frame is None or frame.polarity in (Polarity.ASSERTED, Polarity.PURPOSE)
            ):
                self._take(at, np, [np.measure], value=np.value, frame=None)
            return
        if frame is not None and frame.verb is Verb.COUNT and not frame.passive and frame.measures:
            if self._take_object(at, np, frame):
                return
        elif (
            frame is not None
            and not frame.passive
            and np.noun in (Noun.CASE,)
            and frame.verb in (Verb.OPEN,)
            and not (frame.taken and before is not None and before.kind is Kind.PREPOSITION)
            and self._opened_cases(at, np, frame)
        ):
            return
        previous = self._previous(at)
        if (
            previous is not None
            and previous.kind is Kind.PREPOSITION
            and self._companion(at, np, previous.low)
        ):
            return
        if self._numbers(at, np) or self._handled(at, np) or self._equals(at, np):
            return
        if self._continues(at, np) or self._coordinates(at, np) or self._told_victims(at, np):
            return
        self._subjects = [*self._subjects, at] if self._coordinated(at) else [at]

    def _apposes_form(self, at: int, np: NounPhrase) -> bool:
        """ "confirmed nine, all sex trafficking victims"."""
        before, last = self._previous(at), self._last_current()
        if before is None or before.kind not in (Kind.DASH, Kind.COMMA, Kind.OPEN) or last is None:
            return False
        if np.form not in (Form.SEX, Form.LABOR) or np.counted or self._ps[at - 2].end < last.source:
            return False
        for draft in self._siblings(last):
            draft.form = np.form
        return True

    def _within_phrase(self, at: int) -> bool:
        """ "a case involving one child victim and three alleged traffickers": the three are in the case."""
        k = at - 1
        while k > 1 and self._ps[k].kind is Kind.CONJUNCTION and self._ps[k - 1].kind is Kind.NOUN:
            k -= 2
        return k < at - 1 and self._ps[k].low == "involving"

    def _names_body(self, at: int) -> bool:
        phrase = self._ps[at] if at >= 0 else None
        return phrase is not None and (
            phrase.kind in (Kind.AGENT, Kind.OTHER)
            or (phrase.noun is not None and (bool(phrase.noun.agent) or phrase.noun.noun is Noun.OFFICIAL))
        )

    def _splits(self, at: int) -> bool:
        verb = self._next(at)
        return (
            verb is not None and verb.kind is Kind.BE and self._predicate(at + 2, None, None) != (None, None)
        )

    def _listed(self, at: int) -> bool:
        before = self._previous(at)
        return before is not None and before.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.OPEN)

    def _coordinated(self, at: int) -> bool:
        previous = self._previous(at)
        return (
            bool(self._subjects)
            and previous is not None
            and previous.kind
            in (
                Kind.CONJUNCTION,
                Kind.COMMA,
                Kind.PREPOSITION,
            )
        )

    def _measure_noun(self, at: int, np: NounPhrase) -> None:
        frame = self._frame
        assert np.measure is not None  # noqa: S101 - the caller has looked
        begun = frame is not None and frame.verb is Verb.OPEN and np.det is Det.NUMBER
        named = np.named or np.stage is not None or begun or self._goes_on(at)
        if np.sense in ("trial", "trials") and not named:
            return
        measures = [np.measure, *np.also]
        if frame is not None and frame.sense in SENDING and self._sent_to_court(at):
            measures = [Measure.PROSECUTIONS]
        if frame is not None and frame.verb is Verb.SUPPORT:
            measures += [m for m in frame.measures if m not in measures]
        if frame is not None and frame.sense in ("receive", "answer", "field") and "quir" in np.sense:
            # "The hotline received 7,000 inquiries."
            self.taken.add(at)
            return
        if np.measure in VICTIM_MEASURES and np.det is not Det.NUMBER:
            return
        if np.partitive and frame is not None and frame.verb is Verb.OTHER and not frame.passive:
            # "closed one of the prosecutions"
            self.taken.add(at)
            return
        if np.data and np.partitive:
            # "how many of the convictions were for sex trafficking": their number is not the question
            return
        polarity = frame.polarity if frame is not None else Polarity.ASSERTED
        if (np.remainder or (np.det is Det.NO and np.definite)) and np.det is not Det.NUMBER:
            # "No other prosecutions", "no such investigations": a part of them.
            return
        if np.untold:
            self._take(at, np, measures, value=None, frame=None)
            return
        if np.det is Det.NUMBER or np.det is Det.NO or np.det is Det.UNKNOWN:
            if polarity in (Polarity.UNTOLD, Polarity.BLOCKED, Polarity.ZERO) and np.det is Det.NUMBER:
                return
            if not self._may_count(at, np):
                self._subjects = [at]
                return
            if self._tells_of_one(at, np):
                self._story = True
                self.taken.add(at)
                return
            if np.det is Det.NO and frame is not None and frame.verb is Verb.COUNT and not frame.passive:
                before = self._previous(at)
                if not frame.taken or before is None or before.kind not in (Kind.COMMA, Kind.CONJUNCTION):
                    return
            if np.det is Det.NUMBER and self._echoes(np, measures):
                self.taken.add(at)
                self._subjects = [at]
                return
            if self._is_part_of_known(at, np, measures):
                self.taken.add(at)
                return
            self._take(at, np, measures, value=np.value, frame=frame if self._owns(frame) else None)
            self._subjects = [at]
            return
        self._subjects = [at]
        previous = self._previous(at)
        told = frame is None or (previous is not None and previous.low == "in" and frame.measures != measures)
        if told and np.det in (Det.ONE, Det.DEFINITE) and np.ordinal and not np.plural:
            for draft in self._take(at, np, measures[:1], value=1, frame=None):
                draft.weak = True
            return
        if (
            frame is None
            or frame.passive
            or not self._owns(frame)
            or (frame.hedged and np.det is not Det.ANY)
        ):
            return
        if self._far_from_verb(at, frame):
            return
        if polarity is Polarity.UNTOLD and (
            np.det in (Det.ANY, Det.DATA)
            or (np.det is Det.BARE and (np.plural or np.data))
            or (np.det is Det.DEFINITE and np.plural and np.persons)
        ):
            self._take(at, np, measures, value=None, frame=frame)
        elif (
            polarity is Polarity.ZERO
            and frame.sense != "without"
            and frame.verb in (Verb.OPEN, Verb.SUPPORT, Verb.CONTINUE)
            and np.det in (Det.ANY, Det.BARE, Det.ONE, Det.DEFINITE)
        ):
            if np.det is Det.DEFINITE and frame.verb is not Verb.OPEN:
                return
            self._take(at, np, measures, value=0, frame=frame)
        elif (
            polarity is Polarity.ASSERTED
            and np.det is Det.ONE
            and not np.plural
            and frame.verb in (Verb.OPEN, Verb.SUPPORT, Verb.TELL)
        ):
            for draft in self._take(at, np, measures, value=1, frame=frame):
                draft.weak = True

    def _tells_of_one(self, at: int, np: NounPhrase) -> bool:
        """ "One investigation led to the prosecution of four suspects": what came of one of them."""
        known = any(d.measure is np.measure and (d.value or 0) > 1 for d in self._context.known)
        return np.value == 1 and at == 0 and known and np.form is None

    def _goes_on(self, at: int) -> bool:
        """ "Nine trials were still under way"."""
        return any(p.low in GOING_ON for p in self._ps[at + 1 : at + 4])

    def _is_part_of_known(self, at: int, np: NounPhrase, measures: list[Measure]) -> bool:
        """ "233 convictions carried a prison sentence": so many of the convictions counted before."""
        following = self._next(at)
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
        return previous.low in ("with", "to", "after", "following")

    def _opened_cases(self, at: int, np: NounPhrase, frame: Frame) -> bool:
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

    def _take_object(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """Let the open verb take this noun phrase as its object, or as another one beside it."""
        previous = self._previous(at)
        prep = previous.low if previous is not None and previous.kind is Kind.PREPOSITION else ""
        if not prep and frame.taken and self._within_phrase(at):
            prep = "involving"
        if np.bare and frame.sense in SENDING and self._sent_to_court(at):
            whole = self._current_roots() or self._context.roots
            template = whole[-1] if whole else None
            for draft in self._take(
                at, np, [Measure.PROSECUTIONS], value=np.value, frame=frame, template=template
            ):
                draft.stage = Stage.ANY
            return True
        measures = [m for m in frame.measures if compatible(np, m, frame.sense, bare=True)]
        following = self._next(at)
        if frame.sense == "find" and following is not None and following.low == "guilty":
            measures = [Measure.CONVICTIONS]
        if not measures and np.noun is Noun.CASE and frame.sense in FINDING:
            measures = [Measure.INVESTIGATIONS]
        if measures == [] and frame.measures[:1] == [Measure.VICTIMS_IDENTIFIED] and self._suspected(at, np):
            measures = [Measure.INVESTIGATIONS]
        as_victims = np.noun in (None, Noun.PERSON) and frame.measures[:1] == [Measure.VICTIMS_IDENTIFIED]
        if (
            as_victims
            and np.det is Det.NUMBER
            and not frame.taken
            and (self._called_victims(at) or self._freed(at, np, frame))
            and frame.polarity is Polarity.ASSERTED
        ):
            sure = self._called_victims(at) or self._from_exploitation(at)
            for draft in self._take(at, np, [Measure.VICTIMS_IDENTIFIED], value=np.value, frame=frame):
                draft.low = not sure
            return True
        if not measures:
            return False
        if prep:
            return self._companion(at, np, prep)
        if not (frame.taken or np.total or self._adjacent(at, frame) or self._reached(at, np, frame)):
            return False
        if frame.sense == "determine" and not self._determined(at):
            return False
        if np.bare and measures[0] in VICTIM_MEASURES:
            known = [*self._context.known, *self.drafts]
            whole = (self._current_roots() or self._context.roots)[-1:]
            if np.partitive and whole and whole[0].measure not in VICTIM_MEASURES:
                measures = [whole[0].measure]
            elif not any(d.measure in VICTIM_MEASURES for d in known) and frame.sense != "determine":
                return False
        if (
            frame.taken
            and previous is not None
            and previous.kind not in (Kind.CONJUNCTION, Kind.COMMA, Kind.COLON)
        ):
            return False
        if np.remainder and np.det is not Det.NUMBER:
            frame.taken = True
            return True
        polarity = frame.polarity
        if np.det is Det.NUMBER:
            if polarity not in (Polarity.ASSERTED, Polarity.PURPOSE):
                return False
            if frame.taken and np.bare and np.form is None and np.stage is None:
                return self._continues(at, np)
            before = self.drafts[-1] if frame.taken and np.bare and self.drafts else None
            known_officials = bool(self.drafts) and self.drafts[-1].accused is Accused.OFFICIALS
            for draft in self._take(at, np, measures, value=np.value, frame=frame):
                draft.weak = np.partitive and np.value == 1
                if before is not None and before.measure is draft.measure:
                    draft.unit = before.unit
                if np.partitive and np.bare and known_officials:
                    draft.accused = Accused.OFFICIALS
                if np.bare and np.form is None and (self._lead_year or self._lead_relation):
                    self._like_before(draft)
            return True
        if np.det is Det.NO:
            if polarity in (Polarity.ASSERTED, Polarity.ZERO):
                self._take(at, np, measures, value=0, frame=frame)
            return True
        if np.det is Det.UNKNOWN:
            self._take(at, np, measures, value=None, frame=frame)
            return True
        if np.det in (Det.ANY, Det.BARE) or (np.det is Det.ONE and not np.ordinal):
            if np.bare:
                return self._none_of_them(at, np, measures, frame)
            if (
                polarity is Polarity.ASSERTED
                and np.plural
                and np.det is Det.BARE
                and self._in_cases(at, measures, frame)
            ):
                return True
            if frame.hedged and np.det is not Det.ANY:
                return False
            if np.noun is Noun.PERSON and not np.named and np.det is not Det.ONE and np.sense not in ANYONE:
                return False
            if polarity is Polarity.ZERO and not self._restricted(at):
                self._take(at, np, measures, value=0, frame=frame)
                return True
            if polarity is Polarity.UNTOLD and not self._restricted(at):
                self._take(at, np, measures, value=None, frame=frame)
                return True
            if (
                polarity is Polarity.ASSERTED
                and np.det is Det.ONE
                and not np.plural
                and not frame.taken
                and (np.noun is not Noun.PERSON or np.trafficking)
            ):
                for draft in self._take(at, np, measures, value=1, frame=frame):
                    draft.weak = True
                return True
        if np.det is Det.DATA and polarity is Polarity.UNTOLD:
            self._take(at, np, measures, value=None, frame=frame)
            return True
        return False

    def _sent_to_court(self, at: int) -> bool:
        """ "referred 12 of them to the prosecutor's office"."""
        direction = self._next(at)
        return (
            direction is not None
            and direction.low in ("to", "for")
            and any(
                p.low.startswith(("prosecut", "court", "trial", "attorney"))
                or (p.noun is not None and p.noun.sense.startswith(("prosecut", "trial")))
                for p in self._ps[at + 2 : at + 5]
            )
        )

    def _none_of_them(self, at: int, np: NounPhrase, measures: list[Measure], frame: Frame) -> bool:
        """ "investigated 11 cases but did not prosecute any of them"."""
        whole = self._current_roots() or self._context.roots
        if not np.partitive or not whole or frame.polarity not in (Polarity.ZERO, Polarity.UNTOLD):
            return False
        value = 0 if frame.polarity is Polarity.ZERO else None
        self._take(at, np, measures, value=value, frame=frame, template=whole[-1])
        return True

    def _reached(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """ "referred to care seven victims": a number with its noun, past a phrase of direction."""
        if np.det is not Det.NUMBER or np.noun is None:
            return False
        return all(
            p.kind in (Kind.VERB, Kind.PREPOSITION, Kind.OTHER, Kind.AGENT, Kind.CONJUNCTION, Kind.PERIOD)
            or (p.noun is not None and p.noun.det in (Det.BARE, Det.DEFINITE) and p.noun.noun is Noun.OTHER)
            for p in self._ps[frame.at + 1 : at]
        ) and any(p.kind is Kind.PREPOSITION for p in self._ps[frame.at + 1 : at])

    def _called_victims(self, at: int) -> bool:
        """ "identified 44 of them as trafficking victims"."""
        return any(
            self._ps[k].low in ("as", "to") or self._ps[k].kind is Kind.BE
            for k in range(at + 1, min(at + 7, len(self._ps) - 1))
            if (name := self._ps[k + 1].noun) is not None
            and name.noun is Noun.VICTIM
            and name.det is Det.BARE
        )

    def _suspected(self, at: int, np: NounPhrase) -> bool:
        """ "identified 551 traffickers", "27 individuals suspected of trafficking": suspects, no victims."""
        after = self._next(at)
        suspects = np.noun is Noun.ACCUSED or (
            np.noun is Noun.PERSON and after is not None and after.low.startswith("suspected")
        )
        return suspects and np.det is Det.NUMBER

    def _freed(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """ "rescued 61 women in a raid on a trafficking ring"; "removed 40 workers from forced labor"."""
        if frame.sense in ("rescue", "free", "liberate"):
            named = (p.kind is Kind.FORM or (p.noun is not None and p.noun.trafficking) for p in self._ps)
            return np.noun is Noun.PERSON and any(named)
        return frame.sense == "remove" and self._from_exploitation(at)

    def _from_exploitation(self, at: int) -> bool:
        link = self._next(at)
        return (link is not None and link.low == "from") and any(
            p.kind is Kind.FORM or (p.noun is not None and p.noun.trafficking)
            for p in self._ps[at + 2 : at + 5]
        )

    def _determined(self, at: int) -> bool:
        """ "determined nine to be trafficking victims"."""
        return any(p.noun is not None and p.noun.noun is Noun.VICTIM for p in self._ps[at : at + 5])

    def _adjacent(self, at: int, frame: Frame) -> bool:
        """Whether nothing but other verbs of the series and adverbs stands between verb and object."""
        start = max(frame.at, self._dropped) + 1
        return all(
            phrase.kind in (Kind.VERB, Kind.CONJUNCTION, Kind.BE)
            or (phrase.kind is Kind.COMMA and self._ps[index + 1].kind in (Kind.VERB, Kind.CONJUNCTION))
            or (phrase.noun is not None and phrase.noun.crime)
            or (phrase.kind is Kind.OTHER and phrase.low.endswith(("ly", "ed", "ing")))
            or phrase.low in PARTICLES
            for index, phrase in enumerate(self._ps[start:at], start)
        )

    def _restricted(self, at: int) -> bool:
        """ "any suspects in these cases", "victims during inspections": a denial about a part only."""
        following = self._next(at)
        then = self._ps[at + 2] if at + 2 < len(self._ps) else None
        if following is not None and (following.kind is Kind.PRONOUN or following.low == "as a result"):
            return True
        if following is not None and following.kind is Kind.VERB and following.verb is not None:
            return following.verb.has(Inflection.PARTICIPLE)
        if following is None or following.kind is not Kind.PREPOSITION or then is None:
            return False
        if following.low in ("of", "from", "aboard") and then.kind is Kind.OTHER:
            return then.low not in (".", "the")
        if following.low == "under":
            return then.low in ("these", "those", "such", "other")
        if following.low == "through" and then.kind in (Kind.OTHER, Kind.BLOCKER):
            return True
        if then.kind is Kind.NOUN and then.noun is not None:
            return following.low in RESTRICTING and (
                then.noun.definite
                or following.low in ("among", "during", "through", "as", "involving")
                or then.noun.noun is Noun.PERSON
            )
        return following.low in ("among", "involving")

    def _in_cases(self, at: int, measures: list[Measure], frame: Frame) -> bool:
        """ "convicted traffickers in 163 cases": the cases are the count."""
        link = self._next(at)
        cases = self._ps[at + 2] if at + 2 < len(self._ps) else None
        if link is None or link.low not in ("in", "involving") or cases is None or cases.noun is None:
            return False
        if cases.noun.noun is not Noun.CASE or cases.noun.det is not Det.NUMBER or frame.taken:
            return False
        self._take(at + 2, cases.noun, measures, value=cases.noun.value, frame=frame)
        return True
