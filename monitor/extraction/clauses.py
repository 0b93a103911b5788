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
_FINDING = ("identify", "detect", "discover", "uncover", "find")


class Polarity(Enum):
    """What a frame says of its object: it happened, it did not, nothing was told, nothing is asserted."""

    ASSERTED = auto()
    ZERO = auto()
    UNTOLD = auto()
    BLOCKED = auto()
    PURPOSE = auto()


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
    hedged: bool = False
    taken: bool = False
    at: int = 0


@dataclass(slots=True)
class Context:
    """What one clause hands to the next: the figures a later "of these" or "this compares" refers to."""

    roots: list[Draft] = field(default_factory=list)
    known: list[Draft] = field(default_factory=list)
    agent: str = ""
    age: int = 0
    news: bool = False


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
        self._agent = context.agent if not clause.first and _goes_on(clause) else ""
        self._story = False
        self._part_of: Draft | None = None
        self._verb_topic: Measure | None = None
        self._lead_year: int | None = None
        self._lead_relation: Relation | None = None
        self._region = 0
        self._deferred: list[Comparison] = []
        self._with_parts: set[int] = set()
        self._dashed = False
        self._whole: Draft | None = None
        self._crime_opening = False
        self._doubtful = False
        self._abroad = False
        self._crime_topic = False
        self._last_number: int | None = None
        self._blocked_until_verb = False

    # --- the walk ---------------------------------------------------------------------------

    def run(self) -> None:
        if self._ps and self._ps[0].low == "since":
            self._lead_relation = Relation.CUMULATIVE
        at = self._opening()
        while at < len(self._ps):
            at = self._step(at)
        for comparison in self._deferred:
            self._add(deal(comparison, self._current_roots(), self._current_parts(), self._span))
        roots = self._current_roots()
        if roots:
            self._context.roots, self._context.age = roots, 0
        self._context.agent = self._agent
        self._context.known += self.drafts

    def _opening(self) -> int:
        """Where reading starts, with the figure that the clause's opening words refer to."""
        if not self._clause.first and self._context.roots and self._ps and self._opens_with_part():
            self._part_of = self._context.roots[-1]
            return 0
        return self._anaphor()

    def _opens_with_part(self) -> bool:
        """After a semicolon, "two for sex trafficking", "29 suspects for ..." split the figure before it."""
        np = self._ps[0].noun
        if np is None or np.det is not Det.NUMBER or np.noun in (Noun.OTHER, Noun.MEASURE):
            return False
        root = self._context.roots[-1]
        if np.value is None or root.value is None or np.value > root.value:
            return False
        if np.bare:
            verb = self._ps[1] if len(self._ps) > 1 else None
            return np.form is not None or (
                verb is not None
                and verb.kind is Kind.BE
                and not any(p.verb is not None and p.verb.measure is not None for p in self._ps[1:4])
            )
        return np.form in (Form.SEX, Form.LABOR) and not any(
            p.kind in (Kind.VERB, Kind.BE) for p in self._ps[:8]
        )

    def _anaphor(self) -> int:
        """ "Of the victims identified, ...", "Among the 33 investigations, ...": parts of an earlier figure."""
        if not self._ps or not self._context.roots or self._context.age > 6:
            return 0
        first = self._ps[0]
        whole = self._ps[1].noun if len(self._ps) > 1 else None
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
                and (whole.measure is root.measure or _compatible(whole, root.measure, "", bare=False))
            ]
            exact = [root for root in fitting if whole.value in (None, root.value)]
            head = (exact or fitting or [head])[0]
        self._part_of = self._whole = head
        for k in range(1, min(len(self._ps), 9)):
            if self._ps[k].kind is Kind.COMMA:
                return k + 1
        return 1

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
        elif kind in (Kind.DASH, Kind.COLON):
            self._dash(at)
        elif kind is Kind.OTHER and phrase.low in _GOING_ON:
            if (
                not (phrase.low in ("pending", "ongoing") and self._pends(at))
                and at
                and self._ps[at - 1].kind is Kind.BE
            ):
                self._restage(Stage.CONTINUED, at)
        elif kind is Kind.OTHER and phrase.low == "unless":
            self.drafts = [d for d in self.drafts if d.value != 0]
        elif kind is Kind.YEAR:
            self._year(at)
        elif kind is Kind.PERIOD:
            self._period(at)
        elif kind is Kind.SUBSET:
            self._subset(at)
        elif kind is Kind.COMMA and not self.drafts:
            self._crime_opening = False
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
            self._crime_topic = self._crime_opening = False
            self._late_form(at, phrase.form, phrase.group)
        elif kind is Kind.CRIME:
            self._late_crime(at)
            if not self.drafts and self._governor(at) is not None:
                self._crime_opening = True
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
        if (
            previous is not None
            and previous.kind is Kind.CONJUNCTION
            and self._agent in ("government", "agency")
        ):
            before = self._ps[at - 2] if at > 1 else None
            if before is not None and before.kind in (Kind.AGENT, Kind.OTHER):
                return
        if phrase.low in ("it",):
            return
        if previous is not None and previous.kind is Kind.VERB and phrase.sense == "other":
            return
        if (
            previous is not None
            and previous.kind is Kind.OTHER
            and at > 1
            and self._ps[at - 2].kind is Kind.VERB
            and previous.low in ("the", "an", "a")
        ):
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
            if verb.measure is not None and not (
                verb.measure is Measure.SENTENCES and Measure.CONVICTIONS in frame.measures
            ):
                frame.measures.append(verb.measure)
            if frame.passive and frame.taken and verb.measure is not None:
                self._take_subjects(at, [verb.measure], frame)
            return
        if self._series_filler(at, verb):
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
            hedged=verb.hedged or (frame is not None and frame.hedged and polarity is frame.polarity),
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
        elif verb.verb is Verb.COUNT and verb.sense != "determine":
            self._part_of = None

    def _series_filler(self, at: int, verb: VerbPhrase) -> bool:
        """ "prosecuting and concluding 1,146 cases": the object still belongs to the counting verb."""
        frame = self._frame
        if (
            frame is None
            or frame.verb is not Verb.COUNT
            or frame.taken
            or frame.passive
            or verb.measure is not None
        ):
            return False
        following = self._next(at)
        if following is None or following.noun is None or following.noun.measure is not None or verb.negated:
            return False
        if not verb.inflections & frame.inflections:
            return False
        return (
            all(p.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.VERB) for p in self._ps[frame.at + 1 : at])
            and at > frame.at + 1
        )

    def _joins(self, at: int, verb: VerbPhrase, frame: Frame) -> bool:
        """ "investigated, prosecuted, and convicted": one object or one subject for all."""
        if verb.measure is None or frame.verb is not Verb.COUNT:
            return False
        if Measure.CONVICTIONS in frame.measures and verb.measure is Measure.SENTENCES:
            return not frame.taken
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
            if verb.infinitive and not verb.factual:
                return Polarity.BLOCKED
            return Polarity.UNTOLD if verb.verb is Verb.TELL else Polarity.ZERO
        frame = self._frame
        if verb.infinitive and not verb.factual:
            if frame is not None and frame.polarity is Polarity.ZERO and frame.sense == "use":
                return Polarity.ZERO
            if blocked or verb.negated or (frame is not None and frame.polarity is not Polarity.ASSERTED):
                return Polarity.BLOCKED
            return Polarity.PURPOSE
        if blocked and verb.has(Inflection.ING):
            return Polarity.PURPOSE
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
        if frame.polarity is Polarity.BLOCKED and not frame.taken and ing and frame.at == at - 1:
            return Polarity.BLOCKED
        if verb.has(Inflection.PAST) or not (frame.inflections & verb.inflections):
            return Polarity.ASSERTED
        return frame.polarity if verb.has(Inflection.BASE) else Polarity.ASSERTED

    def _linked(self, at: int) -> bool:
        previous = self._previous(at)
        return previous is not None and previous.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.OTHER)

    def _stage(self, verb: VerbPhrase, frame: Frame | None) -> Stage | None:
        if verb.verb is Verb.OPEN:
            return None if verb.sense in ("bring", "register") else Stage.NEW
        if verb.verb is Verb.CONTINUE:
            return Stage.CONTINUED
        if verb.stage is not None:
            return verb.stage
        going = verb.infinitive or verb.has(Inflection.ING)
        if frame is not None and going and not frame.taken and frame.verb in (Verb.CONTINUE, Verb.OPEN):
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
        if np.data and np.noun is not Noun.OTHER:
            return True
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
        previous_topic = self._subject_topic()
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
            measure = np.measure or self._verb_topic
            if measure is None and np.data and np.noun is Noun.VICTIM:
                measure = Measure.VICTIMS_IDENTIFIED
            if measure is not None and np.noun not in (Noun.OTHER, None):
                return self._draft(index, np, measure)
        return None

    # --- noun phrases -----------------------------------------------------------------------

    def _noun(self, at: int) -> None:  # noqa: PLR0911, PLR0912 - the roles of a noun phrase
        phrase = self._ps[at]
        np = phrase.noun
        if np is None or at in self.taken:
            return
        if np.noun is Noun.OFFICIAL and np.agent == "government" and np.det in (Det.BARE, Det.DEFINITE):
            self._agent = "government"
        if np.agent == "other" and np.noun is Noun.OTHER:
            previous = self._previous(at)
            if (
                previous is not None
                and previous.kind is Kind.CONJUNCTION
                and self._agent in ("government", "agency")
            ):
                pass
            elif previous is None or previous.kind not in (Kind.PREPOSITION, Kind.VERB):
                self._agent = "other"
            elif previous.low == "by" and self._frame is not None and self._frame.passive:
                for draft in self.drafts[self._region :]:
                    draft.reporter = Reporter.OTHER
        elif (
            np.agent in ("government", "agency")
            and np.noun is Noun.OTHER
            and np.det in (Det.BARE, Det.DEFINITE)
        ):
            previous = self._previous(at)
            if previous is None or previous.kind is not Kind.PREPOSITION:
                self._agent = np.agent
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
        if np.form is not None and np.det in (Det.BARE, Det.DEFINITE, Det.ANY, Det.ONE):
            self._late_form(at, np.form, np.group)
        before = self._previous(at)
        if np.det is Det.NUMBER and (before is None or before.kind is not Kind.PREPOSITION):
            self._last_number = at
        if np.det is Det.VAGUE:
            if np.noun is not Noun.OTHER:
                self.vague.append(phrase)
            return
        if self._part_of is not None and self._take_part(at, np):
            return
        if np.officials and np.det is Det.ONE and self._apposed(at):
            return
        if np.noun is Noun.OTHER:
            if not (np.data and np.untold):
                if np.det is Det.NUMBER and not self._subjects:
                    self._subjects = [at]
                return
        if np.noun is Noun.MEASURE and np.measure is not None:
            self._measure_noun(at, np)
            return
        frame = self._frame
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
        if self._numbers(at, np) or self._handled(at, np):
            return
        if self._continues(at, np) or self._coordinates(at, np) or self._told_victims(at, np):
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
        if np.sense in ("trial", "trials") and not np.named:
            return
        measures = [np.measure, *np.also]
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
            if np.det is Det.NUMBER and self._echoes(np, measures):
                self.taken.add(at)
                self._subjects = [at]
                return
            self._take(at, np, measures, value=np.value, frame=frame if self._owns(frame) else None)
            self._subjects = [at]
            return
        self._subjects = [at]
        if frame is None and np.det in (Det.ONE, Det.DEFINITE) and np.ordinal and not np.plural:
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
        return (
            frame is not None
            and not frame.passive
            and frame.verb in (Verb.OPEN, Verb.SUPPORT, Verb.TELL, Verb.CONTINUE)
        )

    def _may_count(self, at: int, np: NounPhrase) -> bool:
        """Whether a number with a measure noun counts here, by the preposition before it."""
        if np.partitive and np.noun is Noun.MEASURE and self._part_of is None and np.whole is None:
            return True
        previous = self._previous(at)
        if previous is None or previous.kind is not Kind.PREPOSITION:
            return True
        if previous.low == "of":
            before = self._ps[at - 2].low if at > 1 else ""
            return before not in _OUTCOMES and not self.drafts
        return previous.low in ("with", "to", "after", "following")

    def _opened_cases(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        measure = Measure.INVESTIGATIONS
        if frame.sense in ("file", "bring") or any(
            p.low in ("prosecutors", "prosecutor", "courts", "attorney") for p in self._ps[:at]
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

    def _echoes(self, np: NounPhrase, measures: list[Measure]) -> bool:
        """ "The two prosecutions were ongoing" speaks of two that were counted before."""
        return np.definite and any(
            d.measure in measures and d.value == np.value for d in [*self._context.known, *self.drafts]
        )

    def _take_object(self, at: int, np: NounPhrase, frame: Frame) -> bool:  # noqa: PLR0911, PLR0912
        """Let the open verb take this noun phrase as its object, or as another one beside it."""
        previous = self._previous(at)
        prep = previous.low if previous is not None and previous.kind is Kind.PREPOSITION else ""
        measures = [m for m in frame.measures if _compatible(np, m, frame.sense, bare=True)]
        following = self._next(at)
        if frame.sense == "find" and following is not None and following.low == "guilty":
            measures = [Measure.CONVICTIONS]
        if not measures and np.noun is Noun.CASE and frame.sense in _FINDING:
            measures = [Measure.INVESTIGATIONS]
        if not measures:
            return False
        if prep:
            return self._companion(at, np, prep)
        if not frame.taken and not self._adjacent(at, frame) and not self._reached(at, np, frame):
            return False
        if frame.sense == "determine" and not self._determined(at):
            return False
        if np.bare and measures[0] in _VICTIM_MEASURES:
            known = [*self._context.known, *self.drafts]
            if np.partitive and (self._current_roots() or self._context.roots):
                measures = [(self._current_roots() or self._context.roots)[-1].measure]
            elif not any(d.measure in _VICTIM_MEASURES for d in known) and frame.sense != "determine":
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
            for draft in self._take(at, np, measures, value=np.value, frame=frame):
                draft.weak = np.partitive and np.value == 1
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
                return False
            if (
                polarity is Polarity.ASSERTED
                and np.plural
                and np.det is Det.BARE
                and self._in_cases(at, measures, frame)
            ):
                return True
            if frame.hedged and np.det is not Det.ANY:
                return False
            if np.noun is Noun.PERSON and not np.named and np.det is not Det.ONE and np.sense not in _ANYONE:
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

    def _reached(self, at: int, np: NounPhrase, frame: Frame) -> bool:
        """ "referred to care seven victims": a number with its noun, past a phrase of direction."""
        if np.det is not Det.NUMBER or np.noun is None:
            return False
        return all(
            p.kind in (Kind.VERB, Kind.PREPOSITION, Kind.OTHER, Kind.AGENT, Kind.CONJUNCTION, Kind.PERIOD)
            or (p.noun is not None and p.noun.det in (Det.BARE, Det.DEFINITE) and p.noun.noun is Noun.OTHER)
            for p in self._ps[frame.at + 1 : at]
        ) and any(p.kind is Kind.PREPOSITION for p in self._ps[frame.at + 1 : at])

    def _determined(self, at: int) -> bool:
        """ "determined nine to be trafficking victims"."""
        return any(p.noun is not None and p.noun.noun is Noun.VICTIM for p in self._ps[at : at + 5])

    def _adjacent(self, at: int, frame: Frame) -> bool:
        """Whether nothing but other verbs of the series and adverbs stands between verb and object."""
        return all(
            phrase.kind in (Kind.VERB, Kind.CONJUNCTION, Kind.BE)
            or (phrase.kind is Kind.COMMA and self._ps[index + 1].kind in (Kind.VERB, Kind.CONJUNCTION))
            or (phrase.kind is Kind.OTHER and phrase.low.endswith(("ly", "ed", "ing")))
            or phrase.low in _PARTICLES
            for index, phrase in enumerate(self._ps[frame.at + 1 : at], frame.at + 1)
        )

    def _restricted(self, at: int) -> bool:
        """ "any suspects in these cases", "victims during inspections": a denial about a part only."""
        following = self._next(at)
        then = self._ps[at + 2] if at + 2 < len(self._ps) else None
        if following is not None and following.kind is Kind.PRONOUN:
            return True
        if following is not None and following.kind is Kind.VERB and following.verb is not None:
            return following.verb.has(Inflection.PARTICIPLE)
        if following is None or following.kind is not Kind.PREPOSITION or then is None:
            return False
        if then.kind is Kind.NOUN and then.noun is not None:
            return following.low in _RESTRICTING and (
                then.noun.definite
                or following.low in ("among", "during", "through", "as", "involving")
                or then.noun.noun is Noun.PERSON
            )
        return following.low in ("among", "involving")

    def _like_before(self, draft: Draft) -> None:
        """ "In 2016, they had convicted eight": eight of what was counted just before."""
        for root in reversed(self._context.roots):
            if root.measure is draft.measure:
                draft.form, draft.unit, draft.stage = root.form, root.unit, root.stage
                return

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

    def _handled(self, at: int, np: NounPhrase) -> bool:
        """ "Police handled six trafficking cases": cases that name trafficking were looked into."""
        frame = self._frame
        if frame is None or frame.sense not in _HANDLING or np.noun is not Noun.CASE or not np.named:
            return False
        if np.det is not Det.NUMBER or frame.polarity is not Polarity.ASSERTED or frame.passive:
            return False
        for draft in self._take(at, np, [Measure.INVESTIGATIONS], value=np.value, frame=frame):
            draft.low = True
        return True

    def _numbers(self, at: int, np: NounPhrase) -> bool:
        """ "Victims identified numbered 83", "prosecutions totaled six"."""
        frame = self._frame
        if frame is None or frame.sense not in ("number", "total") or frame.at != at - 1 or not np.bare:
            return False
        topic = self._subject_topic()
        if topic is None or np.det is not Det.NUMBER:
            return False
        self._add([self._draft(at, np, topic.measure, template=topic)])
        self.taken.add(at)
        return True

    def _told_victims(self, at: int, np: NounPhrase) -> bool:
        """ "The government reported 42 trafficking victims": identified, as far as one can tell."""
        frame, following = self._frame, self._next(at)
        if frame is None or frame.verb is not Verb.TELL or frame.at != at - 1 or np.noun is not Noun.VICTIM:
            return False
        if (
            frame.polarity is not Polarity.ASSERTED
            or np.det is not Det.NUMBER
            or frame.sense not in _COUNTING
        ):
            return False
        if np.partitive or np.stage is not None:
            return False
        if following is not None and (
            following.kind in (Kind.VERB, Kind.BE, Kind.PRONOUN) or following.low == "with"
        ):
            return False
        for draft in self._take(at, np, [Measure.VICTIMS_IDENTIFIED], value=np.value, frame=frame):
            draft.low = True
        return True

    def _coordinates(self, at: int, np: NounPhrase) -> bool:
        """ "indictments of 11 persons for ... and seven for labor trafficking": another of the same measure."""
        previous = self._previous(at)
        if (
            previous is None
            or previous.kind not in (Kind.CONJUNCTION, Kind.COMMA)
            or np.det is not Det.NUMBER
        ):
            return False
        if np.form not in (Form.SEX, Form.LABOR) or not self.drafts:
            return False
        last = self.drafts[-1]
        if (
            last.parent is not None
            or last.relation is not Relation.CURRENT
            or not _compatible(np, last.measure, "", bare=False)
        ):
            return False
        if any(p.kind in (Kind.VERB, Kind.CONTRAST) for p in self._ps[:at] if p.start > last.source):
            return False
        following = self._next(at)
        if following is not None and following.kind in (Kind.VERB, Kind.BE):
            return False
        self._add([self._draft(at, np, last.measure)])
        self.taken.add(at)
        return True

    def _companion(self, at: int, np: NounPhrase, prep: str) -> bool:
        """ "prosecuted 64 defendants in 11 cases": the same measure in another unit."""
        if (
            np.det is not Det.NUMBER
            or np.value is None
            or (self._frame is not None and self._frame.polarity not in (Polarity.ASSERTED, Polarity.PURPOSE))
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
        if head.measure not in _ACCUSED_MEASURES or any(
            p.kind is Kind.DASH for p in self._ps[:at] if p.start > head.source
        ):
            return False
        unit = Unit.CASES if np.noun is Noun.CASE else Unit.PERSONS
        if any(d.unit is unit and d.measure is head.measure for d in heads):
            return False
        if np.form in (Form.SEX, Form.LABOR):
            for sibling in heads:
                if sibling.source == head.source and not sibling.printed_form:
                    sibling.form = np.form
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
        if np.det not in (Det.NUMBER, Det.NO) or not np.bare or np.value is None:
            return False
        roots = self._current_roots() or [
            d for d in self.drafts if d.parent is None and d.relation is Relation.CUMULATIVE
        ]
        if (
            not roots
            and self._whole is not None
            and self._frame is not None
            and self._frame.stage is not None
        ):
            roots = [self._whole]
        if not roots and at == 0 and np.form in (Form.SEX, Form.LABOR) and self._context.roots:
            self._part_of = self._context.roots[-1]
            return self._take_part(at, np)
        if not roots:
            return False
        if np.form in (Form.SEX, Form.LABOR) or (np.form is not None and np.group is not None):
            head = self._last_current() or self.drafts[-1]
            parent = head.parent or head
            if parent.form is not Form.ALL and head.parent is None:
                self._add([self._draft(at, np, head.measure, template=head)])
            else:
                self._add([self._draft(at, np, head.measure, template=parent, parent=parent)])
            self.taken.add(at)
            return True
        if self._dated_alike(at, np, roots):
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

    def _dated_alike(self, at: int, np: NounPhrase, roots: list[Draft]) -> bool:
        """ "... and 27 in 2017", "only six were in 2014", "12 of them in 2015": the same in another year."""
        k = at + 1
        if k < len(self._ps) and self._ps[k].kind is Kind.BE:
            k += 1
        if k + 1 >= len(self._ps) or self._ps[k].low not in ("in", "during", "for"):
            return False
        if self._ps[k + 1].kind is not Kind.YEAR or (
            self._frame is not None and self._frame.verb is Verb.OTHER
        ):
            return False
        head = roots[-1]
        if head.year is None and head.relation is not Relation.CUMULATIVE:
            return False
        draft = self._draft(at, np, head.measure, template=head)
        draft.relation, draft.year = Relation.CURRENT, self._ps[k + 1].years[0]
        self._add([draft])
        self.taken.add(at)
        return True

    def _last_current(self) -> Draft | None:
        current = [d for d in self.drafts if d.relation is Relation.CURRENT]
        return current[-1] if current else None

    # --- parts ------------------------------------------------------------------------------

    def _subset(self, at: int) -> None:
        phrase = self._ps[at]
        following = self._next(at)
        before = self._previous(at)
        if before is not None and before.low in _EVERY:
            return
        if following is not None and following.kind is Kind.MODAL:
            # "some of whom may be trafficking victims": so the others are none.
            last = self.drafts[-1].source if self.drafts else None
            self.drafts = [
                d
                for d in self.drafts
                if last is None or d.parent is None and d.relation is not Relation.CURRENT
            ]
            self._doubtful = True
            return
        head = self._last_head()
        refers = phrase.low.startswith(("of these", "of those", "of the", "of this", "among"))
        if refers and head is None and self._context.roots and self._context.age <= 2:
            head = self._context.roots[-1]
        if phrase.low == "of whom" and following is not None and following.kind is Kind.VERB:
            return
        self._part_of = head

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

    def _last_head(self) -> Draft | None:
        roots = [d for d in self.drafts if d.parent is None]
        current = [d for d in roots if d.relation is Relation.CURRENT]
        return (current or roots or [None])[-1]

    def _take_part(self, at: int, np: NounPhrase) -> bool:
        """Hang a number on the figure that it splits; what splits by nothing we record is dropped."""
        head = self._part_of
        if head is None:
            return False
        if np.officials and head.measure in _ACCUSED_MEASURES and np.value is None:
            return self._part_officials(at, np, head)
        if np.det not in (Det.NUMBER, Det.NO, Det.ONE) or np.value is None:
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
        if following is not None and (
            following.kind is Kind.BE
            or following.low in ("to", "involved", "involving", "concerned", "included")
        ):
            form, group = self._predicate(at + 2, form, group)
        group = group or np.exploited
        officials = np.officials
        if np.noun is Noun.MEASURE and np.measure is not None and np.measure is not head.measure:
            return False
        self.taken.add(at)
        if np.noun is Noun.OTHER and not officials:
            return True
        split = form in (Form.SEX, Form.LABOR) or (group not in (None, Group.ALL)) or officials
        if not split or np.unspecified:
            return True
        for parent in self._siblings(head) or [head]:
            draft = self._draft(at, np, parent.measure, template=parent, parent=parent)
            draft.form = form if form in (Form.SEX, Form.LABOR) else parent.form
            draft.group = group or Group.ALL
            if officials:
                draft.accused = Accused.OFFICIALS
            self._add([draft])
        return True

    def _apposed(self, at: int) -> bool:
        """ "convicted one trafficker, a border guard"."""
        before = self._previous(at)
        last = self.drafts[-1] if self.drafts else None
        if last is None or before is None or before.kind not in (Kind.COMMA, Kind.DASH):
            return False
        if last.value != 1 or last.measure not in _ACCUSED_MEASURES or self._ps[at - 2].start != last.source:
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

    def _siblings(self, head: Draft) -> list[Draft]:
        """The figures of other verbs that share the head's number."""
        return [
            d
            for d in self.drafts
            if d.source == head.source
            and d.parent is None
            and d.relation is head.relation
            and d.accused is Accused.ANY
        ]

    def _predicate(self, at: int, form: Form | None, group: Group | None) -> tuple[Form | None, Group | None]:
        """What "86 were ..." says of the 86: a form or a group."""
        for phrase in self._ps[at : at + 4]:
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
        closed = end < len(self._ps) and self._ps[end].kind is Kind.CLOSE
        inner = self._ps[at + 1 : end]
        head = self.drafts[-1] if self.drafts else None
        if (
            head is not None
            and head.parent is not None
            and any(p.kind is Kind.CLOSE for p in self._ps[:at] if p.start > head.source)
        ):
            head = head.parent
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
            if dated and closed:
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

    def _pends(self, at: int) -> bool:
        """ "Nine cases remained pending in the courts": prosecutions that go on."""
        before = self._previous(at)
        if before is None or before.kind not in (Kind.BE, Kind.VERB) or not self._subjects:
            return False
        index = next(
            (k for k in self._subjects if (s := self._ps[k].noun) is not None and s.noun is Noun.CASE),
            self._subjects[-1],
        )
        np = self._ps[index].noun
        if np is None or np.noun is not Noun.CASE or np.det is not Det.NUMBER or index in self.taken:
            return False
        judged = any(
            p.low.startswith(("court", "judge", "trial", "judicia", "prosecut"))
            for p in self._ps[at : at + 8]
        )
        for draft in self._take(index, np, [Measure.PROSECUTIONS], value=np.value, frame=None):
            draft.stage = Stage.CONTINUED
            draft.low = not judged
        return True

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
        self._verb_topic = frame.measures[0]
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
            if np.bare and not self._touches(k, at):
                continue
            chosen = k
            break
        if chosen is None:
            return
        np = self._ps[chosen].noun
        assert np is not None  # noqa: S101 - chosen above
        if self._is_with_part(chosen, np, measures):
            self.taken.add(chosen)
            return
        usable = [m for m in measures if _compatible(np, m, frame.sense, bare=True)]
        negative = frame.polarity is Polarity.ZERO
        if frame.polarity is Polarity.BLOCKED and not np.ordinal:
            return
        if np.crime or np.remainder or (np.det is Det.NO and np.partitive and not np.bare):
            return
        value: int | None
        if np.untold or (np.det is Det.DATA):
            if not self._untold_before(chosen) or self._restricted(at):
                return
            value = None
        elif np.det in (Det.NUMBER, Det.NO) and not negative:
            value = np.value
        elif np.det is Det.UNKNOWN:
            value = None
        elif np.det in (Det.ANY, Det.BARE) and negative and not np.definite:
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
            return
        template: Draft | None = None
        if np.bare:
            before = self._current_roots() or self._context.roots
            template = before[-1] if before else None
            victims = template is not None and template.measure in _VICTIM_MEASURES
            if template is None or victims is not (usable[0] in _VICTIM_MEASURES):
                return
            if np.det is Det.NO and not np.partitive and not self._current_roots():
                return
        if np.det is Det.NUMBER and self._echoes(np, usable):
            self.taken.add(chosen)
            return
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

    def _touches(self, index: int, verb: int) -> bool:
        """Whether a bare number stands right before its verb: "three of whom were convicted"."""
        return all(
            p.kind in (Kind.BE, Kind.SUBSET, Kind.PRONOUN, Kind.VERB, Kind.CONJUNCTION)
            or p.low.endswith("ly")
            for p in self._ps[index + 1 : verb]
        )

    def _is_with_part(self, at: int, np: NounPhrase, measures: list[Measure]) -> bool:
        """ "convicted 11 traffickers, with five convicted in appeals": a part by something we do not split by."""
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
        if (self._crime_topic or self._crime_opening) and not np.named:
            return []
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
        if measure in _ACCUSED_MEASURES and np.noun is Noun.PERSON:
            group = Group.ALL
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
            agency=self._agent == "agency",
        )
        return draft

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
        if np.trafficking or np.value in (None, 0) or np.noun not in (Noun.ACCUSED, Noun.CASE, None):
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

    def _existential(self) -> bool:
        """ "There were 46 prosecutions": nothing but the count."""
        return any(p.low == "there" for p in self._ps[:4])

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
        before = self._previous(at)
        if (
            self._ps[at].low == "against"
            and before is not None
            and before.kind not in (Kind.COMMA, Kind.DASH)
        ):
            self._ps[at].kind = Kind.PREPOSITION
            return at + 1
        if self._doubtful or (self._abroad and not self.drafts):
            return self._region_end(at + 1)
        end = self._region_end(at + 1)
        region = self._ps[at + 1 : end]
        counted = any(p.kind is Kind.NOUN and p.noun is not None and p.noun.value is not None for p in region)
        if not counted:
            if self._ps[at].low in ("against",):
                return at + 1
            for index, phrase in enumerate(region):
                if phrase.kind in (Kind.YEAR, Kind.PERIOD):
                    return at + 2 + index
                if phrase.kind not in (Kind.PREPOSITION, Kind.OTHER, Kind.NOUN):
                    break
            return at + 1
        if not self._near_number(region):
            return at + 1
        comparison = Comparison.of(region, at + 1)
        if self._last_number is not None and self._last_number not in self.taken:
            comparison.drop_unmeasured()
        roots = self._current_roots()
        anchors = roots
        topic = None
        if not roots:
            topic = self._subject_topic()
            if topic is not None:
                anchors = [topic]
            elif self._anaphoric(at) and self._context.age <= 1:
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
        dealt = deal(comparison, anchors, self._current_parts(), self._span)
        for draft in dealt:
            if draft.relation is Relation.CURRENT and draft.year is None:
                draft.year = self._lead_year
        self._add(dealt)
        self._region = len(self.drafts)
        self._part_of = None
        return end

    def _near_number(self, region: list[Phrase]) -> bool:
        """Whether a number follows the comparing words, and no other object ("against their traffickers")."""
        for phrase in region[:6]:
            if phrase.kind is Kind.NOUN and phrase.noun is not None:
                return phrase.noun.value is not None or phrase.noun.data or phrase.noun.noun is Noun.OTHER
            if phrase.kind is Kind.VERB and phrase.verb is not None and phrase.verb.measure is None:
                return phrase.verb.has(Inflection.ING)
        return True

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
        numbered = False
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
                if phrase.kind in (Kind.COLON, Kind.DASH) and any(
                    p.kind in (Kind.YEAR, Kind.PERIOD) for p in self._ps[at:k]
                ):
                    return k
                if (
                    not numbered
                    and phrase.kind is Kind.NOUN
                    and phrase.noun is not None
                    and phrase.noun.value is not None
                ):
                    numbered = True
                if (
                    phrase.kind in (Kind.COMMA, Kind.CONJUNCTION)
                    and (numbered or phrase.kind is Kind.COMMA)
                    and self._leaves(k, at)
                ):
                    return k
            k += 1
        return k

    def _leaves(self, k: int, start: int) -> bool:
        """Whether a new predicate begins after the comma or conjunction at ``k``."""
        j = k + 1
        while j < len(self._ps) and self._ps[j].kind in (Kind.COMMA, Kind.CONJUNCTION):
            j += 1
        if j >= len(self._ps):
            return True
        phrase = self._ps[j]
        if phrase.kind is Kind.SUBSET and self._ps[k].kind is Kind.COMMA:
            return any(p.kind in (Kind.YEAR, Kind.PERIOD) for p in self._ps[start:k])
        if phrase.kind is Kind.VERB and phrase.verb is not None:
            if phrase.verb.measure is not None and phrase.verb.has(Inflection.ING):
                return any(p.kind in (Kind.YEAR, Kind.PERIOD) for p in self._ps[start:k])
            return not phrase.verb.has(Inflection.ING) or self._ps[k].kind is Kind.COMMA
        if phrase.kind is Kind.NOUN and phrase.noun is not None:
            if phrase.noun.value is None or phrase.noun.noun is Noun.OTHER:
                return True
            return self._ps[k].kind is Kind.COMMA and self._new_measure(phrase.noun, start, k)
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

    def _new_measure(self, np: NounPhrase, start: int, k: int) -> bool:
        """Whether, after a dated comparison, a number counts what nothing before it did."""
        if np.measure is None or not any(p.kind in (Kind.YEAR, Kind.PERIOD) for p in self._ps[start:k]):
            return False
        return all(d.measure is not np.measure for d in self._current_roots())

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
        region = [d for d in self.drafts[self._region :] if d.year is None and self._reaches(d, phrase)]
        if phrase.sense == "span":
            before = self._ps[at - 3 : at]
            if any(p.noun is not None and p.noun.ordinal for p in before):
                return
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

    def _verb_between(self, draft: Draft, mark: Phrase) -> bool:
        return any(
            draft.source < p.start < mark.start
            and (
                p.kind is Kind.CONTRAST or (p.kind is Kind.VERB and p.verb is not None and not p.verb.passive)
            )
            for p in self._ps
        )

    def _reaches(self, draft: Draft, year: Phrase) -> bool:
        """A year inside a relative clause or another predicate does not date the number before it."""
        for phrase in self._ps:
            if not draft.source < phrase.start < year.start:
                continue
            if phrase.kind is Kind.PRONOUN and phrase.low in ("who", "which", "that", "whom"):
                return False
            if (
                phrase.kind is Kind.VERB
                and phrase.verb is not None
                and phrase.verb.verb is Verb.OTHER
                and not phrase.verb.has(Inflection.ING)
            ):
                return False
            if phrase.kind is Kind.CONTRAST and phrase.low not in ("but", "while", "although", "though"):
                return False
        return True

    def _period(self, at: int) -> None:
        phrase = self._ps[at]
        previous = self._previous(at)
        low = previous.low if previous is not None else ""
        if phrase.sense == "both":
            region = [d for d in self.drafts[self._region :] if d.relation is Relation.CURRENT]
            self._add([d.copy(relation=Relation.PREVIOUS, year=None) for d in region])
            return
        if self._context.news and phrase.low in ("last year", "last year's"):
            return
        if phrase.sense == "previous" and low != "from":
            if not self.drafts and low in ("in", "during", "over", "", ",") and self._frame is None:
                self._lead_relation = Relation.PREVIOUS
            elif low in ("a", "an"):
                for draft in self.drafts[self._region :]:
                    draft.stage = Stage.CONTINUED
            elif previous is not None and (low in ("in", "during") or previous.kind is not Kind.PREPOSITION):
                for draft in self.drafts[self._region :]:
                    if (
                        draft.relation is Relation.CURRENT
                        and self._reaches(draft, phrase)
                        and not self._verb_between(draft, phrase)
                    ):
                        draft.relation = Relation.PREVIOUS
        elif phrase.sense in ("previous", "earlier") and low == "from" and self._subjects:
            np = self._ps[self._subjects[-1]].noun
            if np is not None and np.stage is None:
                np.stage = Stage.CONTINUED
        elif phrase.sense == "several":
            for draft in self.drafts[self._region :]:
                draft.relation = Relation.CUMULATIVE

    # --- late features ----------------------------------------------------------------------

    def _late_form(self, at: int, form: Form | None, group: Group | None) -> None:
        """ "convicted 12 defendants under article 4 for sex trafficking": the form that comes later."""
        previous = self._governor(at)
        if previous is None or (form not in (Form.SEX, Form.LABOR) and group is None):
            return
        if self.drafts and sum(1 for p in self._ps[:at] if p.start > self.drafts[-1].source) > 9:
            return
        if (
            previous.low not in ("for", "of", "involving", "involved", "on", "in", "with", "to")
            or not self.drafts
        ):
            return
        last = self.drafts[-1]
        if last.relation is not Relation.CURRENT or last.parent is not None or last.form is not Form.ALL:
            return
        for phrase in reversed(self._ps[max(0, at - 5) : at - 1]):
            if phrase.start <= last.source:
                break
            if phrase.low in _EVERY:
                break
            if phrase.kind in (Kind.COMMA, Kind.CONJUNCTION, Kind.CONTRAST):
                return
        for draft in self.drafts[self._region :]:
            beside = draft.source == last.source or (
                draft.measure is last.measure and draft.unit is not last.unit
            )
            if beside and draft.relation is Relation.CURRENT:
                draft.form = form if form in (Form.SEX, Form.LABOR) else draft.form
                draft.group = group or draft.group

    def _in_relative(self, at: int) -> bool:
        """ "employers who violated labor laws"."""
        return any(
            p.kind is Kind.PRONOUN and p.low in ("who", "that", "which")
            for p in self._ps[max(0, at - 4) : at]
        )

    def _governor(self, at: int) -> Phrase | None:
        """The preposition that governs the phrase, over articles, adverbs and plain words before it."""
        for phrase in reversed(self._ps[max(0, at - 5) : at]):
            if phrase.kind is Kind.PREPOSITION:
                return phrase
            if phrase.low in _EVERY:
                return Phrase(Kind.PREPOSITION, phrase.start, phrase.end, "for")
            if phrase.kind not in (Kind.OTHER, Kind.AGENT, Kind.SUBSET):
                return None
        return None

    def _late_crime(self, at: int) -> None:
        """ "prosecuted 12 individuals for pimping": the number was another crime's after all."""
        previous = self._governor(at)
        if previous is None and self._in_relative(at):
            previous = Phrase(Kind.PREPOSITION, 0, 0, "for")
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


_OUTCOMES = frozenset(
    {
        "outcome",
        "outcomes",
        "status",
        "progress",
        "details",
        "results",
        "result",
        "dismissal",
        "review",
        "number",
    }
)
_ANYONE = frozenset(
    {"anyone", "anybody", "someone", "person", "persons", "people", "individual", "individuals", "others"}
)
_HANDLING = frozenset({"handle", "register", "record", "document", "process"})
_COUNTING = frozenset({"report", "record", "register", "list", "document"})
_GOING_ON = frozenset({"pending", "ongoing", "open", "underway", "under way", "still pending", "still open"})
_RESTRICTING = frozenset(
    {"in", "among", "during", "through", "from", "within", "of", "as", "under", "involving"}
)
_EVERY = frozenset({"all", "both", "each"})
# Adverbial words between a verb and its object.
_PARTICLES = frozenset({"back", "to care", "out", "all", "up", "to"})
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


def _goes_on(clause: Clause) -> bool:
    """Whether a clause after a semicolon has no subject of its own."""
    first = clause.phrases[0]
    return first.kind in (Kind.VERB, Kind.CONJUNCTION) or (first.noun is not None and first.noun.bare)


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
