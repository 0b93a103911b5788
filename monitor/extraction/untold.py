"""Decides what a question leaves untold: "did not report how many involved labor or sex trafficking"."""

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Form, Group, Measure
from monitor.extraction.frames import ACCUSED_MEASURES, Polarity
from monitor.extraction.lexicon import Noun
from monitor.extraction.phrases import Det, Kind, NounPhrase
from monitor.extraction.verb_objects import VerbObjects


class Untold(VerbObjects):
    """Splits by form of which the text says that it does not tell them."""

    def _untold_split(self, at: int, np: NounPhrase) -> bool:
        """ "did not report how many of the cases involved labor or sex trafficking": silent on each form."""
        frame = self._frame
        if frame is None or frame.polarity is not Polarity.UNTOLD or np.det is not Det.DATA or np.untold:
            return False
        if self._ps[at].low.startswith("if"):
            return False
        measures = [np.measure, *np.also] if np.measure is not None else self._measure_in_question(np)
        forms = self._forms_in_question(at, np)
        if not forms or not measures or measures[0] not in ACCUSED_MEASURES:
            return False
        told = (self._current_roots() or self._context.roots)[-1:]
        for form, group in forms:
            for draft in self._take(at, np, measures, value=None, frame=frame):
                draft.form, draft.group, draft.printed_form = form, group or Group.ALL, True
                draft.unit = told[0].unit if np.bare and told else draft.unit
        return True

    def _measure_in_question(self, np: NounPhrase) -> list[Measure]:
        if not (np.bare or np.noun is Noun.CASE):
            return []
        told = (self._current_roots() or self._context.roots)[-1:]
        if told and told[0].measure in ACCUSED_MEASURES:
            return [told[0].measure]
        return [] if np.bare else [Measure.INVESTIGATIONS]

    def _forms_in_question(self, at: int, np: NounPhrase) -> list[tuple[Form, Group | None]]:
        """The forms of "how many involved forced labor", "how many were for sex or labor trafficking"."""
        if np.either:
            return [(form, np.group) for form in LIMITING_FORMS]
        if np.form in LIMITING_FORMS and (np.bare or np.noun is Noun.CASE):
            return [(np.form, np.group)]
        found: list[tuple[Form, Group | None]] = []
        tied = False
        for phrase in self._ps[at + 1 : at + 9]:
            tied = tied or phrase.kind is Kind.BE or phrase.low in ("involved", "concerned")
            if tied and phrase.form in LIMITING_FORMS:
                children = Group.CHILDREN if "child" in phrase.low else None
                found.append((phrase.form, phrase.group or children))
            elif phrase.verb is not None or phrase.kind is Kind.CONTRAST:
                break
        return found
