"""Decides what a number in an unusual place counts: by what it stands beside or points back to."""

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Form, Measure, Relation, Unit
from monitor.extraction.continuations import Continuations
from monitor.extraction.frames import ACCUSED_MEASURES, Polarity
from monitor.extraction.lexicon import Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase


class References(Continuations):
    """Numbers in brackets, between commas, in relative clauses, and of the period before."""

    def _involved(self, at: int, np: NounPhrase) -> bool:
        """ "The 227 cases involved 389 suspects", "in those investigations were 12 suspects"."""
        link, whole = self._previous(at), self._ps[at - 2].noun if at > 1 else None
        if link is None or whole is None or np.det is not Det.NUMBER or np.noun is not Noun.ACCUSED:
            return False
        inside = link.kind is Kind.BE and at > 2 and self._ps[at - 3].low in ("within", "in", "among")
        if not (inside or link.low == "involved") or self.drafts:
            return False
        known = whole.definite or whole.det is Det.DEFINITE
        if not known or whole.noun not in (Noun.CASE, Noun.MEASURE) or self._context.age > 2:
            return False
        for root in reversed(self._context.roots):
            fits = root.measure in ACCUSED_MEASURES and whole.measure in (None, root.measure)
            if fits and root.unit is Unit.CASES and whole.value in (None, root.value):
                draft = self._draft(at, np, root.measure, template=root)
                draft.unit, draft.form = Unit.PERSONS, np.form or root.form
                draft.agency, draft.police = root.agency, root.police
                self._add([draft])
                self.taken.update((at, at - 2))
                return True
        return False

    def _apposed_number(self, at: int, np: NounPhrase) -> bool:
        """ "The total number of victims identified, 425, was similar to 439 in 2020"."""
        before, after = self._previous(at), self._next(at)
        if not np.bare or np.det is not Det.NUMBER or before is None or after is None or not self._subjects:
            return False
        subject = self._ps[self._subjects[-1]].noun
        if (
            before.kind is not Kind.COMMA
            or after.kind is not Kind.COMMA
            or subject is None
            or not subject.data
        ):
            return False
        topic = self._subject_topic()
        if topic is None or any(
            p.kind not in (Kind.VERB, Kind.COMMA) for p in self._ps[self._subjects[-1] + 1 : at]
        ):
            return False
        self._add([self._draft(at, np, topic.measure, template=topic)])
        self.taken.add(at)
        return True

    def _put_at(self, at: int, np: NounPhrase) -> bool:
        """ "The agency put the number of potential victims at 690"."""
        link, topic = self._previous(at), self._ps[at - 2].noun if at > 2 else None
        if not np.bare or np.det is not Det.NUMBER or link is None or link.low != "at" or topic is None:
            return False
        if not topic.data or self._ps[at - 3].low not in ("put", "puts", "placed", "estimated"):
            return False
        measure = topic.measure or (Measure.VICTIMS_IDENTIFIED if topic.noun is Noun.VICTIM else None)
        if measure is None:
            return False
        self._add([self._draft(at, np, measure, template=self._draft(at - 2, topic, measure))])
        self.taken.add(at)
        return True

    def _in_relative_case(self, at: int, np: NounPhrase) -> bool:
        """ "investigated 23 cases (20 in 2016), which involved 49 suspects": the same cases in persons."""
        link, pronoun = self._previous(at), self._previous(at - 1) if at > 1 else None
        if link is None or pronoun is None or link.low != "involved" or pronoun.kind is not Kind.PRONOUN:
            return False
        counted = np.noun in (Noun.ACCUSED, Noun.PERSON) and np.det is Det.NUMBER
        return counted and self._companion(at, np, "involving")

    def _as_before(self, at: int, np: NounPhrase) -> bool:
        """ "..., whereas it had reported 27 the year before"; "they had conducted 15 in the previous one"."""
        frame, roots = self._frame, self._current_roots() or self._context.roots
        if not np.bare or np.det is not Det.NUMBER or frame is None or frame.at != at - 1 or not roots:
            return False
        if frame.verb not in (Verb.TELL, Verb.SUPPORT) or frame.polarity is not Polarity.ASSERTED:
            return False
        end = (
            self._closing(at + 1) + 1
            if at + 1 < len(self._ps) and self._ps[at + 1].kind is Kind.OPEN
            else at + 1
        )
        past = any(p.kind is Kind.PERIOD and p.sense == "previous" for p in self._ps[end : end + 3])
        if not past or self._context.age > 1:
            return False
        for draft in self._take(at, np, [roots[-1].measure], value=np.value, frame=None, template=roots[-1]):
            draft.relation, draft.year = Relation.PREVIOUS, None
        return True

    def _deny_of_before(self) -> None:
        """ "This compared with 22 cases in 2017, although none of these led to charges, and none in 2016"."""
        opens = any(p.kind is Kind.COMPARE for p in self._ps[:3])
        years = [d.year for d in self.drafts if d.relation is Relation.PREVIOUS]
        if not opens or not years:
            return
        of_those = {p.start for p in self._ps if p.noun is not None and p.noun.partitive}
        for draft in self.drafts:
            if draft.relation is not Relation.CURRENT or draft.value != 0:
                continue
            if draft.source in of_those:
                draft.relation, draft.year = Relation.PREVIOUS, years[0]
            elif draft.year is not None and years[0] is not None and draft.year < years[0]:
                draft.relation = Relation.EARLIER

    def _listed(self, at: int) -> bool:
        before = self._previous(at)
        return before is not None and before.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.OPEN)

    def _apposes_form(self, at: int, np: NounPhrase) -> bool:
        """ "confirmed nine, all sex trafficking victims"."""
        before, last = self._previous(at), self._last_current()
        if before is None or before.kind not in (Kind.DASH, Kind.COMMA, Kind.OPEN) or last is None:
            return False
        if np.form not in LIMITING_FORMS or np.counted or self._ps[at - 2].end < last.source:
            return False
        for draft in self._siblings(last):
            draft.form = np.form
        return True

    def _the_other(self, at: int) -> None:
        """ "Two prosecutions, one for sex trafficking and the other for labor trafficking"."""
        one = next((d for d in reversed(self.drafts) if d.value == 1 and d.form in LIMITING_FORMS), None)
        rest = [p for p in self._ps[at + 1 : at + 4] if p.kind not in (Kind.BE, Kind.PREPOSITION)]
        form = (rest[0].form or (rest[0].noun.form if rest[0].noun is not None else None)) if rest else None
        told = any(d.form is form for d in self.drafts if one is not None and d.measure is one.measure)
        if one is not None and form in LIMITING_FORMS and not told:
            one.story = one.weak = False
            self._add([one.copy(form=form, source=self._ps[at].start)])

    def _counts_in_bracket(self, at: int) -> bool:
        """ "Convictions (four) did not keep pace"; "sexual exploitation was most common (71 victims)"."""
        end = self._closing(at)
        np = self._ps[at + 1].noun if end == at + 2 and self._ps[end].kind is Kind.CLOSE else None
        if np is None or np.det is not Det.NUMBER or not (np.bare or np.noun is Noun.VICTIM):
            return False
        named = self._ps[at - 1].noun if at else None
        if (
            named is not None
            and named.measure is not None
            and named.det is Det.BARE
            and named.plural
            and np.bare
        ):
            for draft in self._take(at + 1, np, [named.measure], value=np.value, frame=None):
                draft.form, draft.unit = named.form or Form.ALL, Unit.CASES
            return True
        return self._splits_in_bracket(at, np)

    def _of_unspecified(self, at: int) -> bool:
        """ "... and seven for forced criminality (compared to zero in 2017)": of a part that is none."""
        k = at - 1
        while k > max(0, at - 5) and self._ps[k].noun is None:
            k -= 1
        np = self._ps[k].noun
        inner = [p for p in self._ps[at + 1 : self._closing(at)] if p.noun is not None]
        if np is None or not np.unspecified or np.det is not Det.NUMBER or len(inner) != 1:
            return False
        self.taken.update(range(at, self._closing(at)))
        return True

    def _splits_in_bracket(self, at: int, np: NounPhrase) -> bool:
        for phrase in reversed(self._ps[max(0, at - 6) : at]):
            if phrase.kind is Kind.FORM and phrase.form in LIMITING_FORMS:
                whole = self._whole_of_victims(np.value or 0)
                if whole is not None:
                    self._split(at + 1, np, whole, phrase.form, None)
                return whole is not None
            if phrase.verb is not None or phrase.kind is Kind.CLOSE or phrase.noun is not None:
                return False
        return False
