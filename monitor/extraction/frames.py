"""Decides what can go with what: the frames that verbs open, and which nouns fit them."""

# ruff: noqa: PLR0911 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from msgspec import Struct

from monitor.domain.figure import Form, Group, Measure, Stage, Unit
from monitor.extraction.drafts import Draft
from monitor.extraction.lexicon import Inflection, Noun, Verb
from monitor.extraction.phrases import Det, Kind, NounPhrase, Phrase

VICTIM_MEASURES = (Measure.VICTIMS_IDENTIFIED, Measure.VICTIMS_ASSISTED)


ACCUSED_MEASURES = (
    Measure.INVESTIGATIONS,
    Measure.PROSECUTIONS,
    Measure.CONVICTIONS,
    Measure.ARRESTS,
    Measure.SENTENCES,
)


# What is found only where its object is called a victim: "determined nine to be victims".
JUDGING = frozenset({"determine", "declare", "deem"})


FINDING = ("identify", "detect", "discover", "uncover", "find")


OUTCOMES = frozenset(
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


ANYONE = frozenset(
    {"anyone", "anybody", "someone", "person", "persons", "people", "individual", "individuals", "others"}
)


HANDLING = frozenset({"handle", "register", "record", "document", "process", "report"})


FILING = frozenset(
    {"record", "register", "open", "document", "report", "file", "start", "launch", "initiate"}
)


# Verbs after which the subject's number follows: "convictions reached 45".
REACHING = frozenset({"number", "total", "reach", "touch", "hit", "amount to", "stand at", "come to"})


PERCENT = frozenset({"percent", "per cent", "pct", "%"})
COUNTING = frozenset({"report", "record", "register", "list", "document"})


GOING_ON = frozenset(
    {"pending", "ongoing", "open", "active", "underway", "under way", "still pending", "still open"}
)


# Verbs that hand a case or a person on to somebody.
SENDING = frozenset({"refer", "transfer", "send", "forward", "submit"})


# What is looked into before it is a case.
CLAIMS = frozenset({"report", "reports", "complaint", "complaints", "allegation", "allegations", "tips"})


RESTRICTING = frozenset(
    {"in", "among", "during", "through", "from", "within", "of", "as", "involving", "aboard"}
)


SOME = frozenset({"some", "many", "most", "several", "certain", "few", "individual"})


EVERY = frozenset({"all", "both", "each"})


# Adverbial words between a verb and its object.
PARTICLES = frozenset({"back", "to care", "out", "all", "up", "to"})


GROUP_WORDS = {
    "female": Group.WOMEN,
    "females": Group.WOMEN,
    "male": Group.MEN,
    "males": Group.MEN,
    "foreign": Group.FOREIGN,
    "adult": Group.ADULTS,
    "minor": Group.CHILDREN,
    "underage": Group.CHILDREN,
}


class Polarity(Enum):
    """What a frame says of its object: it happened, it did not, nothing was told, nothing is asserted."""

    ASSERTED = auto()
    ZERO = auto()
    UNTOLD = auto()
    BLOCKED = auto()
    PURPOSE = auto()


class Frame(Struct):
    """An open verb: what its objects count."""

    verb: Verb
    sense: str
    measures: list[Measure]
    polarity: Polarity
    inflections: frozenset[Inflection]
    stage: Stage | None = None
    passive: bool = False
    reduced: bool = False
    cumulative: bool = False
    hedged: bool = False
    taken: bool = False
    at: int = 0


@dataclass(slots=True)
class Context:
    """What one clause hands to the next: the figures a later "of these" or "this compares" refers to.

    ``over_years``: for so many sentences an article goes on with totals of years named at their head.
    ``of_trafficking``: whether an article's "such cases" are of trafficking.
    ``of_before``: the sentence opened with the previous period.
    """

    roots: list[Draft] = field(default_factory=list)
    known: list[Draft] = field(default_factory=list)
    agent: str = ""
    age: int = 0
    news: bool = False
    topic_form: Form | None = None
    over_years: int = 0
    of_trafficking: bool = True
    of_before: bool = False


class Clause(Struct):
    """A stretch of phrases between semicolons, with the span that serves as evidence."""

    phrases: list[Phrase]
    start: int
    end: int
    first: bool = True


class ClauseRead(Struct):
    drafts: list[Draft]
    vague: list[Phrase]
    taken: set[int]


def goes_on(clause: Clause) -> bool:
    """Whether a clause after a semicolon has no subject of its own."""
    first = clause.phrases[0]
    return first.kind in (Kind.VERB, Kind.CONJUNCTION) or (first.noun is not None and first.noun.bare)


def unit_of(np: NounPhrase, measure: Measure, template: Draft | None) -> Unit:
    if measure in VICTIM_MEASURES:
        return Unit.PERSONS
    if np.noun in (Noun.ACCUSED, Noun.PERSON, Noun.OFFICIAL, Noun.VICTIM):
        return Unit.PERSONS
    if np.noun in (Noun.CASE, Noun.CRIME, Noun.OTHER):
        return Unit.CASES
    if np.noun is Noun.MEASURE:
        if np.persons:
            return Unit.PERSONS
        return template.unit if template is not None else Unit.CASES
    if template is not None:
        return template.unit
    return Unit.CASES if measure is Measure.INSPECTIONS else Unit.PERSONS


def compatible(np: NounPhrase, measure: Measure, sense: str, *, bare: bool) -> bool:
    """Whether a noun phrase can be what the measure counts."""
    noun = np.noun
    if noun is None:
        return (
            bare
            and np.qualifier is not None
            and (np.value is not None or np.untold or np.partitive or np.det is Det.UNKNOWN)
        )
    if measure in ACCUSED_MEASURES:
        if noun is Noun.PERSON:
            return np.group in (None, Group.WOMEN, Group.MEN, Group.FOREIGN) or np.trafficking
        if noun is Noun.MEASURE:
            return (
                measure in (Measure.PROSECUTIONS, Measure.CONVICTIONS, Measure.SENTENCES)
                and sense == "predicate"
                and np.measure is not measure
            )
        if noun is Noun.OTHER:
            return measure is Measure.INVESTIGATIONS and np.trafficking and np.sense in CLAIMS
        return noun in (Noun.ACCUSED, Noun.OFFICIAL, Noun.CASE, Noun.CRIME)
    if measure in VICTIM_MEASURES:
        if noun is Noun.VICTIM:
            return True
        return (
            noun is Noun.PERSON
            and (np.trafficking or measure is Measure.VICTIMS_ASSISTED or "victim status" in sense)
            and sense not in ("accept", "receive")
        )
    return measure is Measure.INSPECTIONS


# What a noun phrase without a number, and not the first or only one of its kind, is told by.
_MERELY_NAMED = (Det.DEFINITE, Det.BARE)
_STATING = (Kind.WITHOUT, Kind.UNCLEAR, Kind.SAME, Kind.SIMILAR)


def may_state(phrases: list[Phrase]) -> bool:
    """Whether a clause of these phrases may state a figure or a number that is left unread.

    It takes a noun that we count with a number, none, any, or one; a verb that is denied; inspections,
    which are of anything; or the same number as before. Half of the clauses without a figure have none.
    """
    for phrase in phrases:
        np, verb = phrase.noun, phrase.verb
        if np is not None:
            if np.det not in _MERELY_NAMED and (np.noun is not Noun.OTHER or np.sense in CLAIMS):
                return True
        elif verb is not None:
            if verb.negated or verb.measure is Measure.INSPECTIONS:
                return True
        elif phrase.kind in _STATING:
            return True
    return False
