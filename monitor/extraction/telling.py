"""Decides what an article tells in words of its own: cases that there were, that came up, that are in court.

The report says that officials investigated cases; the press says that there were cases, that cases
were recorded, that they rose to so many. Cases that authorities know of have been looked into.
"""

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Measure, Qualifier, Relation, Reporter, Stage, Unit
from monitor.extraction.frames import (
    ACCUSED_MEASURES,
    CLAIMS,
    COUNTING,
    FILING,
    FINDING,
    GOING_ON,
    Frame,
    Polarity,
)
from monitor.extraction.lexicon import Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase
from monitor.extraction.references import References

# Verbs of having to do with a case, in an article.
_DEALING = frozenset(
    {"have", "see", "consider", "examine", "receive", "log", "handle", "count", "deal with", "review", "stop"}
    | {"thwart", "solve"}
)
# Bodies that count for themselves; others pass on what states have told them.
_COUNTERS = frozenset({"interpol", "europol", "iom", "unicef", "unhcr", "ilo", "charities", "ngos"})
_JUDGED = frozenset({"process", "consider", "examine", "review"})
_PLACES = frozenset(
    {"states", "provinces", "districts", "regions", "counties", "territories", "municipalities", "cities"}
)
_COURTS = frozenset({"court", "courts", "tribunals", "docket", "dock", "roll", "rolls"})


class Telling(References):
    """Cases and victims of an article under verbs that count nothing by themselves."""

    def _tells_cases(self, at: int, np: NounPhrase) -> bool:
        """ "There were 25 trafficking cases", "the agency has 262 trafficking cases in court"."""
        if not self._context.news or np.noun not in (Noun.CASE, Noun.CRIME) or np.det is not Det.NUMBER:
            return False
        known = np.definite or np.partitive or np.remainder or np.value == 1
        charges = np.sense == "charges" and np.named and not np.crime
        if known or np.group is not None or np.exploited is not None or not self._is_told(at):
            return False
        if not (np.named or self._like_known_cases(np)):
            return False
        in_court = charges or self._in_court(at) or self._before_a_court()
        measure = Measure.PROSECUTIONS if in_court else Measure.INVESTIGATIONS
        for draft in self._take(at, np, [measure], value=np.value, frame=self._frame):
            draft.stage = Stage.CONTINUED if in_court and not charges else draft.stage
            draft.low = True
        return True

    def _name_such_cases(self) -> None:
        """ "There were 98 such cases": of trafficking, where the sentence before has cases of it."""
        for phrase in self._ps:
            np = phrase.noun
            if np is not None and np.such and np.det is Det.NUMBER and np.noun in (Noun.CASE, Noun.CRIME):
                np.named = np.trafficking = self._context.of_trafficking
                np.crime = not np.named

    def _note_places(self, at: int, np: NounPhrase) -> None:
        """ "Seven states reported no convictions", "no data for 11 states": not the country."""
        after = self._next(at)
        states = np.bare and after is not None and after.low == "states"
        if np.det not in (Det.NUMBER, Det.VAGUE) or not (states or np.sense in _PLACES):
            return
        self._in_places = True
        if self._low(at - 1) in ("in", "for", "by") and self.drafts and not self.drafts[-1].value:
            del self.drafts[-1]

    def _inverted(self, at: int, np: NounPhrase) -> bool:
        """ "85 is the number of trafficking cases recorded in 2021"."""
        link, topic = self._next(at), self._ps[at + 2].noun if at + 2 < len(self._ps) else None
        if not self._context.news or not np.bare or np.det is not Det.NUMBER or at > 2:
            return False
        if link is None or link.kind is not Kind.BE or topic is None or not topic.data:
            return False
        named = topic.named or any(p.kind is Kind.FORM for p in self._ps[at + 3 : at + 7])
        measure = topic.measure
        if measure is None and named and topic.noun in (Noun.CASE, Noun.CRIME):
            measure = Measure.INVESTIGATIONS
        deed = self._ps[at + 3].verb if at + 3 < len(self._ps) else None
        if measure is None and topic.noun is Noun.VICTIM:
            measure = Measure.VICTIMS_IDENTIFIED
        elif measure is None and topic.noun is Noun.ACCUSED and deed is not None:
            measure = deed.measure
        if measure is None:
            return False
        self._add([self._draft(at, topic, measure)])
        self.drafts[-1].value, self.drafts[-1].source = np.value, self._ps[at].start
        self.taken.update((at, at + 2))
        return True

    def _of_suspects(self, at: int, measure: Measure) -> bool:
        """ "interrogated ten suspects, six of whom were charged": six of people nobody counts."""
        np = self._ps[at].noun
        if not self._context.news or np is None or not np.partitive or measure not in ACCUSED_MEASURES:
            return False
        return any(
            p.noun is not None and p.noun.det is Det.NUMBER and p.noun.noun in (Noun.ACCUSED, Noun.PERSON)
            for p in self._ps[max(0, at - 10) : at]
        )

    def _trafficked(self, at: int, np: NounPhrase) -> bool:
        """ "4,700 victims were trafficked in 2020": who is counted so is known."""
        link, deed = self._next(at), self._next(at + 1)
        if not self._context.news or np.det is not Det.NUMBER or np.qualifier is not Qualifier.EXACT:
            return False
        if np.noun not in (Noun.VICTIM, Noun.PERSON) or np.group is not None or np.national:
            return False
        told = link is not None and link.low in ("were", "was") and deed is not None
        if not told or deed is None or not deed.low.startswith("trafficked"):
            return False
        forms = [p.form for p in self._ps[at + 2 : at + 5] if p.form in LIMITING_FORMS]
        for draft in self._take(at, np, [Measure.VICTIMS_IDENTIFIED], value=np.value, frame=None):
            draft.low, draft.form = True, forms[0] if len(forms) == 1 and forms[0] else draft.form
        return True

    def _like_known_cases(self, np: NounPhrase) -> bool:
        """ "Last year, investigators reviewed 22 cases", after the cases of this year."""
        known = any(d.measure is Measure.INVESTIGATIONS and d.unit is Unit.CASES for d in self._context.known)
        return np.noun is Noun.CASE and known

    def _is_told(self, at: int) -> bool:
        """Whether the cases are there or dealt with; not what a hotline hears, or another verb counts."""
        frame, following = self._frame, self._next(at)
        counts = following is not None and following.verb is not None and following.verb.measure is not None
        if counts or any(p.low.endswith(("hotline", "helpline")) for p in self._ps[:at]):
            return False
        if self._there_are(at) or (frame is None and self._existential() and not self.drafts):
            return True
        dealt = frame is not None and (frame.sense in _DEALING or self._before_a_court())
        if frame is None or not dealt or frame.passive or frame.taken:
            return False
        claims = self._ps[at - 2].noun if at > 1 and self._ps[at - 1].low == "in" else None
        near = frame.at >= at - 2 or (claims is not None and claims.sense in CLAIMS)
        return near and (frame.polarity is Polarity.ASSERTED or frame.sense == "review")

    def _before_a_court(self) -> bool:
        """ "The court is still processing five cases"."""
        frame = self._frame
        if frame is None or frame.sense not in _JUDGED:
            return False
        return any(p.kind is Kind.AGENT and p.low in _COURTS for p in self._ps[: frame.at])

    def _under_way_in(self, at: int, np: NounPhrase) -> bool:
        """ "Investigations are still under way in four cases"."""
        if not self._context.news or np.noun is not Noun.CASE or np.crime or self._low(at - 1) != "in":
            return False
        link, deed = self._low(at - 2), self._ps[self._subjects[-1]].noun if self._subjects else None
        if link not in GOING_ON or deed is None or deed.measure is None or deed.value is not None:
            return False
        for draft in self._take(at, np, [deed.measure], value=np.value, frame=None):
            draft.stage = Stage.CONTINUED
        return True

    def _in_court(self, at: int) -> bool:
        """ "262 cases in various courts", "15 cases on the court roll"."""
        link = self._next(at)
        if link is None or link.low not in ("in", "before", "on"):
            return False
        return any(
            phrase.low in _COURTS or (phrase.noun is not None and phrase.noun.agent and phrase.noun.bare)
            for phrase in self._ps[at + 2 : at + 5]
        )

    def _found_cases(self, frame: Frame) -> None:
        """ "190 trafficking cases have been discovered", "779 trafficking offences were recorded"."""
        for k in self._subjects:
            np = self._ps[k].noun
            if np is None or k in self.taken or np.det is not Det.NUMBER or not np.named or np.crime:
                continue
            filed = np.noun is Noun.CRIME and frame.sense in FILING and not np.remainder
            found = np.noun in (Noun.CASE, Noun.CRIME) and frame.sense in FINDING and not np.definite
            if (filed or found) and frame.polarity is Polarity.ASSERTED:
                self._take(k, np, [Measure.INVESTIGATIONS], value=np.value, frame=frame)

    def _a_year_later(self, at: int, np: NounPhrase) -> bool:
        """ "333 cases in 2016 and another 302 a year later"; "the following year 2,347 were recorded"."""
        before, after = self._previous(at), self._next(at)
        if not self._context.news or np.det is not Det.NUMBER or not np.bare:
            return False
        if not any(p is not None and p.kind is Kind.PERIOD and p.sense == "later" for p in (before, after)):
            return False
        roots = self._current_roots() or (self._context.roots if self._context.age <= 1 else [])
        if not roots:
            return False
        last = [root for root in roots if root.source == roots[-1].source]
        for root in last:
            self._add([self._draft(at, np, root.measure, template=root)])
            self.drafts[-1].year, root.relation = None, Relation.PREVIOUS
        self.taken.add(at)
        return True

    def _found_victims(self, at: int, frame: Frame) -> None:
        """ "16 cases involving 28 victims were reported", "814 trafficking victims were registered"."""
        said = any(p.kind in (Kind.BE, Kind.VERB) for p in self._ps[at + 1 : at + 3])
        told = frame.sense in COUNTING and frame.polarity is Polarity.ASSERTED and not said
        for k in self._subjects:
            np = self._ps[k].noun
            if np is None or k in self.taken or k >= at:
                continue
            counted = np.noun is Noun.VICTIM and np.det is Det.NUMBER and not (np.crime or np.partitive)
            if counted and told and not np.definite and self._of_trafficking(np):
                for draft in self._take(k, np, [Measure.VICTIMS_IDENTIFIED], value=np.value, frame=frame):
                    draft.low = True
            else:
                self._with_victims(k, np)

    def _of_trafficking(self, np: NounPhrase) -> bool:
        return np.named or any(
            p.kind is Kind.FORM or (p.noun is not None and p.noun.trafficking) for p in self._ps
        )

    def _released(self, at: int, np: NounPhrase) -> bool:
        """ "The police released 1,056 victims of trafficking networks": from those who held them."""
        frame = self._frame
        if not self._context.news or frame is None or frame.sense != "release" or frame.at < at - 1:
            return False
        counted = np.noun is Noun.VICTIM and np.det is Det.NUMBER
        if not counted or frame.passive or frame.polarity is not Polarity.ASSERTED:
            return False
        self._take(at, np, [Measure.VICTIMS_IDENTIFIED], value=np.value, frame=frame)
        return True

    def _others(self, at: int, np: NounPhrase) -> bool:
        """ "599 were rescued last year, while 230 others in 44 raids this year": the verb is left out."""
        before, after, last = self._previous(at), self._next(at), self._last_current()
        if not self._context.news or np.sense != "others" or np.det is not Det.NUMBER or last is None:
            return False
        if before is None or before.kind not in (Kind.CONTRAST, Kind.CONJUNCTION):
            return False
        if after is None or after.kind not in (Kind.PREPOSITION, Kind.PERIOD, Kind.YEAR):
            return False
        self._region = len(self.drafts)
        draft = self._draft(at, np, last.measure, template=last)
        draft.year, draft.when = None, ""
        self._add([draft])
        self.taken.add(at)
        return True

    def _with_victims(self, at: int, np: NounPhrase) -> bool:
        """ "16 cases involving 28 victims": who is in cases that are known is known."""
        link, last = self._previous(at), self._last_current()
        if not self._context.news or np.noun is not Noun.VICTIM or np.det is not Det.NUMBER:
            return False
        if link is None or link.low != "involving" or last is None or last.measure not in ACCUSED_MEASURES:
            return False
        draft = self._draft(at, np, Measure.VICTIMS_IDENTIFIED)
        draft.relation, draft.year, draft.low = last.relation, last.year, True
        self._add([draft])
        self.taken.add(at)
        return True

    def _told_by_their_counters(self) -> None:
        """ ", Interpol said on Wednesday": the numbers are of the body that the sentence ends with."""
        for comma, agent, verb in zip(self._ps, self._ps[1:], self._ps[2:], strict=False):
            if comma.kind is Kind.COMMA and agent.low in _COUNTERS and verb.verb is not None:
                for draft in self.drafts:
                    draft.reporter = Reporter.OTHER

    def _cases_of_those(self, at: int, measures: list[Measure]) -> None:
        """ "82 sex trafficking cases with 135 people prosecuted": so many cases, and the people's form."""
        people, with_them = self._ps[at].noun, at > 1 and self._ps[at - 1].low == "with"
        cases = self._ps[at - 2].noun if with_them and at - 2 not in self.taken else None
        if not self._context.news or cases is None or people is None or not people.value:
            return
        counted = cases.noun is Noun.CASE and cases.det is Det.NUMBER and cases.named
        if counted and measures[0] in ACCUSED_MEASURES:
            self._take(at - 2, cases, measures[:1], value=cases.value, frame=None)
            people.form = people.form or cases.form

    def _in_so_many_cases(self, at: int, frame: Frame) -> None:
        """ "The defendants were convicted only in two cases": the cases are the count."""
        subject = self._ps[self._subjects[-1]].noun if self._subjects else None
        accused = subject is not None and subject.noun is Noun.ACCUSED and subject.plural
        if not accused or not self._context.news:
            return
        for k in range(at + 1, min(at + 4, len(self._ps) - 1)):
            np = self._ps[k + 1].noun
            if self._ps[k].low == "in" and np is not None and np.noun is Noun.CASE and np.det is Det.NUMBER:
                self._take(k + 1, np, frame.measures[:1], value=np.value, frame=frame)
                return

    def _headline_number(self, at: int, np: NounPhrase) -> bool:
        """ "12 convicted of trafficking": persons, in a headline without a verb."""
        clause = self._context.news and np.bare and np.det is Det.NUMBER and np.participle is not None
        if not clause or np.participle not in ACCUSED_MEASURES or not np.named:
            return False
        before = self._previous(at)
        opens = before is None or before.kind in (Kind.COMMA, Kind.COLON, Kind.DASH)
        if not opens or any(p.verb is not None and p.verb.verb is not Verb.TELL for p in self._ps[:at]):
            return False
        self._take(at, np, [np.participle], value=np.value, frame=None)
        return True
