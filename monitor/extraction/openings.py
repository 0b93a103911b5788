"""Decides what a clause's opening words refer to: "Of the 82 victims, ...", "In 2015, 21 were ..."."""

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Measure, Relation
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import PERCENT, VICTIM_MEASURES, compatible, unit_of
from monitor.extraction.lexicon import Noun, Verb
from monitor.extraction.parts import Parts
from monitor.extraction.phrases import Det, Kind, NounPhrase, VerbPhrase


class Openings(Parts):
    """Where reading starts, and the whole that the clause splits."""

    def _opening(self) -> int:
        """Where reading starts, with the figure that the clause's opening words refer to."""
        opening = [p.low for p in self._ps[:3]]
        compares = ("by", "for") if self._context.news else ("by", "for", "in")
        if opening[1:2] == ["comparison"] and opening[2:] in ([","], [":"]) and opening[0] in compares:
            self._lead_relation = Relation.PREVIOUS
        dated = self._dated_split()
        if dated is not None:
            self._part_of, self._lead_year = dated, dated.year
            return 3
        goes_on = not self._clause.first
        # "...; and 65 were victims of sex trafficking"
        at = 1 if goes_on and len(self._ps) > 1 and self._ps[0].kind is Kind.CONJUNCTION else 0
        whole, near = self._victims_before(at), 5
        if whole is None and self._context.roots:
            whole, near = self._context.roots[-1], 1
        says = goes_on or self._says_form(at) or self._involves_form(at)
        close = goes_on or self._context.age <= near
        if whole is not None and close and says and self._opens_with_part(at, whole):
            self._part_of = whole
            return at
        return self._anaphor()

    def _victims_before(self, at: int) -> Draft | None:
        """ "Thirteen victims were exploited in forced labor", past sentences on care and origin."""
        np = self._ps[at].noun if self._ps else None
        if np is None or np.noun not in (Noun.VICTIM, Noun.PERSON):
            return None
        for draft in reversed(self._context.known):
            if draft.measure is Measure.VICTIMS_IDENTIFIED and draft.relation is Relation.CURRENT:
                return draft.parent or draft
        return None

    def _dated_split(self) -> Draft | None:
        """ "In 2015, 21 victims were subjected to sex trafficking, ...": of the figure of that year."""
        if len(self._ps) < 6 or self._ps[0].low != "in" or self._ps[2].kind is not Kind.COMMA:
            return None
        np = self._ps[3].noun
        if self._ps[1].kind is not Kind.YEAR or np is None or np.value is None or not self._says_form(3):
            return None
        for draft in reversed(self._context.known):
            if draft.year == self._ps[1].years[0] and draft.parent is None and (draft.value or 0) >= np.value:
                return draft if compatible(np, draft.measure, "", bare=True) else None
        return None

    def _involves_form(self, at: int) -> bool:
        """ "Ten of these cases involved sex trafficking", "ten involved sex trafficking": no other verb."""
        np = self._ps[at].noun if self._ps else None
        return (
            np is not None
            and np.det is Det.NUMBER
            and np.form in LIMITING_FORMS
            and (np.bare or np.partitive or np.noun is Noun.VICTIM)
            and not any(p.kind in (Kind.VERB, Kind.BE) for p in self._ps[:12])
        )

    def _opens_with_part(self, at: int, root: Draft) -> bool:
        """After a semicolon, "two for sex trafficking", "29 suspects for ..." split the figure before it."""
        np = self._ps[at].noun
        if np is None or np.det is not Det.NUMBER or np.noun in (Noun.OTHER, Noun.MEASURE):
            return False
        if np.value is None or root.value is None or np.value > root.value:
            return False
        if np.bare:
            verb = self._next(at)
            return np.form is not None or (
                verb is not None
                and verb.kind is Kind.BE
                and not any(
                    p.verb is not None and p.verb.measure is not None for p in self._ps[at + 1 : at + 4]
                )
            )
        return self._says_form(at) or (
            (np.form in LIMITING_FORMS or (np.unspecified and np.form is not None))
            and not any(p.kind in (Kind.VERB, Kind.BE) for p in self._ps[:8])
        )

    def _says_form(self, at: int) -> bool:
        """ "30 victims were subjected to sex trafficking and nine to forced labor"."""
        at = self._past_insertion(at)
        verb = self._next(at)
        if verb is None or not (
            verb.kind is Kind.BE or verb.low in ("involved", "concerned", "suffered", "experienced")
        ):
            return False
        return self._predicate(at + 2, None, None)[0] in LIMITING_FORMS

    def _anaphor(self) -> int:
        """ "Of the victims identified, ...", "Among the 33 cases, ...": parts of an earlier figure."""
        if not self._ps:
            return 0
        first = self._ps[0]
        whole = self._ps[1].noun if len(self._ps) > 1 else None
        if first.low in ("of", "out of", "among") and whole is not None and self._counted_whole(1, whole):
            return self._after_comma(1)
        if not self._context.roots or self._context.age > 6:
            return 0
        if first.kind is Kind.SUBSET and first.low.startswith(("of ", "among")):
            pass
        elif not (
            first.low in ("of", "among") and whole is not None and (whole.definite or whole.value is not None)
        ):
            return 0
        head = self._context.roots[-1]
        if whole is not None:
            fitting = [
                root
                for root in reversed([*self._context.known[-40:], *self._context.roots])
                if root.parent is None
                and (whole.measure is root.measure or compatible(whole, root.measure, "", bare=False))
            ]
            if whole.measure is not None:
                fitting = [r for r in fitting if r.unit is unit_of(whole, whole.measure, None)] or fitting
            if whole.bare and whole.value is not None:
                # "Of the 88, 67 ..."
                fitting = [
                    root for root in reversed(self._context.known[-40:]) if root.parent is None
                ] or fitting
            exact = [root for root in fitting if whole.value in (None, root.value)]
            head = (exact or fitting or [head])[0]
        self._part_of = self._whole = head
        return self._after_comma(1)

    def _after_comma(self, start: int) -> int:
        for k in range(start, min(len(self._ps), start + 8)):
            if self._ps[k].kind is Kind.COMMA:
                return k + 1
        return start

    def _inserted_whole(self, at: int) -> int:
        """ "Officials stated that, of the 18 cases investigated, ...": where reading goes on."""
        before, whole = self._previous(at), self._next(at)
        opens = before is not None and before.kind in (Kind.COMMA, Kind.PRONOUN) and self._ps[at].low == "of"
        if opens and whole is not None and whole.noun is not None and self._counted_whole(at + 1, whole.noun):
            return self._after_comma(at + 1)
        return at + 1

    def _counted_whole(self, at: int, whole: NounPhrase) -> bool:
        """ "Of the 82 victims identified, 60 ...": a whole that nothing before has told is told here.

        "Of 40 suspects, 25 were prosecuted" tells none, but says what the 25 are.
        """
        if whole.value is None or whole.noun in (None, Noun.OTHER) or whole.crime:
            return False
        victims = whole.noun is Noun.VICTIM
        comparable = (d for d in self._context.known if d.measure in VICTIM_MEASURES or not victims)
        if any(draft.value == whole.value for draft in comparable):
            self.taken.add(at)
            return False
        verb = self._verb_of_whole(at)
        measure = (verb.measure or whole.measure) if verb is not None and not verb.negated else whole.measure
        told = verb is not None and verb.verb is Verb.TELL and self._context.news
        if measure is None and told and whole.noun is Noun.VICTIM:
            # "of the 176 victims recorded"
            measure = Measure.VICTIMS_IDENTIFIED
        if measure is None and whole.sense in ("court cases", "trial cases"):
            measure = Measure.PROSECUTIONS
        self.taken.add(at)
        counts = measure is not None and (
            whole.measure is measure or compatible(whole, measure, "", bare=False)
        )
        if any(
            p.kind is Kind.CRIME or (p.noun and p.noun.crime) for p in self._ps[at : self._after_comma(at)]
        ):
            return False
        if counts and any(
            p.kind is Kind.AGENT and p.sense == "agency" for p in self._ps[at + 1 : self._after_comma(at)]
        ):
            return False
        if counts and verb is None and any(d.measure is measure for d in self._context.known):
            # "Of the 33 convictions with known terms, ...": a part of those that were counted
            return False
        if counts and measure is not None:
            self._add([self._draft(at, whole, measure)])
            self._part_of = self._whole = self.drafts[-1]
        for phrase in self._ps[at + 1 :]:
            np = phrase.noun
            if np is not None and np.bare and np.det in (Det.NUMBER, Det.NO) and np.form is None:
                np.noun, np.persons = whole.noun, whole.persons
        return True

    def _is_whole_of_share(self, at: int, np: NounPhrase) -> bool:
        """ "charged 84 percent of the 190 suspects arrested": of the whole, only its own participle tells."""
        if np.det is not Det.NUMBER or at < 2 or self._ps[at - 1].low != "of":
            return False
        share = self._ps[at - 2].noun
        if share is None or share.sense not in PERCENT:
            return False
        self.taken.add(at)
        rest = self._ps[at + 1 : at + 4]
        deed = next((p for p in rest if p.kind not in (Kind.PRONOUN, Kind.BE)), None)
        verb = deed.verb if deed is not None else None
        measure = np.measure or (verb.measure if verb is not None and not verb.negated else None)
        told = verb is not None and verb.verb in (Verb.OPEN, Verb.TELL) and self._context.news
        if measure is None and told and np.noun is Noun.CASE:
            measure = Measure.INVESTIGATIONS
        if measure is not None and (np.measure or compatible(np, measure, "", bare=False)):
            self._add([self._draft(at, np, measure)])
        return True

    def _verb_of_whole(self, at: int) -> VerbPhrase | None:
        """ "Of the 131 victims the government identified in 2017, ..."."""
        for phrase in self._ps[at + 1 : at + 5]:
            if phrase.verb is not None:
                return phrase.verb
            if phrase.kind not in (Kind.OTHER, Kind.AGENT, Kind.PRONOUN, Kind.NOUN):
                break
        return None
