"""Decides which noun phrase before a passive verb is the one it counts."""

# ruff: noqa: PLR0911, PLR0912, PLR0915 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Measure, Relation, Stage
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import (
    ACCUSED_MEASURES,
    EVERY,
    FILING,
    VICTIM_MEASURES,
    Frame,
    Polarity,
    compatible,
    unit_of,
)
from monitor.extraction.lexicon import Noun, Verb
from monitor.extraction.objects import Objects
from monitor.extraction.phrases import Det, Kind, NounPhrase


class Passives(Objects):
    """Subjects of passives, full and reduced."""

    def _passive(self, at: int, frame: Frame) -> None:
        if not frame.measures:
            if self._secured_in_cases(at, frame):
                return
            if frame.verb in (Verb.OPEN, Verb.TELL):
                self._begun(frame)
            if self._context.news:
                self._found_cases(frame)
                self._found_victims(at, frame)
            if frame.verb is Verb.OPEN:
                self._restage(Stage.NEW, at)
            elif frame.verb is Verb.CONTINUE:
                self._restage(Stage.CONTINUED, at)
            return
        freed = any(
            (s := self._ps[k].noun) is not None and s.noun is Noun.VICTIM and s.det is Det.NUMBER
            for k in self._subjects
        )
        if frame.sense == "remove" and not freed:
            return
        before = self._previous(at)
        stuck = before is not None and (
            (before.kind is Kind.OTHER and before.low.endswith(("ed", "appear")))
            or (before.verb is not None and before.verb.verb is Verb.SUPPORT)
        )
        if stuck and frame.sense == "predicate" and self._ps[at].low.startswith(("in ", "before ", "on ")):
            # "cases stymied in the courts": where something happened, not where they are
            return
        if frame.sense == "predicate" and self._is_of_outcomes(at):
            return
        if self._context.news:
            self._found_cases(frame)
        if self._convicted_before(at, frame):
            return
        self._verb_topic = frame.measures[0]
        self._take_subjects(at, frame.measures, frame)

    def _is_of_outcomes(self, at: int) -> bool:
        """ "37 convictions in court" are not on trial."""
        np = self._ps[self._subjects[-1]].noun if self._subjects else None
        place = self._ps[at].low.startswith(("in ", "before "))
        return place and np is not None and np.measure in (Measure.CONVICTIONS, Measure.SENTENCES)

    def _secured_in_cases(self, at: int, frame: Frame) -> bool:
        """ "Convictions were secured in three of the 17 cases", "charges were filed against nine"."""
        deeds = self._ps[self._subjects[-1]].noun if len(self._subjects) == 1 else None
        link, cases = self._next(at), self._ps[at + 2].noun if at + 2 < len(self._ps) else None
        if frame.verb not in (Verb.OPEN, Verb.SUPPORT) or frame.polarity is not Polarity.ASSERTED:
            return False
        if deeds is None or deeds.det is not Det.BARE or not deeds.plural or deeds.crime:
            return False
        if link is None or cases is None or cases.det is not Det.NUMBER or cases.crime:
            return False
        accused = link.low == "against" and (cases.bare or cases.noun in (Noun.ACCUSED, Noun.PERSON))
        if not (accused or (link.low == "in" and cases.noun is Noun.CASE)):
            return False
        measure = Measure.PROSECUTIONS if deeds.sense == "charges" else deeds.measure
        if measure is None:
            return False
        for draft in self._take(at + 2, cases, [measure], value=cases.value, frame=frame):
            draft.form = draft.form if draft.printed_form or deeds.form is None else deeds.form
        return True

    def _begun(self, frame: Frame) -> None:
        """ "An investigation was initiated" is one; "11 cases were opened" are investigations."""
        for k in self._subjects:
            np = self._ps[k].noun
            if np is None or k in self.taken or np.crime or np.remainder or (np.partitive and np.value == 1):
                continue
            negative = frame.polarity is Polarity.ZERO
            if np.noun is Noun.CASE and np.det is Det.NUMBER and frame.polarity is Polarity.ASSERTED:
                told = self._context.news and frame.sense in ("register", "record") and not np.definite
                if frame.sense in FILING and (np.named or told or self._with_police(frame.at)):
                    for draft in self._take(k, np, [Measure.INVESTIGATIONS], value=np.value, frame=frame):
                        draft.low = told and not np.named
                continue
            if frame.verb is not Verb.OPEN:
                continue
            if np.noun is Noun.CASE and np.data and frame.sense in ("file", "open", "initiate"):
                # "did not report how many cases were filed"
                if np.untold or self._untold_before(k):
                    measure = Measure.PROSECUTIONS if frame.sense == "file" else Measure.INVESTIGATIONS
                    self._take(k, np, [measure], value=None, frame=frame)
                continue
            if np.noun is Noun.MEASURE and np.measure is not None:
                if np.det is Det.ONE and not np.plural and frame.polarity is Polarity.ASSERTED:
                    for draft in self._take(k, np, [np.measure], value=1, frame=frame):
                        draft.weak = True
                elif np.det in (Det.ANY, Det.BARE) and np.plural and negative:
                    self._take(k, np, [np.measure, *np.also], value=0, frame=frame)

    def _rescued(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """ "2,847 workers were rescued from slave labor"; "59 were rescued", where victims were told of."""
        if frame.sense not in ("rescue", "free", "liberate") or np.noun is not Noun.PERSON or not np.value:
            return False
        for phrase in self._ps[at:]:
            if phrase.kind is Kind.FORM or (phrase.noun is not None and phrase.noun.trafficking):
                np.form = np.form or phrase.form
                return True
        return self._context.news and bool(self._context.known or self.drafts)

    def _with_police(self, at: int) -> bool:
        """ "were recorded with the police"."""
        after = self._ps[at + 1 : at + 5]
        return (
            bool(after)
            and after[0].low in ("with", "by", "in", "at")
            and any("police" in p.low or p.sense == "agency" for p in after)
        ) or any(
            p.noun is not None and p.noun.agent in ("government", "agency", "police")
            for p in after[1:]
            if after[0].low == "with"
        )

    def _take_subjects(self, at: int, measures: list[Measure], frame: Frame) -> None:
        subjects = [k for k in self._subjects if self._ps[k].noun is not None]
        if not subjects:
            return
        chosen = None
        for k in reversed(subjects):
            np = self._ps[k].noun
            previous = self._ps[k - 1] if k else None
            if np is None or not (
                any(compatible(np, m, frame.sense, bare=True) for m in measures)
                or (np.noun is Noun.PERSON and np.value and self._called_victims(at))
                or self._rescued(at, np, frame)
            ):
                continue
            if (
                previous is not None
                and previous.kind is Kind.PREPOSITION
                and any(self._is_counted(other) for other in subjects if other != k)
                and not (previous.low == "with" and self._touches(k, at))
                and previous.low in ("in", "from", "with", "of", "involving", "against", "by")
            ):
                continue
            if np.bare and not self._touches(k, at):
                continue
            chosen = k
            break
        if chosen is None:
            self._in_so_many_cases(at, frame)
            return
        np = self._ps[chosen].noun
        assert np is not None  # noqa: S101 - chosen above
        self._cases_of_those(chosen, measures)
        if self._is_with_part(chosen, np, measures):
            self.taken.add(chosen)
            return
        usable = [m for m in measures if compatible(np, m, frame.sense, bare=True)] or measures
        negative = frame.polarity is Polarity.ZERO
        if frame.polarity is Polarity.BLOCKED and not np.ordinal:
            return
        rest = np.remainder and (np.det is not Det.NUMBER or self._adds_to_known(np, usable))
        if np.crime or rest or (np.det is Det.NO and np.partitive and not np.bare):
            return
        value: int | None
        if np.partitive and np.data and frame.reduced:
            # "unknown how many of the cases prosecuted were of trafficking"
            return
        if np.untold or (np.det is Det.DATA):
            if not (np.untold or self._untold_before(chosen)) or self._restricted(at):
                return
            value = None
        elif np.det in (Det.NUMBER, Det.NO) and not negative:
            value = np.value
        elif np.det is Det.UNKNOWN:
            value = None
        elif (
            np.det in (Det.ANY, Det.BARE)
            and negative
            and (np.plural or np.det is Det.ANY)
            and not np.definite
            and not self._is_relative(at, frame)
        ):
            value = 0
        elif (
            np.det is Det.ONE
            and not np.plural
            and not negative
            and np.noun not in (None, Noun.PERSON, Noun.OTHER)
        ):
            for draft in self._take(chosen, np, usable, value=1, frame=frame):
                draft.weak = True
            return
        else:
            self._in_so_many_cases(at, frame)
            return
        template: Draft | None = None
        if np.bare:
            before = self._current_roots() or self._context.roots
            template = before[-1] if before else None
            victims = template is not None and template.measure in VICTIM_MEASURES
            if template is None and self._of_suspects(chosen, usable[0]):
                pass
            elif template is None or victims is not (usable[0] in VICTIM_MEASURES):
                return
            if np.det is Det.NO and not np.partitive and not self._current_roots():
                return
        if self._context.news and not np.partitive and self._is_share(chosen, np, usable):
            # "Of the 698 cases, 541 were investigated by the police": a share of them
            self.taken.add(chosen)
            return
        all_of_them = self._ps[chosen].low in EVERY and np.bare
        if np.det is Det.NUMBER and (all_of_them or self._echoes(np, usable)):
            self.taken.add(chosen)
            return
        if np.whole is not None and np.form is None and self._counted_before(np.whole, usable):
            self.taken.add(chosen)
            self._split_by_deed(chosen, np, at)
            return
        told = chosen == 0 and np.value == 1 and np.form is None and usable[0] in ACCUSED_MEASURES
        aside = (np.partitive and np.value == 1) or (frame.reduced and self._goes_on_without(at, np))
        dated = any(p.kind is Kind.YEAR and p.sense in ("in", "during") for p in self._ps[at:])
        for draft in self._take(chosen, np, usable, value=value, frame=frame, template=template):
            draft.story = draft.story or aside
            draft.weak = draft.weak or told
            if template is not None and dated:
                draft.year = self._lead_year
            if template is not None and np.form is None:
                self._contrast_form(draft, template, at)
        for k in subjects:
            other = self._ps[k].noun
            if (
                k != chosen
                and other is not None
                and k > chosen
                and other.det is Det.NUMBER
                and (other.noun is Noun.CASE) is not (np.noun is Noun.CASE)
                and compatible(other, usable[0], "", bare=False)
                and usable[0] in ACCUSED_MEASURES
            ):
                previous = self._ps[k - 1]
                if previous.kind is Kind.PREPOSITION and previous.low in (
                    "in",
                    "involving",
                    "with",
                    "against",
                ):
                    draft = self._draft(k, other, usable[0], template=self.drafts[-1])
                    draft.unit = unit_of(other, usable[0], None)
                    self._add([draft])
                    self.taken.add(k)

    def _contrast_form(self, draft: Draft, template: Draft, at: int) -> None:
        """ "One was convicted of labor trafficking and four were convicted of sex trafficking"."""
        own = next((p.form for p in self._ps[at + 1 : at + 4] if p.kind is Kind.FORM), None)
        if own in LIMITING_FORMS and own is not template.form and template.form in LIMITING_FORMS:
            draft.form, draft.printed_form = own, True
            template.weak = template.story = False

    def _convicted_before(self, at: int, frame: Frame) -> bool:
        """ "sentenced four traffickers, who had been convicted in the previous reporting period"."""
        before = [p for p in self._ps[max(0, at - 4) : at] if p.kind not in (Kind.BE, Kind.COMMA)]
        if (
            frame.measures != [Measure.CONVICTIONS]
            or not before
            or before[-1].low != "who"
            or not self.drafts
        ):
            return False
        last = self.drafts[-1]
        past = any(p.kind is Kind.PERIOD and p.sense == "previous" for p in self._ps[at + 1 : at + 4])
        if last.measure is not Measure.SENTENCES or last.source != before[0].start or not past:
            return False
        self._add([last.copy(measure=Measure.CONVICTIONS, relation=Relation.PREVIOUS, year=None)])
        return True

    def _split_by_deed(self, chosen: int, np: NounPhrase, at: int) -> None:
        """ "Four of the 21 were convicted of labor trafficking": a part by its form."""
        form = next((p.form for p in self._ps[at + 1 : at + 4] if p.kind is Kind.FORM), None)
        for draft in reversed([*self._context.known, *self.drafts]):
            if form in LIMITING_FORMS and draft.value == np.whole and draft.parent is None:
                self._split(chosen, np, draft, form, None)
                return

    def _is_counted(self, index: int) -> bool:
        np = self._ps[index].noun
        return np is not None and (np.counted or np.det is Det.ONE)

    def _is_relative(self, at: int, frame: Frame) -> bool:
        """ "Victims who were not properly identified" are some that there are."""
        subject = self._previous(self._subjects[-1]) if self._subjects else None
        of_these = subject is not None and subject.kind is Kind.SUBSET
        pronouns = (p.kind is Kind.PRONOUN and p.low in ("who", "that") for p in self._ps[at - 2 : at])
        return frame.hedged or of_these or any(pronouns)

    def _counted_before(self, whole: int, measures: list[Measure]) -> bool:
        """ "two of five defendants were charged": a part of five that were counted."""
        return any(d.value == whole and d.measure in measures for d in [*self._context.known, *self.drafts])

    def _goes_on_without(self, at: int, np: NounPhrase) -> bool:
        """ "75 victims identified in March were sent home": the sentence is not about how many there were."""
        if np.det is not Det.NUMBER or self._frame is None or self._region:
            return False
        return any(p.kind is Kind.BE for p in self._ps[at + 1 : at + 7])

    def _touches(self, index: int, verb: int) -> bool:
        """Whether a bare number stands right before its verb: "three of whom were convicted"."""
        return all(
            p.kind in (Kind.BE, Kind.SUBSET, Kind.PRONOUN, Kind.VERB, Kind.CONJUNCTION)
            or p.low.endswith("ly")
            or p.low in ("now", "still", "also")
            for p in self._ps[index + 1 : verb]
        )

    def _untold_before(self, index: int) -> bool:
        frame = self._frame
        if frame is not None and frame.polarity is Polarity.UNTOLD:
            return True
        for phrase in self._ps[max(0, index - 6) : index]:
            if phrase.kind is Kind.UNCLEAR or (
                phrase.verb is not None
                and phrase.verb.verb is Verb.TELL
                and not phrase.verb.modal
                and phrase.verb.negated
                and not phrase.verb.hedged
            ):
                return True
        return False
