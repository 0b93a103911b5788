"""Decides which verb owns which number: reads one clause's phrases into drafts of figures.

A clause is read left to right. A verb opens a frame (what is counted, affirmed or denied, new or
continued); noun phrases fill it, as its objects or, in the passive, as its subjects. Commas,
brackets and "of whom" hang parts on the number before them; "compared with" hands a stretch of
phrases to ``comparisons``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from monitor.domain.figure import (
    Accused,
    Form,
    Group,
    Measure,
    Qualifier,
    Relation,
    Reporter,
    Stage,
    Unit,
)
from monitor.extraction.comparisons import Comparison, deal
from monitor.extraction.drafts import Draft
from monitor.extraction.lexicon import Inflection, Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase, Phrase, VerbPhrase

_VICTIM_MEASURES = (Measure.VICTIMS_IDENTIFIED, Measure.VICTIMS_ASSISTED)
_ACCUSED_MEASURES = (
    Measure.INVESTIGATIONS,
    Measure.PROSECUTIONS,
    Measure.CONVICTIONS,
    Measure.ARRESTS,
    Measure.SENTENCES,
)
_FINDING = ("identify", "detect", "discover", "uncover")


class Polarity(Enum):
    """What a frame says of its object: it happened, it did not, nothing was told, nothing is asserted."""

    ASSERTED = auto()
    ZERO = auto()
    UNTOLD = auto()
    BLOCKED = auto()


@dataclass(slots=True)
class Frame:
    """An open verb: what its objects count."""

    verb: Verb
    sense: str
    measures: list[Measure]
    polarity: Polarity
    inflections: frozenset[Inflection]
    stage: Stage | None = None
    passive: bool = False
    cumulative: bool = False
    taken: bool = False
    at: int = 0


@dataclass(slots=True)
class Context:
    """What one clause hands to the next: the figures a later "of these" or "this compares" refers to."""

    roots: list[Draft] = field(default_factory=list)
    agent: str = ""
    year: int | None = None


@dataclass(slots=True)
class Clause:
    """A stretch of phrases between semicolons, with the span that serves as evidence."""

    phrases: list[Phrase]
    start: int
    end: int
    first: bool = True


@dataclass(slots=True)
class ClauseRead:
    drafts: list[Draft]
    vague: list[Phrase]
    taken: set[int]


def read_clause(clause: Clause, context: Context) -> ClauseRead:
    """Read one clause and move ``context`` on."""
    reader = _Reader(clause, context)
    reader.run()
    return ClauseRead(reader.drafts, reader.vague, reader.taken)


class _Reader:
    def __init__(self, clause: Clause, context: Context) -> None:
        self._ps = clause.phrases
        self._clause = clause
        self._context = context
        self.drafts: list[Draft] = []
        self.vague: list[Phrase] = []
        self.taken: set[int] = set()
        self._frame: Frame | None = None
        self._subjects: list[int] = []
        self._agent = "" if clause.first else context.agent
        self._story = False
        self._part_of: Draft | None = None
        self._topic: Measure | None = None
        self._lead_year: int | None = None
        self._lead_relation: Relation | None = None
        self._region = 0
        self._deferred: list[Comparison] = []
        self._blocked_until_verb = False

    # --- the walk ---------------------------------------------------------------------------

    def run(self) -> None:
        at = 0
        while at < len(self._ps):
            at = self._step(at)
        for comparison in self._deferred:
            self._add(deal(comparison, self._current_roots(), self._current_parts(), self._span))
        roots = self._current_roots()
        if roots:
            self._context.roots = roots
        self._context.agent = self._agent

    @property
    def _span(self) -> tuple[int, int]:
        return self._clause.start, self._clause.end

    def _step(self, at: int) -> int:  # noqa: PLR0911, PLR0912 - one branch for each kind of phrase
        phrase = self._ps[at]
        kind = phrase.kind
        if kind is Kind.VERB:
            self._verb(at)
        elif kind is Kind.NOUN:
            self._noun(at)
        elif kind is Kind.COMPARE:
            return self._compare(at)
        elif kind is Kind.SIMILAR:
            return self._region_end(at + 1)
        elif kind is Kind.SAME:
            return self._same(at)
        elif kind is Kind.OPEN:
            return self._bracket(at)
        elif kind is Kind.YEAR:
            self._year(at)
        elif kind is Kind.PERIOD:
            self._period(at)
        elif kind is Kind.SUBSET:
            self._subset(at)
        elif kind is Kind.AGENT:
            self._set_agent(at)
        elif kind is Kind.PRONOUN:
            pass
        elif kind is Kind.STORY:
            self._story = True
        elif kind is Kind.BLOCKER:
            self._blocked_until_verb = True
        elif kind is Kind.CONTRAST:
            self._contrast()
        elif kind is Kind.UNCLEAR:
            self._frame = Frame(Verb.TELL, "unclear", [], Polarity.UNTOLD, frozenset(), at=at)
        elif kind is Kind.WITHOUT:
            self._frame = Frame(
                Verb.SUPPORT, "without", [], Polarity.ZERO, frozenset({Inflection.ING}), at=at
            )
        elif kind is Kind.FORM:
            self._late_form(at)
        elif kind is Kind.CRIME:
            self._late_crime(at)
        elif kind is Kind.COMPLICITY:
            self._late_officials(at)
        return at + 1

    def _previous(self, at: int) -> Phrase | None:
        return self._ps[at - 1] if at > 0 else None

    def _next(self, at: int) -> Phrase | None:
        return self._ps[at + 1] if at + 1 < len(self._ps) else None

    def _contrast(self) -> None:
        self._part_of = None
        self._story = False
        if self._frame is not None and self._frame.polarity is not Polarity.ASSERTED:
            self._frame = None

    # --- who speaks -------------------------------------------------------------------------

    def _set_agent(self, at: int) -> None:
        phrase = self._ps[at]
        previous = self._previous(at)
        if previous is not None and previous.kind is Kind.PREPOSITION:
            if (
                previous.low == "by"
                and phrase.sense == "other"
                and self._frame is not None
                and self._frame.passive
            ):
                for draft in self.drafts[self._region :]:
                    draft.reporter = Reporter.OTHER
            return
        if previous is not None and previous.kind is Kind.CONJUNCTION and self._agent == "government":
            before = self._ps[at - 2] if at > 1 else None
            if before is not None and before.kind in (Kind.AGENT, Kind.OTHER):
                return
        if phrase.low in ("it",):
            return
        following = self._next(at)
        if following is not None and following.kind is Kind.AGENT:
            return
        self._agent = phrase.sense
        if phrase.low in ("court", "judge", "tribunal") and not self.drafts:
            self._story = self._story or any(
                p.low in ("a", "an", "one") for p in self._ps[max(0, at - 3) : at]
            )

    # --- verbs ------------------------------------------------------------------------------

    def _verb(self, at: int) -> None:
        phrase = self._ps[at]
        verb = phrase.verb
        if verb is None:
            return
        blocked, self._blocked_until_verb = self._blocked_until_verb, False
        if verb.verb is Verb.CHANGE:
            self._change(at)
            return
        frame = self._frame
        if frame is not None and self._joins(at, verb, frame):
            if verb.measure is not None:
                frame.measures.append(verb.measure)
            if frame.passive and frame.taken and verb.measure is not None:
                self._take_subjects(at, [verb.measure], frame)
            return
        polarity = self._polarity(at, verb, blocked=blocked)
        stage = self._stage(verb, frame)
        cumulative = verb.never or (verb.perfect and verb.negated and self._since_follows(at))
        new = Frame(
            verb.verb,
            verb.sense,
            [verb.measure] if verb.measure is not None else [],
            polarity,
            verb.inflections,
            stage,
            passive=verb.passive,
            cumulative=cumulative or (frame is not None and frame.cumulative and not frame.taken),
            at=at,
        )
        if verb.verb is Verb.COUNT and verb.measure is not None:
            relative = self._object_relative(at)
            if relative is not None:
                new.passive = True
                self._subjects = [relative]
            elif not verb.passive and self._is_reduced(at, verb):
                new.passive = True
        if verb.verb in (Verb.OTHER,) or (verb.verb is not Verb.COUNT and self._part_of is not None):
            self._part_of = None
        self._frame = new
        if new.passive:
            self._passive(at, new)
        elif verb.verb is Verb.COUNT:
            self._part_of = None

    def _joins(self, at: int, verb: VerbPhrase, frame: Frame) -> bool:
        """ "investigated, prosecuted, and convicted": one object or one subject for all."""
        if verb.measure is None or frame.verb is not Verb.COUNT:
            return False
        if frame.taken and not frame.passive:
            return False
        if verb.negated or verb.passive != frame.passive and verb.passive:
            return False
        if not (verb.inflections & frame.inflections):
            return False
        between = self._ps[frame.at + 1 : at]
        return all(
            p.kind in (Kind.COMMA, Kind.CONJUNCTION) or (p.kind is Kind.VERB and p.verb is not None)
            for p in between
        )

    def _polarity(self, at: int, verb: VerbPhrase, *, blocked: bool) -> Polarity:
        if verb.modal and not verb.factual:
            return Polarity.BLOCKED
        if verb.negated:
            if verb.hedged:
                return Polarity.BLOCKED
            return Polarity.UNTOLD if verb.verb is Verb.TELL else Polarity.ZERO
        frame = self._frame
        if verb.infinitive and not verb.factual:
            if frame is not None and frame.polarity is Polarity.ZERO and frame.sense == "use":
                return Polarity.ZERO
            return Polarity.BLOCKED
        if blocked and verb.has(Inflection.ING):
            return Polarity.BLOCKED
        if frame is None or frame.polarity is Polarity.ASSERTED:
            return Polarity.ASSERTED
        ing = verb.has(Inflection.ING)
        if (
            frame.polarity is Polarity.UNTOLD
            and ing
            and (Inflection.ING in frame.inflections or frame.verb is Verb.TELL)
        ):
            return Polarity.UNTOLD
        if frame.polarity in (Polarity.ZERO, Polarity.BLOCKED) and self._linked(at):
            if verb.has(Inflection.BASE) and Inflection.BASE in frame.inflections:
                return frame.polarity
            if ing and Inflection.ING in frame.inflections:
                return frame.polarity
            if (
                verb.has(Inflection.PARTICIPLE)
                and frame.passive
                and Inflection.PARTICIPLE in frame.inflections
            ):
                return frame.polarity
        if (
            frame.polarity is Polarity.ZERO
            and frame.verb in (Verb.CONTINUE, Verb.OPEN)
            and ing
            and not frame.taken
        ):
            return Polarity.ZERO
        if frame.polarity is Polarity.BLOCKED and not frame.taken and ing:
            return Polarity.BLOCKED
        if verb.has(Inflection.PAST) or not (frame.inflections & verb.inflections):
            return Polarity.ASSERTED
        return frame.polarity if verb.has(Inflection.BASE) else Polarity.ASSERTED

    def _linked(self, at: int) -> bool:
        previous = self._previous(at)
        return previous is not None and previous.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.OTHER)

    def _stage(self, verb: VerbPhrase, frame: Frame | None) -> Stage | None:
        if verb.verb is Verb.OPEN:
            return Stage.NEW
        if verb.verb is Verb.CONTINUE:
            return Stage.CONTINUED
        if verb.stage is not None:
            return verb.stage
        if frame is not None and not frame.taken and frame.verb in (Verb.CONTINUE, Verb.OPEN):
            return frame.stage
        return None

    def _since_follows(self, at: int) -> bool:
        for phrase in self._ps[at + 1 : at + 12]:
            if phrase.kind is Kind.YEAR:
                return phrase.sense == "span"
            if phrase.kind is Kind.PERIOD and phrase.sense == "several":
                return True
        return False

    def _object_relative(self, at: int) -> int | None:
        """ "the 46 victims it identified", "nine it convicted"."""
        k = at - 1
        if k < 1 or self._ps[k].kind not in (Kind.PRONOUN, Kind.AGENT):
            return None
        if self._ps[k].kind is Kind.AGENT and self._ps[k].low not in (
            "it",
            "police",
            "authorities",
            "officials",
            "courts",
            "prosecutors",
        ):
            if k < 2 or self._ps[k - 1].kind is not Kind.OTHER:
                return None
            k -= 1
        before = self._ps[k - 1]
        following = self._next(at)
        if before.kind is not Kind.NOUN or before.noun is None:
            return None
        if following is not None and following.kind is Kind.NOUN:
            return None
        if self._ps[at - 1].low in ("who", "which", "that") or (k - 1) in self.taken:
            return None
        return k - 1

    def _is_reduced(self, at: int, verb: VerbPhrase) -> bool:
        """A past form right after a number, and without an object of its own, is a reduced passive."""
        if not verb.has(Inflection.PARTICIPLE) or verb.negated or verb.perfect:
            return False
        previous = self._previous(at)
        if previous is None or previous.kind is not Kind.NOUN or previous.noun is None:
            return False
        np = previous.noun
        if np.agent and np.noun is Noun.OTHER:
            return False
        if verb.measure is not None and not _compatible(np, verb.measure, verb.sense, bare=True):
            return False
        following = self._next(at)
        return not (
            following is not None
            and following.kind is Kind.NOUN
            and following.noun is not None
            and following.noun.counted
            and following.noun.noun is not Noun.OTHER
        )

    def _change(self, at: int) -> None:
        """ "rose to nine": the number after "to" is the current one of the clause's topic."""
        previous_topic = self._topic or self._subject_topic()
        for k in range(at + 1, min(at + 5, len(self._ps))):
            phrase = self._ps[k]
            if phrase.kind is Kind.PREPOSITION and phrase.low == "to" and k + 1 < len(self._ps):
                following = self._ps[k + 1]
                np = following.noun
                if np is not None and np.det is Det.NUMBER and np.value is not None:
                    measure = np.measure or (previous_topic.measure if previous_topic else None)
                    if (
                        measure is not None
                        and previous_topic is not None
                        and np.noun in (None, Noun.MEASURE, Noun.VICTIM, Noun.CASE, Noun.ACCUSED)
                    ):
                        self._add([self._draft(k + 1, np, measure, template=previous_topic)])
                        self.taken.add(k + 1)
                return
            if phrase.kind in (Kind.COMPARE, Kind.VERB):
                return
        self._frame = None

    def _subject_topic(self) -> Draft | None:
        """The measure that "the number of prosecutions" names, as a figure without a value."""
        for index in reversed(self._subjects):
            np = self._ps[index].noun
            if np is None:
                continue
            measure = np.measure
            if measure is None and np.noun is Noun.VICTIM:
                measure = Measure.VICTIMS_IDENTIFIED
            if measure is None and np.group is not None and np.trafficking:
                measure = Measure.VICTIMS_IDENTIFIED
            if measure is not None:
                return self._draft(index, np, measure)
        return None

    # --- noun phrases -----------------------------------------------------------------------

    def _noun(self, at: int) -> None:  # noqa: PLR0911, PLR0912 - the roles of a noun phrase
        phrase = self._ps[at]
        np = phrase.noun
        if np is None or at in self.taken:
            return
        if np.agent == "other" and np.noun is Noun.OTHER:
            previous = self._previous(at)
            if previous is None or previous.kind is not Kind.PREPOSITION:
                self._agent = "other"
            elif previous.low == "by" and self._frame is not None and self._frame.passive:
                for draft in self.drafts[self._region :]:
                    draft.reporter = Reporter.OTHER
        elif np.agent == "government" and np.noun is Noun.OTHER and np.det in (Det.BARE, Det.DEFINITE):
            previous = self._previous(at)
            if previous is None or previous.kind is not Kind.PREPOSITION:
                self._agent = "government"
        if np.crime:
            self.taken.add(at)
            return
        if np.det is Det.VAGUE:
            if np.noun is not Noun.OTHER:
                self.vague.append(phrase)
            return
        if self._part_of is not None and self._take_part(at, np):
            return
        if np.noun is Noun.OTHER:
            if not (np.data and np.untold):
                return
        if np.noun is Noun.MEASURE and np.measure is not None:
            self._measure_noun(at, np)
            return
        frame = self._frame
        if frame is not None and frame.verb is Verb.COUNT and not frame.passive and frame.measures:
            if self._take_object(at, np, frame):
                return
        elif (
            frame is not None
            and not frame.passive
            and np.noun in (Noun.CASE,)
            and frame.verb in (Verb.OPEN,)
            and self._opened_cases(at, np, frame)
        ):
            return
        if self._continues(at, np):
            return
        self._subjects = [*self._subjects, at] if self._coordinated(at) else [at]

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

    def _measure_noun(self, at: int, np: NounPhrase) -> None:  # noqa: PLR0911 - determiner by polarity
        frame = self._frame
        assert np.measure is not None  # noqa: S101 - the caller has looked
        measures = [np.measure, *np.also]
        self._topic_from(at, np)
        polarity = frame.polarity if frame is not None else Polarity.ASSERTED
        if np.remainder and np.det is not Det.NUMBER:
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
            if np.det is Det.NO and frame is not None and frame.verb is Verb.COUNT and not frame.passive:
                return
            self._take(at, np, measures, value=np.value, frame=frame if self._owns(frame) else None)
            self._subjects = [at]
            return
        self._subjects = [at]
        if frame is None or frame.passive or not self._owns(frame):
            return
        if self._far_from_verb(at, frame):
            return
        if polarity is Polarity.UNTOLD and (
            np.det in (Det.ANY, Det.DATA) or (np.det is Det.BARE and (np.plural or np.data))
        ):
            self._take(at, np, measures, value=None, frame=frame)
        elif (
            polarity is Polarity.ZERO
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
            for draft in self._take(at, np, measures[:1], value=1, frame=frame):
                draft.weak = True

    def _far_from_verb(self, at: int, frame: Frame) -> bool:
        """Whether a preposition parts the bare noun from the verb: "did not report progress in investigations"."""
        for phrase in self._ps[frame.at + 1 : at]:
            if phrase.kind in (Kind.PREPOSITION, Kind.BLOCKER, Kind.CONTRAST) and not frame.taken:
                return True
        previous = self._previous(at)
        return previous is not None and previous.kind is Kind.PREPOSITION

    def _owns(self, frame: Frame | None) -> bool:
        return frame is not None and frame.verb in (Verb.OPEN, Verb.SUPPORT, Verb.TELL, Verb.CONTINUE)

    def _may_count(self, at: int, np: NounPhrase) -> bool:
        """Whether a number with a measure noun counts here, by the preposition before it."""
        if np.partitive and np.noun is Noun.MEASURE and self._part_of is None and np.whole is None:
            return True
        previous = self._previous(at)
        if previous is None or previous.kind is not Kind.PREPOSITION:
            return True
        return previous.low in ("with", "of", "to") or (
            previous.low == "in" and bool(self.drafts) is False and False
        )

    def _topic_from(self, at: int, np: NounPhrase) -> None:
        if np.measure is not None:
            self._topic = np.measure

    def _opened_cases(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        measure = Measure.INVESTIGATIONS
        if frame.sense in ("file", "bring") or any(
            p.low in ("prosecutors", "prosecutor", "courts", "attorney")
            for p in self._ps[:at]
            if p.kind is Kind.AGENT
        ):
            measure = Measure.PROSECUTIONS
        if frame.sense in ("register",):
            measure = Measure.INVESTIGATIONS
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

    def _take_object(self, at: int, np: NounPhrase, frame: Frame) -> bool:  # noqa: PLR0911, PLR0912
        """Let the open verb take this noun phrase as its object, or as another one beside it."""
        previous = self._previous(at)
        prep = previous.low if previous is not None and previous.kind is Kind.PREPOSITION else ""
        measures = [m for m in frame.measures if _compatible(np, m, frame.sense, bare=True)]
        if not measures and np.noun is Noun.CASE and frame.sense in _FINDING:
            measures = [Measure.INVESTIGATIONS]
        if not measures:
            return False
        if prep:
            return self._companion(at, np, frame, prep)
        if (
            frame.taken
            and previous is not None
            and previous.kind not in (Kind.CONJUNCTION, Kind.COMMA, Kind.COLON)
        ):
            return False
        if np.remainder and np.det is not Det.NUMBER:
            return True
        polarity = frame.polarity
        if np.det is Det.NUMBER:
            if polarity is not Polarity.ASSERTED:
                return False
            if frame.taken and np.bare and np.form is None and np.stage is None:
                return self._continues(at, np)
            self._take(at, np, measures, value=np.value, frame=frame)
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
                return False
            if polarity is Polarity.ZERO and not self._restricted(at):
                self._take(at, np, measures, value=0, frame=frame)
                return True
            if polarity is Polarity.UNTOLD:
                self._take(at, np, measures, value=None, frame=frame)
                return True
            if polarity is Polarity.ASSERTED and np.det is Det.ONE and not np.plural and not frame.taken:
                for draft in self._take(at, np, measures, value=1, frame=frame):
                    draft.weak = True
                return True
        if np.det is Det.DATA and polarity is Polarity.UNTOLD:
            self._take(at, np, measures, value=None, frame=frame)
            return True
        return False

    def _restricted(self, at: int) -> bool:
        """ "any suspects in these cases", "victims during inspections": a denial about a part only."""
        following = self._next(at)
        then = self._ps[at + 2] if at + 2 < len(self._ps) else None
        if following is None or following.kind is not Kind.PREPOSITION or then is None:
            return False
        if then.kind is Kind.NOUN and then.noun is not None:
            return following.low in ("in", "among", "during", "through", "from", "within", "of", "as") and (
                then.noun.definite
                or following.low in ("among", "during", "through", "as")
                or then.noun.noun is Noun.PERSON
            )
        return following.low == "among"

    def _companion(self, at: int, np: NounPhrase, frame: Frame, prep: str) -> bool:
        """ "prosecuted 64 defendants in 11 cases": the same measure in another unit."""
        if (
            not frame.taken
            or np.det is not Det.NUMBER
            or np.value is None
            or frame.polarity is not Polarity.ASSERTED
        ):
            return False
        if prep not in ("in", "involving", "with", "against", "of", "from", "on", "across"):
            return False
        heads = [
            d for d in self.drafts[self._region :] if d.relation is Relation.CURRENT and d.parent is None
        ]
        if not heads or np.noun not in (Noun.CASE, Noun.ACCUSED, Noun.PERSON, Noun.OFFICIAL):
            return False
        head = heads[-1]
        if head.measure not in _ACCUSED_MEASURES:
            return False
        unit = Unit.CASES if np.noun is Noun.CASE else Unit.PERSONS
        if unit is head.unit:
            return False
        for measure in {d.measure: None for d in heads if d.source == head.source}:
            draft = self._draft(at, np, measure, template=head)
            draft.unit = unit
            if np.stage is not None:
                draft.stage = np.stage
            self._add([draft])
        self.taken.add(at)
        return True

    def _continues(self, at: int, np: NounPhrase) -> bool:
        """A number without a noun goes on with the figure before it: "... and one for labor trafficking"."""
        if np.det is not Det.NUMBER or not np.bare or np.value is None:
            return False
        roots = self._current_roots()
        if not roots:
            return False
        if np.form in (Form.SEX, Form.LABOR):
            head = self.drafts[-1]
            parent = head.parent or head
            if parent.form is not Form.ALL and head.parent is None:
                self._add([self._draft(at, np, head.measure, template=head)])
            else:
                self._add([self._draft(at, np, head.measure, template=parent, parent=parent)])
            self.taken.add(at)
            return True
        following = self._next(at)
        frame = self._frame
        if (
            frame is not None
            and frame.stage is not None
            and frame.verb in (Verb.CONTINUE, Verb.OPEN)
            and not frame.taken
            and following is not None
            and following.kind in (Kind.VERB, Kind.COMMA, Kind.PREPOSITION, Kind.PERIOD)
        ):
            head = roots[-1]
            draft = self._draft(at, np, head.measure, template=head)
            draft.stage = frame.stage
            frame.taken = True
            self._add([draft])
            self.taken.add(at)
            return True
        return False

    # --- parts ------------------------------------------------------------------------------

    def _subset(self, at: int) -> None:
        phrase = self._ps[at]
        following = self._next(at)
        head = self._last_head()
        if phrase.low.startswith(("of these", "of those", "of the", "of this", "among")) or not self.drafts:
            if head is None and self._context.roots:
                head = self._context.roots[-1]
        if phrase.low == "of whom" and following is not None and following.kind is Kind.VERB:
            return
        self._part_of = head

    def _last_head(self) -> Draft | None:
        for draft in reversed(self.drafts):
            if draft.parent is None:
                return draft
        return None

    def _take_part(self, at: int, np: NounPhrase) -> bool:
        """Hang a number on the figure that it splits; what splits by nothing we record is dropped."""
        head = self._part_of
        if head is None or np.det not in (Det.NUMBER, Det.NO, Det.ONE) or np.value is None:
            return False
        following = self._next(at)
        later = self._ps[at + 2] if at + 2 < len(self._ps) else None
        if (
            following is not None
            and following.kind is Kind.BE
            and later is not None
            and later.kind is Kind.VERB
        ):
            return False
        if (
            following is not None
            and following.kind is Kind.VERB
            and following.verb is not None
            and following.verb.verb is Verb.COUNT
        ):
            return False
        form, group = np.form, np.group
        if following is not None and following.kind is Kind.BE:
            form, group = self._predicate(at + 2, form, group)
        officials = np.officials
        if np.noun is Noun.MEASURE and np.measure is not None and np.measure is not head.measure:
            return False
        self.taken.add(at)
        if np.noun is Noun.OTHER and not officials:
            return True
        split = form in (Form.SEX, Form.LABOR) or (group not in (None, Group.ALL)) or officials
        if not split or np.unspecified:
            return True
        draft = self._draft(at, np, head.measure, template=head, parent=head)
        draft.form = form if form in (Form.SEX, Form.LABOR) else head.form
        draft.group = group or Group.ALL
        if officials:
            draft.accused = Accused.OFFICIALS
        self._add([draft])
        return True

    def _predicate(self, at: int, form: Form | None, group: Group | None) -> tuple[Form | None, Group | None]:
        """What "86 were ..." says of the 86: a form or a group."""
        for phrase in self._ps[at - 0 : at + 3]:
            if phrase.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.OPEN, Kind.CLOSE, Kind.COMPARE):
                break
            if phrase.kind is Kind.FORM:
                return phrase.form, phrase.group or group
            if phrase.kind is Kind.NOUN and phrase.noun is not None and phrase.noun.det is not Det.NUMBER:
                return phrase.noun.form or form, phrase.noun.group or group
            if phrase.low in _GROUP_WORDS:
                return form, _GROUP_WORDS[phrase.low]
        return form, group

    def _bracket(self, at: int) -> int:
        end = self._closing(at)
        inner = self._ps[at + 1 : end]
        head = self.drafts[-1] if self.drafts else None
        anchor = [
            d
            for d in self.drafts
            if head is not None and d.source == head.source and d.relation is Relation.CURRENT
        ]
        if head is not None and self._companions(head):
            anchor = self._companions(head)
        dated = any(
            p.kind is Kind.YEAR or (p.kind is Kind.PERIOD and p.sense in ("previous", "earlier"))
            for p in inner
        )
        if (
            any(p.kind is Kind.NOUN and p.noun is not None and p.noun.value is not None for p in inner)
            and anchor
        ):
            if dated:
                comparison = Comparison.of(inner, at + 1)
                new = deal(comparison, anchor, self._current_parts(), self._span)
                self.taken.update(comparison.taken)
                keep = self._region
                self._add(new)
                self._region = keep
            elif head is not None:
                saved, self._part_of = self._part_of, head.parent or head
                saved_frame = self._frame
                for k in range(at + 1, end):
                    if self._ps[k].kind is Kind.NOUN:
                        self._noun(k)
                self._part_of, self._frame = saved, saved_frame
        return end + 1

    def _companions(self, head: Draft) -> list[Draft]:
        """The last head with its other unit: "69 cases with 80 suspects"."""
        roots = [
            d for d in self.drafts[self._region :] if d.parent is None and d.relation is Relation.CURRENT
        ]
        if (
            len(roots) >= 2
            and roots[-1].measure is roots[-2].measure
            and roots[-1].unit is not roots[-2].unit
        ):
            return roots[-2:]
        return []

    def _closing(self, at: int) -> int:
        depth = 0
        for k in range(at, len(self._ps)):
            if self._ps[k].kind is Kind.OPEN:
                depth += 1
            elif self._ps[k].kind is Kind.CLOSE:
                depth -= 1
                if depth == 0:
                    return k
            elif depth == 1 and self._ps[k].kind is Kind.COMPARE:
                return k - 1
        return len(self._ps) - 1

    # --- the passive ------------------------------------------------------------------------

    def _passive(self, at: int, frame: Frame) -> None:
        if not frame.measures:
            if frame.verb is Verb.OPEN:
                self._restage(Stage.NEW, at)
            elif frame.verb is Verb.CONTINUE:
                self._restage(Stage.CONTINUED, at)
            elif frame.verb is Verb.OTHER and not frame.taken:
                self._drop_subject(at)
            return
        self._take_subjects(at, frame.measures, frame)

    def _drop_subject(self, at: int) -> None:
        del at

    def _restage(self, stage: Stage, at: int) -> None:
        """ "No new prosecutions were initiated": the passive verb gives its subject the stage."""
        if self._subjects:
            source = self._ps[self._subjects[-1]].start
            for draft in self.drafts:
                if draft.source == source and draft.stage is Stage.ANY:
                    draft.stage = stage

    def _take_subjects(self, at: int, measures: list[Measure], frame: Frame) -> None:
        subjects = [k for k in self._subjects if self._ps[k].noun is not None]
        if not subjects:
            return
        chosen = None
        for k in reversed(subjects):
            np = self._ps[k].noun
            previous = self._ps[k - 1] if k else None
            if np is None or not any(_compatible(np, m, frame.sense, bare=True) for m in measures):
                continue
            if (
                previous is not None
                and previous.kind is Kind.PREPOSITION
                and len(subjects) > 1
                and previous.low in ("in", "from", "with", "of")
            ):
                continue
            chosen = k
            break
        if chosen is None:
            return
        np = self._ps[chosen].noun
        assert np is not None  # noqa: S101 - chosen above
        usable = [m for m in measures if _compatible(np, m, frame.sense, bare=True)]
        negative = frame.polarity is Polarity.ZERO
        if frame.polarity is Polarity.BLOCKED or np.crime or np.remainder:
            return
        value: int | None
        if np.untold or (np.det is Det.DATA):
            if not self._untold_before(chosen):
                return
            value = None
        elif np.det in (Det.NUMBER, Det.NO) and not negative:
            value = np.value
        elif np.det is Det.UNKNOWN:
            value = None
        elif np.det in (Det.ANY, Det.BARE) and negative and not np.definite:
            value = 0
        elif np.det is Det.ONE and not np.plural and not negative and not np.bare:
            for draft in self._take(chosen, np, usable, value=1, frame=frame):
                draft.weak = True
            return
        else:
            return
        template = None
        if np.bare and np.partitive is False:
            template = self._current_roots()[-1] if self._current_roots() else None
        self._take(chosen, np, usable, value=value, frame=frame, template=template)
        for k in subjects:
            other = self._ps[k].noun
            if (
                k != chosen
                and other is not None
                and k > chosen
                and other.det is Det.NUMBER
                and other.noun is Noun.CASE
                and np.noun is not Noun.CASE
                and usable[0] in _ACCUSED_MEASURES
            ):
                previous = self._ps[k - 1]
                if previous.kind is Kind.PREPOSITION and previous.low in ("in", "involving", "with"):
                    draft = self._draft(k, other, usable[0], template=self.drafts[-1])
                    draft.unit = Unit.CASES
                    self._add([draft])
                    self.taken.add(k)

    def _untold_before(self, index: int) -> bool:
        frame = self._frame
        if frame is not None and frame.polarity is Polarity.UNTOLD:
            return True
        for phrase in self._ps[max(0, index - 6) : index]:
            if phrase.kind is Kind.UNCLEAR or (
                phrase.verb is not None and phrase.verb.verb is Verb.TELL and phrase.verb.negated
            ):
                return True
        return False

    # --- making drafts ----------------------------------------------------------------------

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
        for measure in measures:
            draft = self._draft(at, np, measure, template=template)
            draft.value = value
            if frame is not None:
                if frame.stage is not None and draft.stage is Stage.ANY:
                    draft.stage = frame.stage
                if frame.cumulative:
                    draft.relation = Relation.CUMULATIVE
                frame.taken = True
            made.append(draft)
            if np.officials_too:
                made.append(draft.copy(accused=Accused.OFFICIALS))
        self.taken.add(at)
        self._add(made)
        return made

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
        if form is None and parent is None:
            form = self._carried_form(np)
        stage = np.stage or (template.stage if template is not None else None) or Stage.ANY
        group = np.group or (template.group if template is not None and np.bare else None) or Group.ALL
        accused = (
            Accused.OFFICIALS
            if np.officials
            else (template.accused if template is not None and np.bare else Accused.ANY)
        )
        draft = Draft(
            measure,
            np.value,
            _unit(np, measure, template),
            phrase.start,
            *self._span,
            form=form or Form.ALL,
            relation=template.relation if template is not None else (self._lead_relation or Relation.CURRENT),
            year=template.year if template is not None else self._lead_year,
            qualifier=np.qualifier,
            stage=stage,
            accused=accused,
            reporter=Reporter.OTHER if self._agent == "other" else Reporter.GOVERNMENT,
            group=group,
            parent=parent,
            story=self._story,
            printed_form=np.form is not None,
        )
        return draft

    def _carried_form(self, np: NounPhrase) -> Form | None:
        """A plain noun later in the clause keeps the form of the figure before it (kind 22)."""
        if np.trafficking or np.value in (None, 0) or np.noun not in (Noun.ACCUSED, Noun.CASE):
            return None
        if not self.drafts:
            return None
        last = self.drafts[-1]
        if (
            last.parent is None
            and last.form is not Form.ALL
            and last.value not in (None, 0)
            and last.group is Group.ALL
        ):
            return last.form
        return None

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

    # --- comparisons ------------------------------------------------------------------------

    def _compare(self, at: int) -> int:
        end = self._region_end(at + 1)
        region = self._ps[at + 1 : end]
        counted = any(p.kind is Kind.NOUN and p.noun is not None and p.noun.value is not None for p in region)
        if not counted:
            if self._ps[at].low in ("against",):
                return at + 1
            return end if any(p.kind in (Kind.YEAR, Kind.PERIOD) for p in region) else at + 1
        comparison = Comparison.of(region, at + 1)
        roots = self._current_roots()
        anchors = roots
        topic = None
        if not roots:
            topic = self._subject_topic()
            if topic is not None:
                anchors = [topic]
            elif self._anaphoric(at):
                anchors = self._context.roots
        if not anchors and not comparison.measured:
            self._deferred.append(comparison)
            self.taken.update(comparison.taken)
            return end
        if not anchors and at <= 2:
            self._deferred.append(comparison)
            self.taken.update(comparison.taken)
            return end
        self.taken.update(comparison.taken)
        self._add(deal(comparison, anchors, self._current_parts(), self._span))
        self._region = len(self.drafts)
        self._part_of = None
        return end

    def _anaphoric(self, at: int) -> bool:
        """Whether the clause opens with "This", "These efforts ..." and so compares what came before."""
        first = self._ps[0]
        return (
            first.low.startswith(
                (
                    "this",
                    "these",
                    "both",
                    "that",
                    "it",
                    "compared",
                    "the year",
                    "an increase",
                    "a decrease",
                    "down",
                    "up",
                )
            )
            or at <= 2
        )

    def _region_end(self, at: int) -> int:
        k = at
        depth = 0
        while k < len(self._ps):
            phrase = self._ps[k]
            if phrase.kind is Kind.OPEN:
                depth += 1
            elif phrase.kind is Kind.CLOSE:
                if depth == 0:
                    return k
                depth -= 1
            elif depth == 0:
                if phrase.kind in (Kind.CONTRAST, Kind.COMPARE):
                    return k
                if phrase.kind in (Kind.COMMA, Kind.CONJUNCTION) and self._leaves(k):
                    return k
            k += 1
        return k

    def _leaves(self, k: int) -> bool:
        """Whether a new predicate begins after the comma or conjunction at ``k``."""
        j = k + 1
        while j < len(self._ps) and self._ps[j].kind in (Kind.COMMA, Kind.CONJUNCTION):
            j += 1
        if j >= len(self._ps):
            return True
        phrase = self._ps[j]
        if phrase.kind is Kind.VERB and phrase.verb is not None:
            return not phrase.verb.has(Inflection.ING) or self._ps[k].kind is Kind.COMMA
        if phrase.kind is Kind.NOUN and phrase.noun is not None:
            if phrase.noun.value is not None and phrase.noun.noun is not Noun.OTHER:
                return False
            return True
        return phrase.kind not in (
            Kind.YEAR,
            Kind.PERIOD,
            Kind.PREPOSITION,
            Kind.RESPECTIVELY,
            Kind.SUBSET,
            Kind.OPEN,
            Kind.FORM,
            Kind.SAME,
        )

    def _same(self, at: int) -> int:
        roots = self._current_roots()
        k = at + 1
        year = None
        stop = min(at + 6, len(self._ps))
        while k < stop:
            if self._ps[k].kind is Kind.YEAR:
                year = self._ps[k].years[0]
                k += 1
                break
            if self._ps[k].kind is Kind.PERIOD:
                k += 1
                break
            if self._ps[k].kind in (Kind.COMMA, Kind.NOUN, Kind.VERB):
                break
            k += 1
        if roots:
            last = roots[-1].source
            self._add([d.copy(relation=Relation.PREVIOUS, year=year) for d in roots if d.source == last])
            self._region = len(self.drafts)
        return k

    # --- time -------------------------------------------------------------------------------

    def _year(self, at: int) -> None:
        phrase = self._ps[at]
        if (
            phrase.sense in ("from", "until", "by", "under", "act", "law", "no.", "month-end")
            or not phrase.years
        ):
            return
        region = [d for d in self.drafts[self._region :] if d.year is None]
        if phrase.sense == "span":
            for draft in region:
                draft.relation = Relation.CUMULATIVE
            if not self.drafts:
                self._lead_relation = Relation.CUMULATIVE
            return
        if phrase.sense not in ("in", "during", "for", "", "of", "month", "and", "throughout", "(", ","):
            return
        latest = max(phrase.years)
        if not self.drafts and self._lead_year is None:
            if phrase.sense in ("in", "during", "for", "throughout", "month"):
                self._lead_year = latest
                if phrase.sense == "month":
                    self._lead_year = None
                    self._story = True
            return
        if phrase.sense == "month":
            return
        copies = []
        for draft in region:
            if draft.relation is Relation.CUMULATIVE:
                continue
            draft.year = latest
            if len(phrase.years) == 2:
                copies.append(draft.copy(relation=Relation.PREVIOUS, year=min(phrase.years)))
        self._region = len(self.drafts)
        self._add(copies)

    def _period(self, at: int) -> None:
        phrase = self._ps[at]
        previous = self._previous(at)
        low = previous.low if previous is not None else ""
        if phrase.sense == "both":
            region = [d for d in self.drafts[self._region :] if d.relation is Relation.CURRENT]
            self._add([d.copy(relation=Relation.PREVIOUS, year=None) for d in region])
            return
        if phrase.sense == "previous" and low != "from":
            if not self.drafts and low in ("in", "during", "over", "", ",") and self._frame is None:
                self._lead_relation = Relation.PREVIOUS
            elif low in ("in", "during"):
                for draft in self.drafts[self._region :]:
                    if draft.relation is Relation.CURRENT:
                        draft.relation = Relation.PREVIOUS
        elif phrase.sense in ("previous", "earlier") and low == "from" and self._subjects:
            np = self._ps[self._subjects[-1]].noun
            if np is not None and np.stage is None:
                np.stage = Stage.CONTINUED
        elif phrase.sense == "several":
            for draft in self.drafts[self._region :]:
                draft.relation = Relation.CUMULATIVE

    # --- late features ----------------------------------------------------------------------

    def _late_form(self, at: int) -> None:
        """ "convicted 12 defendants under article 4 for sex trafficking": the form that comes later."""
        previous = self._previous(at)
        form = self._ps[at].form
        if form not in (Form.SEX, Form.LABOR) or previous is None or previous.kind is not Kind.PREPOSITION:
            return
        if previous.low not in ("for", "of", "involving", "on", "in", "with", "to") or not self.drafts:
            return
        last = self.drafts[-1]
        if last.relation is not Relation.CURRENT or last.parent is not None or last.form is not Form.ALL:
            return
        for phrase in reversed(self._ps[max(0, at - 5) : at - 1]):
            if phrase.start <= last.source:
                break
            if phrase.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.CONTRAST):
                return
        for draft in self.drafts:
            if draft.source == last.source and draft.relation is Relation.CURRENT:
                draft.form = form
                draft.group = self._ps[at].group or draft.group

    def _late_crime(self, at: int) -> None:
        """ "prosecuted 12 individuals for pimping": the number was another crime's after all."""
        previous = self._previous(at)
        if (
            previous is None
            or previous.kind is not Kind.PREPOSITION
            or previous.low not in ("for", "of", "on", "involving", "with", "into")
        ):
            return
        if not self.drafts:
            return
        last = self.drafts[-1]
        if last.printed_form or last.value == 0:
            return
        between = [p for p in self._ps if last.source < p.start < self._ps[at].start]
        if any(p.kind in (Kind.CONTRAST, Kind.FORM) for p in between) or len(between) > 6:
            return
        self.drafts = [d for d in self.drafts if d.source != last.source]

    def _late_officials(self, at: int) -> None:
        del at


_GROUP_WORDS = {
    "female": Group.WOMEN,
    "females": Group.WOMEN,
    "male": Group.MEN,
    "males": Group.MEN,
    "foreign": Group.FOREIGN,
    "adult": Group.ADULTS,
    "minor": Group.CHILDREN,
    "underage": Group.CHILDREN,
}


def _unit(np: NounPhrase, measure: Measure, template: Draft | None) -> Unit:
    if measure in _VICTIM_MEASURES:
        return Unit.PERSONS
    if np.noun in (Noun.ACCUSED, Noun.PERSON, Noun.OFFICIAL, Noun.VICTIM):
        return Unit.PERSONS
    if np.noun in (Noun.CASE, Noun.CRIME):
        return Unit.CASES
    if np.noun is Noun.MEASURE:
        if np.persons:
            return Unit.PERSONS
        return template.unit if template is not None else Unit.CASES
    if template is not None:
        return template.unit
    return Unit.CASES if measure is Measure.INSPECTIONS else Unit.PERSONS


def _compatible(np: NounPhrase, measure: Measure, sense: str, *, bare: bool) -> bool:
    """Whether a noun phrase can be what the measure counts."""
    noun = np.noun
    if noun is None:
        return (
            bare
            and np.qualifier is not None
            and (np.value is not None or np.untold or np.det in (Det.UNKNOWN,))
        )
    if measure in _ACCUSED_MEASURES:
        if noun is Noun.PERSON:
            return np.group in (None, Group.WOMEN, Group.MEN, Group.FOREIGN) or np.trafficking
        if noun is Noun.MEASURE:
            return measure in (Measure.CONVICTIONS, Measure.SENTENCES) and sense == "predicate"
        return noun in (Noun.ACCUSED, Noun.OFFICIAL, Noun.CASE, Noun.CRIME)
    if measure in _VICTIM_MEASURES:
        if noun is Noun.VICTIM:
            return True
        return (
            noun is Noun.PERSON
            and (np.trafficking or measure is Measure.VICTIMS_ASSISTED)
            and sense not in ("accept", "receive")
        )
    return measure is Measure.INSPECTIONS
