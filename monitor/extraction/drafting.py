"""Decides what a new draft of a figure inherits from its phrase, its clause and the figure before it."""

from __future__ import annotations

from abc import ABC, abstractmethod

from monitor.domain.figure import LIMITING_FORMS, Accused, Form, Group, Measure, Relation, Reporter, Stage
from monitor.extraction.comparisons import Comparison
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import ACCUSED_MEASURES, Clause, Context, Frame, goes_on, unit_of
from monitor.extraction.lexicon import Inflection, Noun, Verb
from monitor.extraction.phrases import Kind, NounPhrase, Phrase

# No state counts more cases or victims of trafficking in a year.
_MOST = 1_000_000
_LAWS = ("law", "statute", "act", "article", "section", "provision")
_DETERMINERS = frozenset({"the", "a", "an", "one", "its", "their"})


class Drafting(ABC):
    """A clause under reading: its phrases, what was drafted, and how a draft is made.

    What few clauses change has its default with the class: CPython keeps objects of up to 30
    attributes in a small and fast form.
    """

    _lead_when = ""
    _dashed = False
    _whole: Draft | None = None
    _doubtful = False
    _abroad = False
    _in_places = False
    _inserted: tuple[int, int, int] | None = None
    _officials_topic = False
    _quoting = False

    @abstractmethod
    def _step(self, at: int) -> int:
        """Read the phrase at ``at`` and return where reading goes on."""

    def __init__(self, clause: Clause, context: Context) -> None:
        self._ps = clause.phrases
        self._clause = clause
        self._context = context
        self.drafts: list[Draft] = []
        self.vague: list[Phrase] = []
        self.taken: set[int] = set()
        self._frame: Frame | None = None
        self._subjects: list[int] = []
        self._agent = context.agent if not clause.first and goes_on(clause) else ""
        self._story = False
        self._part_of: Draft | None = None
        self._verb_topic: Measure | None = None
        self._lead_year: int | None = None
        self._lead_relation: Relation | None = None
        self._region = 0
        self._deferred: list[Comparison] = []
        self._with_parts: set[int] = set()
        self._crime_opening = False
        self._crime_topic = False
        self._last_number: int | None = None
        self._blocked_until_verb = False
        self._dropped = -1
        self._lead_form = context.topic_form if context.age <= 1 else None
        self._of_children: set[int] = set()
        self._other_crimes: set[Measure] = set()

    @property
    def _span(self) -> tuple[int, int]:
        return self._clause.start, self._clause.end

    def _previous(self, at: int) -> Phrase | None:
        return self._ps[at - 1] if at > 0 else None

    def _governing(self, at: int) -> Phrase | None:
        """The preposition before a name, over plain words and an article: "to the nearby shelter"."""
        k = at - 1
        while k > 0 and self._ps[k].kind is Kind.OTHER and at - k < 4 and self._ps[k].low not in _DETERMINERS:
            k -= 1
        if k > 0 and self._ps[k].low in _DETERMINERS:
            k -= 1
        return self._ps[k] if k >= 0 and self._ps[k].kind is Kind.PREPOSITION else None

    def _low(self, at: int) -> str:
        return self._ps[at].low if 0 <= at < len(self._ps) else ""

    def _next(self, at: int) -> Phrase | None:
        return self._ps[at + 1] if at + 1 < len(self._ps) else None

    def _take(
        self,
        at: int,
        np: NounPhrase,
        measures: list[Measure],
        *,
        value: int | None,
        frame: Frame | None,
        template: Draft | None = None,
    ) -> list[Draft]:
        made: list[Draft] = []
        if (value is not None and value > _MOST) or (not value and self._of_some(np)):
            return made
        for measure in measures:
            draft = self._draft(at, np, measure, template=template)
            draft.value = value
            if np.sense == "others" and self.drafts and self.drafts[-1].accused is Accused.OFFICIALS:
                draft.accused = Accused.OFFICIALS
            if not value and self._officials_topic and not np.named and np.noun in (Noun.MEASURE, None):
                # "investigated two officers but did not report prosecutions": of officers.
                draft.accused = Accused.OFFICIALS
            if frame is not None:
                if frame.stage is not None and draft.stage is Stage.ANY:
                    draft.stage = frame.stage
                if frame.cumulative and not value:
                    draft.relation = Relation.CUMULATIVE
                frame.taken = True
            made.append(draft)
            if np.officials_too:
                made.append(draft.copy(accused=Accused.OFFICIALS))
        if value == 0 and self._under_a_law(at):
            for draft in made:
                draft.statute = True
        self.taken.add(at)
        if (self._crime_topic or self._crime_opening) and not (np.named or self._form_follows(at)):
            return []
        if np.form_last and np.form in LIMITING_FORMS and self._ends_series(at):
            self._spread_form(np.form, made)
        self._add(made)
        return made

    def _under_a_law(self, at: int) -> bool:
        """ "did not prosecute any cases under the trafficking statute"."""
        after = self._ps[at + 1 : at + 6]
        return bool(after) and after[0].low == "under" and any(map(_names_law, after[1:]))

    def _form_follows(self, at: int) -> bool:
        """ "... and 20 cases with indications of forced labor": trafficking after all."""
        for phrase in self._ps[at + 1 : at + 6]:
            if phrase.kind is Kind.FORM:
                return True
            if phrase.verb is not None or (phrase.noun is not None and phrase.noun.counted):
                return False
        return False

    def _ends_series(self, at: int) -> bool:
        """Whether nothing more is counted before the clause ends or compares."""
        for phrase in self._ps[at + 1 :]:
            if phrase.kind is Kind.COMPARE:
                return True
            if phrase.noun is not None and phrase.noun.counted and phrase.noun.noun is not Noun.OTHER:
                return False
        return True

    def _spread_form(self, form: Form, made: list[Draft]) -> None:
        """ "Investigated 264 suspects, prosecuting 257, and convicting 37 for bonded labor": of all three."""
        contrast = max((p.start for p in self._ps if p.kind is Kind.CONTRAST), default=-1)
        series = [d for d in self.drafts if d.relation is Relation.CURRENT and d.source > contrast]
        alike = all(d.parent is None and not d.printed_form and d.value for d in series)
        if series and alike and all(d.value for d in made) and len({d.measure for d in series}) > 1:
            for draft in series:
                draft.form = form

    def _draft(
        self,
        at: int,
        np: NounPhrase,
        measure: Measure,
        *,
        template: Draft | None = None,
        parent: Draft | None = None,
    ) -> Draft:
        phrase = self._ps[at]
        form = np.form
        if form is None and template is not None:
            form = template.form
        if form is None and np.partitive and not np.bare and parent is None:
            # "Fourteen of these offenders were convicted": of those that were counted before
            whole = (self._current_roots() or self._context.roots)[-1:]
            form = whole[0].form if whole else None
        if form is None and parent is None:
            form = self._carried_form(np)
        if form is None and parent is None and measure is not Measure.VICTIMS_ASSISTED:
            # "Under its forced labor statute, the government prosecuted 14 defendants."
            form = self._lead_form
        alike = template is not None and template.measure is measure
        stage = np.stage or (template.stage if template is not None and alike else None) or Stage.ANY
        group = np.group or (template.group if template is not None and np.bare else None) or Group.ALL
        if measure in ACCUSED_MEASURES and np.noun is Noun.PERSON:
            group = Group.ALL
        accused = (
            Accused.OFFICIALS
            if np.officials
            else (template.accused if template is not None and np.bare else Accused.ANY)
        )
        dated = None if template is None or self._is_of_before(template) else template
        return Draft(
            measure,
            np.value,
            unit_of(np, measure, template),
            phrase.start,
            *self._span,
            form=form or Form.ALL,
            relation=dated.relation if dated is not None else self._relation_so_far(),
            year=dated.year if dated is not None and self._drafted_here(dated) else self._lead_year,
            qualifier=np.qualifier,
            stage=stage,
            accused=accused,
            reporter=parent.reporter
            if parent is not None
            else (Reporter.OTHER if self._agent == "other" else Reporter.GOVERNMENT),
            group=group,
            parent=parent,
            story=self._story,
            printed_form=np.form is not None,
            agency=self._agent == "agency",
            police=self._agent == "police",
            when=self._lead_when,
            national=np.national,
        )

    def _of_some(self, np: NounPhrase) -> bool:
        """ "no Ruritanian victims": none of one people is not none."""
        return self._in_places or np.local or (np.national and np.group is None)

    def _relation_so_far(self) -> Relation:
        """The clause's own, or that of the total which a participle goes on with: ", rescuing 2,000"."""
        last = self.drafts[-1] if self.drafts and self._context.news else None
        goes_on = self._frame is not None and self._frame.inflections == {Inflection.ING}
        if last is not None and goes_on and last.relation is Relation.CUMULATIVE:
            return Relation.CUMULATIVE
        return self._lead_relation or Relation.CURRENT

    def _is_of_before(self, template: Draft) -> bool:
        """ "40 in 2019, fewer than in 2018, when 52 were convicted": alike in all but the time."""
        return self._lead_relation is Relation.PREVIOUS and any(
            draft is template for draft in self.drafts[: self._region]
        )

    def _drafted_here(self, template: Draft) -> bool:
        """Whether the figure stands in this clause: a year reaches no further."""
        return any(draft is template for draft in self.drafts)

    def _carried_form(self, np: NounPhrase) -> Form | None:
        """A plain noun later in the clause keeps the form of the figure before it (kind 22)."""
        if (
            np.noun is Noun.MEASURE
            and not np.trafficking
            and np.value
            and self._existential()
            and not self.drafts
        ):
            last = self._context.roots[-1] if self._context.roots and self._context.age <= 1 else None
            return last.form if last is not None and last.value else None
        if np.noun is Noun.MEASURE and np.value and not np.trafficking and self._with_all_alike():
            return self.drafts[-1].form
        plain = not np.trafficking or np.sense in ("trafficker", "traffickers")
        if not plain or np.value in (None, 0) or np.noun not in (Noun.ACCUSED, Noun.CASE, None):
            return None
        last = self.drafts[-1] if self.drafts else None
        if last is None or last.parent is not None or not last.value or last.group is not Group.ALL:
            return None
        # "24 cases, 22 for sex trafficking and two for forced labor, and convicted 19"
        part = any(self._includes(root, last) for root in self._current_roots())
        return None if part or last.form is Form.ALL else last.form

    def _includes(self, whole: Draft, part: Draft) -> bool:
        alike = whole.measure is part.measure and whole is not part and whole.form is Form.ALL
        return alike and (whole.value or 0) >= (part.value or 0) and part.form is not Form.ALL

    def _with_all_alike(self) -> bool:
        """ "investigated 40 for slavery and indicted nine, with seven convictions": one form so far."""
        last = [d for d in self.drafts if d.parent is None][-2:]
        forms = {d.form for d in last}
        return len(last) > 1 and len(forms) == 1 and Form.ALL not in forms

    def _there_are(self, at: int) -> bool:
        """ "The report showed there had been 25 cases"."""
        begin = max(1, at - 2)
        return any(self._ps[k].kind is Kind.BE and self._ps[k - 1].low == "there" for k in range(begin, at))

    def _existential(self) -> bool:
        """ "There were 46 prosecutions": nothing but the count."""
        return any(p.low == "there" for p in self._ps[:5])

    def _add(self, drafts: list[Draft]) -> None:
        self.drafts.extend(drafts)

    def _current_roots(self) -> list[Draft]:
        return [
            d
            for d in self.drafts
            if d.parent is None and d.relation is Relation.CURRENT and d.accused is Accused.ANY
        ]

    def _current_parts(self) -> list[Draft]:
        return [d for d in self.drafts if d.parent is not None and d.relation is Relation.CURRENT]

    def _last_head(self) -> Draft | None:
        roots = [d for d in self.drafts if d.parent is None]
        current = [d for d in roots if d.relation is Relation.CURRENT]
        found = current or roots
        return found[-1] if found else None

    def _last_current(self) -> Draft | None:
        current = [d for d in self.drafts if d.relation is Relation.CURRENT]
        return current[-1] if current else None

    def _siblings(self, head: Draft) -> list[Draft]:
        """The figures of other verbs that share the head's number."""
        return [
            d
            for d in (self.drafts if head in self.drafts else self._context.roots)
            if d.source == head.source
            and d.parent is None
            and d.relation is head.relation
            and d.accused is Accused.ANY
        ]

    def _companions(self, head: Draft) -> list[Draft]:
        """The last head with its other unit: "69 cases with 80 suspects"."""
        roots = [d for d in self.drafts if d.parent is None and d.relation is Relation.CURRENT]
        if (
            len(roots) >= 2
            and roots[-1].measure is roots[-2].measure
            and roots[-1].unit is not roots[-2].unit
        ):
            return roots[-2:]
        return []

    def _subject_topic(self) -> Draft | None:
        """The measure that "the number of prosecutions" names, as a figure without a value."""
        for index in reversed(self._subjects):
            np = self._ps[index].noun
            if np is None:
                continue
            measure = np.measure or self._verb_topic
            given = self._ps[index + 2].verb if index + 2 < len(self._ps) else None
            if given is not None and given.passive and given.verb is Verb.OTHER:
                # "how many victims were granted a permit"
                return None
            if measure is None and np.data and np.noun is Noun.VICTIM:
                measure = Measure.VICTIMS_IDENTIFIED
            if measure is None and self._context.news:
                measure = _told_measure(np, self._next(index))
            if measure is not None and np.noun not in (Noun.OTHER, None):
                return self._draft(index, np, measure)
        return None

    def _echoes(self, np: NounPhrase, measures: list[Measure]) -> bool:
        """ "The two prosecutions were ongoing" speaks of two that were counted before."""
        return np.definite and any(
            d.measure in measures and d.value == np.value for d in [*self._context.known, *self.drafts]
        )

    def _count_by_others(self) -> None:
        """ "Identified by NGOs": said of the passive's own subject and what came with it."""
        if self._part_of is not None:
            return
        first = self._ps[self._subjects[0]].start if self._subjects else 0
        for draft in self.drafts[self._region :]:
            if draft.source >= first:
                draft.reporter = Reporter.OTHER

    def _like_before(self, draft: Draft) -> None:
        """ "In 2016, they had convicted eight": eight of what was counted just before."""
        for root in reversed(self._context.roots):
            if root.measure is draft.measure:
                draft.form, draft.unit, draft.stage = root.form, root.unit, root.stage
                return


def _told_measure(np: NounPhrase, after: Phrase | None) -> Measure | None:
    """ "Trafficking cases rose to 45", "the number of people trafficked fell to 19"."""
    if np.noun in (Noun.CASE, Noun.CRIME) and np.named and not np.crime:
        return Measure.INVESTIGATIONS
    people = np.noun is Noun.PERSON and np.data and after is not None and after.low == "trafficked"
    known = np.noun is Noun.VICTIM or people
    return Measure.VICTIMS_IDENTIFIED if known and np.plural else None


def _names_law(phrase: Phrase) -> bool:
    return (phrase.noun.sense if phrase.noun is not None else phrase.low).startswith(_LAWS)
