"""Decides whether a noun phrase is the object that an open verb counts."""

# ruff: noqa: PLR0911 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Accused, Form, Measure, Stage, Unit
from monitor.extraction.frames import (
    ACCUSED_MEASURES,
    ANYONE,
    FINDING,
    JUDGING,
    PARTICLES,
    RESTRICTING,
    SENDING,
    VICTIM_MEASURES,
    Frame,
    Polarity,
    compatible,
)
from monitor.extraction.lexicon import Inflection, Noun, Verb
from monitor.extraction.measure_nouns import MeasureNouns
from monitor.extraction.phrases import Det, Kind, NounPhrase


class VerbObjects(MeasureNouns):
    """What a counting verb takes: "convicted nine traffickers", "did not identify any victims"."""

    def _take_object(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """Let the open verb take this noun phrase as its object, or as another one beside it."""
        if self._take_referred(at, np, frame) or self._take_as_victims(at, np, frame):
            return True
        measures = self._measures_for(at, np, frame)
        if not measures:
            return False
        prep = self._preposition_of(at, frame)
        if prep:
            return self._companion(at, np, prep)
        if not self._is_in_reach(at, np, frame):
            return False
        if np.bare and measures[0] in VICTIM_MEASURES:
            measures = self._bare_victims(at, np, measures, frame)
            if not measures:
                return False
        if (np.remainder and np.det is not Det.NUMBER) or self._of_other_crimes(at):
            frame.taken = True
            self.taken.add(at)
            return True
        return self._count(at, np, measures, frame)

    def _take_referred(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """ "referred 12 of those to prosecutors"."""
        if not np.bare or frame.sense not in SENDING or not self._sent_to_court(at):
            return False
        if self._other_crimes and not self._current_roots():
            return True
        whole = (self._current_roots() or self._context.roots)[-1:]
        template = whole[0] if whole else None
        for draft in self._take(
            at, np, [Measure.PROSECUTIONS], value=np.value, frame=frame, template=template
        ):
            draft.stage = Stage.ANY
        return True

    def _take_as_victims(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """ "identified 44 of them as trafficking victims", "rescued 40 workers from forced labor"."""
        if np.noun not in (None, Noun.PERSON) or np.det is not Det.NUMBER or frame.taken:
            return False
        if frame.measures[:1] != [Measure.VICTIMS_IDENTIFIED] or frame.polarity is not Polarity.ASSERTED:
            return False
        called = self._called_victims(at)
        if not called and not self._freed(at, np, frame):
            return False
        for draft in self._take(at, np, [Measure.VICTIMS_IDENTIFIED], value=np.value, frame=frame):
            draft.form = self._form_called(at) or draft.form
            draft.low = not (called or self._from_exploitation(at))
        return True

    def _measures_for(self, at: int, np: NounPhrase, frame: Frame) -> list[Measure]:
        """What the verb counts here: who is found guilty is convicted, a case found is looked into."""
        following = self._next(at)
        if frame.sense == "find" and following is not None and following.low == "guilty":
            return [Measure.CONVICTIONS]
        if frame.sense == "hear" and np.noun is not Noun.CASE:
            # Police hear suspects, courts hear cases.
            return []
        if frame.sense == "transfer" and self._context.news and np.noun is not Noun.VICTIM:
            # Victims are transferred to shelters, people also by traffickers.
            return []
        measures = [m for m in frame.measures if compatible(np, m, frame.sense, bare=True)]
        if measures:
            return measures
        crime = np.noun is Noun.CRIME and np.named and self._context.news
        found = (np.noun is Noun.CASE or crime) and frame.sense in FINDING and not self._by_hotline(frame)
        victims = frame.measures[:1] == [Measure.VICTIMS_IDENTIFIED] and not self._context.news
        suspects = victims and self._suspected(at, np)
        return [Measure.INVESTIGATIONS] if found or suspects else []

    def _preposition_of(self, at: int, frame: Frame) -> str:
        previous = self._previous(at)
        if previous is not None and previous.kind is Kind.PREPOSITION:
            return previous.low
        return "involving" if frame.taken and self._within_phrase(at) else ""

    def _is_in_reach(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        if frame.sense in JUDGING and not self._determined(at):
            return False
        if frame.taken:
            previous = self._previous(at)
            if self._next(at) is not None and self._ps[at + 1].kind is Kind.BE:
                # "charged 21 suspects, and 10 traffickers were convicted": a subject
                return False
            but = previous is not None and previous.low == "but" and np.det is Det.NO
            return previous is None or but or previous.kind in (Kind.CONJUNCTION, Kind.COMMA, Kind.COLON)
        return np.total or self._adjacent(at, frame) or self._reached(at, np, frame)

    def _bare_victims(self, at: int, np: NounPhrase, measures: list[Measure], frame: Frame) -> list[Measure]:
        """ "identified nine of these": nine of the cases before, or of victims that the text has told of."""
        whole = (self._current_roots() or self._context.roots)[-1:]
        if np.partitive and whole and whole[0].measure not in VICTIM_MEASURES:
            return [whole[0].measure]
        if frame.sense in SENDING and whole and whole[0].measure not in VICTIM_MEASURES:
            # "investigated four owners and referred all four to the judiciary"
            return []
        known = any(d.measure in VICTIM_MEASURES for d in [*self._context.known, *self.drafts])
        known = known or self._shares_noun(at, (Noun.VICTIM,))
        return measures if known or frame.sense in JUDGING else []

    def _count(self, at: int, np: NounPhrase, measures: list[Measure], frame: Frame) -> bool:
        """Take the object by its determiner and what the verb says of it."""
        if np.det is Det.NUMBER:
            return self._count_number(at, np, measures, frame)
        if np.det is Det.NO:
            if frame.polarity in (Polarity.ASSERTED, Polarity.ZERO):
                self._take(at, np, measures, value=0, frame=frame)
            return True
        if np.det is Det.UNKNOWN or (np.det is Det.DATA and frame.polarity is Polarity.UNTOLD):
            self._take(at, np, measures, value=None, frame=frame)
            return True
        if np.det in (Det.ANY, Det.BARE) or (np.det is Det.ONE and not np.ordinal):
            if np.bare:
                return self._none_of_them(at, np, measures, frame)
            return self._count_any(at, np, measures, frame)
        return False

    def _count_number(self, at: int, np: NounPhrase, measures: list[Measure], frame: Frame) -> bool:
        if frame.polarity not in (Polarity.ASSERTED, Polarity.PURPOSE):
            return False
        if frame.taken and np.bare and np.form is None and np.stage is None:
            return self._continues(at, np)
        if self._is_share(at, np, measures):
            self.taken.add(at)
            frame.taken = True
            return True
        of_them = np.partitive and np.noun is Noun.PERSON and frame.taken and measures[0] in ACCUSED_MEASURES
        if of_them or self._adds_to_known(np, measures):
            # "convicted 26 traffickers, nine of them women": whom a trafficker is splits nothing
            self.taken.add(at)
            frame.taken = True
            return True
        last = self.drafts[-1] if self.drafts else None
        beside = last if frame.taken and np.bare else None
        for draft in self._take(at, np, measures, value=np.value, frame=frame):
            draft.weak = np.partitive and np.value == 1
            if beside is not None and beside.measure is draft.measure:
                draft.unit = beside.unit
            elif np.bare and self._shares_noun(at):
                draft.unit = Unit.CASES
            if np.bare and last is not None and last.accused is Accused.OFFICIALS:
                draft.accused = Accused.OFFICIALS
            if np.bare and np.form is None and (self._lead_year or self._lead_relation):
                self._like_before(draft)
        return True

    def _shares_noun(self, at: int, nouns: tuple[Noun, ...] = (Noun.CASE,)) -> bool:
        """ "investigated 28 and prosecuted 22 cases": the cases come with the last number."""
        rest = self._ps[at + 1 : at + 4]
        if len(rest) < 3 or rest[0].kind is not Kind.CONJUNCTION or rest[1].verb is None:
            return False
        later = rest[2].noun
        return later is not None and later.noun in nouns and rest[1].verb.verb is Verb.COUNT

    def _is_share(self, at: int, np: NounPhrase, measures: list[Measure]) -> bool:
        """ "Of the 495 investigations, officials investigated 127 at the federal level": a share of them."""
        federal = any(p.low == "federal" for p in self._ps[: max(0, at - 1)])
        if (
            (measures[0] not in ACCUSED_MEASURES and not federal)
            or np.form is not None
            or np.group is not None
            or np.stage is not None
            or np.value is None
        ):
            return False
        whole = [self._whole] if self._whole is not None else []
        known = self._context.known if np.partitive or federal else whole
        return any(
            d.measure in measures and d.parent is None and (d.value or 0) > (np.value or 0) for d in known
        )

    def _count_any(self, at: int, np: NounPhrase, measures: list[Measure], frame: Frame) -> bool:
        """ "any traffickers" under a denial, "traffickers in 163 cases", "a trafficker"."""
        asserted = frame.polarity is Polarity.ASSERTED
        if asserted and np.plural and np.det is Det.BARE and self._in_cases(at, measures, frame):
            return True
        if frame.hedged and np.det is not Det.ANY:
            return False
        if np.noun is Noun.PERSON and not np.named and np.det is not Det.ONE and np.sense not in ANYONE:
            return False
        if frame.polarity in (Polarity.ZERO, Polarity.UNTOLD) and not self._restricted(at):
            value = 0 if frame.polarity is Polarity.ZERO else None
            self._take(at, np, measures, value=value, frame=frame)
            return True
        single = asserted and np.det is Det.ONE and not np.plural and not frame.taken
        if frame.at and self._ps[frame.at - 1].low == "when":
            # "what officials must do when identifying a case": none in particular
            return False
        if single and (np.noun is not Noun.PERSON or np.trafficking):
            self._take_weakly(at, np, measures, frame)
            return True
        return False

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
        if np.det not in (Det.NUMBER, Det.ANY) or np.noun is None:
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

    def _form_called(self, at: int) -> Form | None:
        """ "found three to be victims of sex trafficking"."""
        for phrase in self._ps[at + 1 : at + 7]:
            if phrase.noun is not None and phrase.noun.noun is Noun.VICTIM:
                return phrase.noun.form if phrase.noun.form in LIMITING_FORMS else None
        return None

    def _of_other_crimes(self, at: int) -> bool:
        """ "identified five potential victims as victims of other crimes"."""
        link, name = self._next(at), self._ps[at + 2].noun if at + 2 < len(self._ps) else None
        return link is not None and link.low == "as" and name is not None and name.crime

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

    def _within_phrase(self, at: int) -> bool:
        """ "a case involving one child victim and three alleged traffickers": the three are in the case."""
        k = at - 1
        while k > 1 and self._ps[k].kind is Kind.CONJUNCTION and self._ps[k - 1].kind is Kind.NOUN:
            k -= 2
        return k < at - 1 and self._ps[k].low == "involving"

    def _restricted(self, at: int) -> bool:
        """ "any suspects in these cases", "victims during inspections": a denial about a part only."""
        following = self._next(at)
        then = self._ps[at + 2] if at + 2 < len(self._ps) else None
        if following is not None and (following.kind is Kind.PRONOUN or following.low == "as a result"):
            return True
        if any(p.low in ("in connection with", "connection") for p in self._ps[at + 1 : at + 3]):
            return True
        if following is not None and following.kind is Kind.VERB and following.verb is not None:
            return following.verb.has(Inflection.PARTICIPLE)
        if following is None or following.kind is not Kind.PREPOSITION or then is None:
            return False
        if following.low in ("of", "from", "aboard") and then.kind is Kind.OTHER:
            return then.low not in (".", "the")
        if following.low == "during" and then.kind is Kind.OTHER:
            # "any victims during the visit"
            return True
        if following.low == "in" and then.low in ("part", "key", "certain", "some", "most", "many", "other"):
            return True
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
