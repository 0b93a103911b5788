"""Decides which numbers split the figure before them, and by what."""

from __future__ import annotations

from monitor.domain.figure import LIMITING_FORMS, Accused, Form, Group, Measure, Relation, Stage, Unit
from monitor.extraction.attachments import Attachments
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import ACCUSED_MEASURES, EVERY, GROUP_WORDS
from monitor.extraction.lexicon import Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase


class Parts(Attachments):
    """ "Including", "of whom", dashes and clause openings: parts of a whole."""

    def _subset(self, at: int) -> None:
        phrase = self._ps[at]
        following = self._next(at)
        before = self._previous(at)
        if before is not None and before.low in EVERY:
            return
        if following is not None and following.kind is Kind.FORM and self._part_of is not None:
            # "15 were exploited in forced labor, including domestic servitude, and six ..."
            return
        if following is not None and following.kind is Kind.MODAL:
            # "some of whom may be trafficking victims": so the others are none.
            last = self.drafts[-1].source if self.drafts else None
            self.drafts = [
                d
                for d in self.drafts
                if last is None or (d.parent is None and d.relation is not Relation.CURRENT)
            ]
            self._doubtful = True
            return
        head = self._last_head()
        if head is not None and head.relation is not Relation.CURRENT:
            head = self._last_current() or head
        refers = phrase.low.startswith(("of these", "of those", "of the", "of this", "among"))
        if refers and head is None and self._context.roots and self._context.age <= 2:
            head = self._context.roots[-1]
        if phrase.low.startswith("includ") and head is None:
            head = self._context.roots[-1] if self._points_back(at) else self._victims_included(at)
        narrates = self.drafts and not self._context.news
        if head is None and narrates and phrase.low.endswith(("including", "included")):
            # "Of the 90 victims, 20 were of sex trafficking and 70 of forced labor, including ..."
            head = self._last_current()
        elif head is not None and self.drafts and head.relation is Relation.CURRENT:
            head = self._split_of(at, head)
        if phrase.low == "of whom" and following is not None and following.kind is Kind.VERB:
            return
        self._part_of = head

    def _insertion(self, at: int) -> int | None:
        """ "14 traffickers, including two women, were convicted": where the predicate of the 14 begins."""
        before, subject = self._previous(at), self._subjects[-1] if self._subjects else None
        if before is None or before.kind is not Kind.COMMA or subject != at - 2 or self._inserted:
            return None
        np = self._ps[subject].noun
        if np is None or np.det is not Det.NUMBER or subject in self.taken:
            return None
        for k in range(at + 2, min(at + 14, len(self._ps) - 1)):
            if self._ps[k].kind is Kind.COMMA and self._ps[k + 1].kind in (Kind.BE, Kind.VERB):
                self._inserted = (subject, at + 1, k)
                return k + 1
            if self._ps[k].verb is not None or self._ps[k].kind is Kind.COMPARE:
                return None
        return None

    def _read_insertion(self) -> None:
        if self._inserted is None:
            return
        subject, start, end = self._inserted
        head = next((d for d in self.drafts if d.source == self._ps[subject].start), None)
        if head is None:
            return
        self._part_of = head
        for k in range(start, end):
            np = self._ps[k].noun
            if np is not None:
                self._take_part(k, np)
        self._part_of = None

    def _victims_included(self, at: int) -> Draft | None:
        """ "Identified victims included 392 individuals ...": of those counted before."""
        named = self._ps[at - 1].noun if at else None
        of_all = named is not None and named.noun is Noun.VICTIM and named.det in (Det.BARE, Det.DEFINITE)
        return self._whole_of_victims(0) if of_all else None

    def _whole_of_victims(self, value: int) -> Draft | None:
        for draft in reversed([*self._context.known, *self.drafts]):
            whole = draft.parent is None and draft.relation is Relation.CURRENT and draft.form is Form.ALL
            if whole and draft.measure is Measure.VICTIMS_IDENTIFIED and (draft.value or 0) >= value:
                return draft
        return None

    def _points_back(self, at: int) -> bool:
        """ "This figure included 109 ...": a part of what the sentence before has told."""
        return (
            at <= 4
            and bool(self._context.roots)
            and self._context.age <= 1
            and any(p.low.startswith(("this", "these", "that", "the ")) for p in self._ps[:at])
        )

    def _split_of(self, at: int, head: Draft) -> Draft:
        """ "Compared with 40 in 2020, including 24 ... and 16 ...": what the parts sum up to is split."""
        compared = self.drafts[-1]
        if compared.relation is Relation.CURRENT or compared.parent is not None or compared.value is None:
            return head
        total, between = 0, False
        for phrase in self._ps:
            np = phrase.noun
            if np is None or np.det is not Det.NUMBER or np.noun is Noun.OTHER:
                continue
            if compared.source < phrase.start < self._ps[at].start:
                between = True
            if phrase.start > self._ps[at].start:
                if np.form is Form.ALL or (np.form is None and not np.bare):
                    break
                total += np.value or 0
        between = between or any(
            p.kind is Kind.CLOSE and compared.source < p.start < self._ps[at].start for p in self._ps
        )
        split_already = any(draft.parent is head for draft in self.drafts)
        if between or total == head.value or total > compared.value:
            return head
        return compared if split_already or total == compared.value else head

    def _dash(self, at: int) -> None:
        """A number after a dash or a colon splits the figure before it, until the next dash."""
        following = self._next(at)
        if self._part_of is not None and not self._dashed:
            return
        split = following is not None and following.noun is not None and following.noun.det is Det.NUMBER
        if self._part_of is not None or not split:
            self._part_of, self._dashed = None, False
            return
        head = self._last_head()
        np = following.noun if following is not None else None
        if head is not None and np is not None and np.value is not None and np.value <= (head.value or 0):
            self._part_of, self._dashed = head, True

    def _take_part(self, at: int, np: NounPhrase) -> bool:
        """Hang a number on the figure that it splits; what splits by nothing we record is dropped."""
        head = self._part_of
        if head is None or self._exceeds(np, head):
            return False
        if np.officials and head.measure in ACCUSED_MEASURES and np.value is None:
            return self._part_officials(at, np, head)
        if np.det not in (Det.NUMBER, Det.NO, Det.ONE) or np.value is None:
            return False
        said = self._past_insertion(at + 1 if self._in_commas(at, np) else at)
        if self._identified_among_assisted(at, np, head) or self._counted_alike(said + 2, np, head):
            # "Of those convicted, 94 were convicted under the new law": by what splits no figure
            self.taken.add(at)
            return True
        called = self._called(said) if np.bare and np.form is None else None
        own = self._counts_itself(at, said) or np.measure not in (None, head.measure)
        if own and called is None:
            return False
        form, group = called or np.form, np.group
        following = self._next(said)
        if (
            called is None
            and following is not None
            and (
                following.kind is Kind.BE
                or following.low
                in ("to", "involved", "involving", "concerned", "included", "suffered", "experienced")
            )
        ):
            form, group = self._predicate(said + 2, form, group)
        self._split(at, np, head, form, group or np.exploited)
        if np.of_children and group is None:
            self._of_children.add(self._ps[at].start)
        return True

    def _identified_among_assisted(self, at: int, np: NounPhrase, head: Draft) -> bool:
        """ "assisted 214 victims: 94 identified in 2017 and 120 identified in previous years"."""
        verb = self._ps[at + 1].verb if at + 1 < len(self._ps) else None
        named = np.noun is Noun.VICTIM and verb is not None and verb.measure is Measure.VICTIMS_IDENTIFIED
        if not named and (not np.bare or np.participle is not Measure.VICTIMS_IDENTIFIED):
            return False
        if head.measure is not Measure.VICTIMS_ASSISTED or np.det is not Det.NUMBER:
            return False
        rest = self._ps[at + 1 : at + 4]
        before = any((p.kind is Kind.PERIOD and p.sense != "current") or p.kind is Kind.YEAR for p in rest)
        if named and not before:
            return False
        # The year is of these only.
        self.taken.update(range(at, at + 4) if named else (at,))
        if not named and not any(p.kind is Kind.PERIOD and p.sense != "current" for p in rest):
            identified = head.copy(measure=np.participle, value=np.value, source=self._ps[at].start)
            identified.form, identified.year = np.form or head.form, None
            self._add([identified])
        return True

    def _past_insertion(self, at: int) -> int:
        """ "127 victims, including 26 children, were ...": where the second comma is."""
        had, suffered = self._next(at), self._next(at + 1)
        if (
            had is not None
            and suffered is not None
            and had.low == "had"
            and suffered.kind is Kind.PREPOSITION
        ):
            return at + 1
        comma, opened = self._next(at), self._next(at + 1)
        if comma is None or opened is None or comma.kind is not Kind.COMMA or opened.kind is not Kind.SUBSET:
            return at
        commas = (k for k in range(at + 3, min(len(self._ps), at + 12)) if self._ps[k].kind is Kind.COMMA)
        return next(commas, at)

    def _exceeds(self, np: NounPhrase, head: Draft) -> bool:
        """ "Of this number, 142 persons ...", said of 21 cases."""
        return self._context.news and head.value is not None and (np.value or 0) > head.value

    def _counts_itself(self, at: int, said: int) -> bool:
        """Whether the number is the subject of a verb of its own, or what a predicate counts."""
        previous, frame = self._previous(at), self._frame
        if previous is not None and previous.low == "of" and frame is not None and frame.sense == "predicate":
            # "..., of which 31 resulted in convictions of 55 traffickers"
            return True
        following, later = self._next(said), self._next(said + 1)
        if following is None:
            return False
        if following.kind is Kind.BE:
            verb = later.verb if later is not None else None
            return verb is not None and verb.sense not in ("exploit", "subject", "force")
        return following.verb is not None and following.verb.verb is Verb.COUNT

    def _split(self, at: int, np: NounPhrase, head: Draft, form: Form | None, group: Group | None) -> None:
        self.taken.add(at)
        if self._context.news and form is Form.ALL and self._is_of_many_crimes(head):
            self._narrow(at, np, head)
            return
        if np.unspecified or np.national or (np.noun is Noun.OTHER and not np.officials):
            return
        stage = np.stage or (self._stage_beside(at) if head.relation is Relation.CURRENT else None)
        staged = stage is not None and head.stage is Stage.ANY and head.measure in ACCUSED_MEASURES
        split = form in LIMITING_FORMS or group not in (None, Group.ALL)
        if not (split or staged or np.officials):
            return
        for parent in self._siblings(head) or [head]:
            draft = self._draft(at, np, parent.measure, template=parent, parent=parent)
            draft.form = form if form in LIMITING_FORMS else parent.form
            draft.group = group or parent.group
            if np.officials:
                draft.accused = Accused.OFFICIALS
            if staged and stage is not None:
                draft.stage = stage
            self._add([draft])

    def _stage_beside(self, at: int) -> Stage | None:
        """ "(initiating 19 new cases and continuing 13)", "including ten initiated this year"."""
        before, after = self._previous(at), self._next(at)
        if any(
            p.kind is Kind.PERIOD and p.sense in ("previous", "earlier") for p in self._ps[at + 1 : at + 5]
        ):
            return Stage.CONTINUED
        for phrase in (before, after):
            if phrase is not None and phrase.verb is not None:
                return {Verb.OPEN: Stage.NEW, Verb.CONTINUE: Stage.CONTINUED}.get(phrase.verb.verb)
        return None

    def _counted_alike(self, at: int, np: NounPhrase, head: Draft) -> bool:
        """Whether the verb at ``at`` is the head's own, and names no form: it splits no figure."""
        reduced = self._ps[at - 1].verb if at <= len(self._ps) and self._points_back(at - 2) else None
        verb = self._ps[at].verb if at < len(self._ps) and self._ps[at - 1].kind is Kind.BE else reduced
        if (
            (not np.bare and verb is not reduced)
            or np.form is not None
            or verb is None
            or verb.measure is not head.measure
        ):
            return False
        return not any(
            p.form in LIMITING_FORMS or (p.low == "as" and self._victims_of(k + 1) is not None)
            for k, p in enumerate(self._ps[at + 1 : at + 6], at + 1)
        )

    def _called(self, said: int) -> Form | None:
        """ "23 were identified as sex trafficking victims, 25 as labor trafficking victims"."""
        link = next((k for k in range(said + 1, said + 4) if self._low(k) == "as"), None)
        return self._victims_of(link + 1) if link is not None else None

    def _victims_of(self, at: int) -> Form | None:
        """The form of "sex trafficking victims" at ``at``."""
        np = self._ps[at].noun if at < len(self._ps) else None
        limited = np is not None and np.noun is Noun.VICTIM and np.form in LIMITING_FORMS
        return np.form if np is not None and limited else None

    def _in_commas(self, at: int, np: NounPhrase) -> bool:
        """ "most of which, 20, were for sex trafficking"."""
        comma, verb = self._next(at), self._next(at + 1)
        return (
            np.bare
            and comma is not None
            and comma.kind in (Kind.COMMA, Kind.DASH)
            and verb is not None
            and verb.kind is Kind.BE
        )

    def _apposed(self, at: int) -> bool:
        """ "convicted one trafficker, a border guard"."""
        before = self._previous(at)
        last = self.drafts[-1] if self.drafts else None
        if last is None or before is None or before.kind not in (Kind.COMMA, Kind.DASH):
            return False
        if last.value != 1 or last.measure not in ACCUSED_MEASURES or self._ps[at - 2].start != last.source:
            return False
        self._add([d.copy(accused=Accused.OFFICIALS, parent=d) for d in self._siblings(last)])
        return True

    def _part_officials(self, at: int, np: NounPhrase, head: Draft) -> bool:
        """ "including a consul" is one; "no traffickers, including officials" is as many as the head."""
        if np.det is Det.ONE and head.value:
            value: int | None = 1
        elif np.det in (Det.BARE, Det.ANY) and not head.value:
            value = head.value
        else:
            return False
        for parent in self._siblings(head) or [head]:
            self._add([parent.copy(value=value, accused=Accused.OFFICIALS, parent=parent, unit=Unit.PERSONS)])
        self.taken.add(at)
        return True

    def _counts_part_of_victims(self, at: int, np: NounPhrase) -> bool:
        """ "..., but at least 36 were subjected to sex trafficking, 25 to forced labor": of those found."""
        before = self._previous(at)
        parted = before is not None and before.kind in (Kind.CONTRAST, Kind.CONJUNCTION)
        if not parted or not np.bare or np.det is not Det.NUMBER or self._current_roots():
            return False
        return self._splits(at) and self._predicate(at + 2, None, None)[0] in LIMITING_FORMS

    def _splits(self, at: int) -> bool:
        verb = self._next(at)
        return (
            verb is not None and verb.kind is Kind.BE and self._predicate(at + 2, None, None) != (None, None)
        )

    def _predicate(self, at: int, form: Form | None, group: Group | None) -> tuple[Form | None, Group | None]:
        """What "86 were ..." says of the 86: a form or a group."""
        for phrase in self._ps[at : at + 4]:
            if phrase.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.OPEN, Kind.CLOSE, Kind.COMPARE):
                break
            if phrase.kind is Kind.FORM:
                return phrase.form, phrase.group or group
            if phrase.kind is Kind.NOUN and phrase.noun is not None and phrase.noun.det is not Det.NUMBER:
                return phrase.noun.form or form, phrase.noun.group or group
            if phrase.low in GROUP_WORDS:
                return form, GROUP_WORDS[phrase.low]
        return form, group

    def _closing(self, at: int) -> int:
        depth = 0
        for k in range(at, len(self._ps)):
            if self._ps[k].kind is Kind.OPEN:
                depth += 1
            elif self._ps[k].kind is Kind.CLOSE:
                depth -= 1
                if depth == 0:
                    return k
            elif (
                depth == 1
                and self._ps[k].kind is Kind.COMPARE
                and self._ps[k].low != "against"
                and k > at + 1
            ):
                return k - 1
        return len(self._ps) - 1

    def _is_with_part(self, at: int, np: NounPhrase, measures: list[Measure]) -> bool:
        """ "convicted 11 traffickers, with five convicted on appeal": a part by what splits no figure."""
        previous = self._previous(at)
        if previous is None or np.value is None:
            return False
        together = previous.low == "with" or (
            previous.kind is Kind.CONJUNCTION and any(k in self._with_parts for k in self._subjects)
        )
        totals = [d for d in self._current_roots() if d.measure in measures and d.value is not None]
        if together and any((d.value or 0) >= np.value for d in totals) and np.form in (None, Form.ALL):
            self._with_parts.add(at)
            return True
        return False
