"""The phrases of a clause as values: counted nouns, verbs with their auxiliaries, and the marks between."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct

from monitor.domain.figure import Form, Group, Measure, Qualifier, Stage
from monitor.extraction.lexicon import Inflection, Noun, Verb


class Kind(Enum):
    """What a phrase is in its clause."""

    # Members are single, so their identity serves; Enum's own hash is a call of Python for each look-up.
    __hash__ = object.__hash__

    NOUN = auto()
    VERB = auto()
    COMPARE = auto()
    SAME = auto()
    SIMILAR = auto()
    YEAR = auto()
    PERIOD = auto()
    SUBSET = auto()
    CONJUNCTION = auto()
    CONTRAST = auto()
    COMMA = auto()
    COLON = auto()
    OPEN = auto()
    CLOSE = auto()
    PREPOSITION = auto()
    PRONOUN = auto()
    RESPECTIVELY = auto()
    AGENT = auto()
    BLOCKER = auto()
    FORM = auto()
    CRIME = auto()
    STORY = auto()
    UNCLEAR = auto()
    COMPLICITY = auto()
    WITHOUT = auto()
    UNSPECIFIED = auto()
    BE = auto()
    MODAL = auto()
    DASH = auto()
    OTHER = auto()


class Det(Enum):
    """What stands before the noun and says how many."""

    NUMBER = auto()
    NO = auto()
    ANY = auto()
    ONE = auto()
    UNKNOWN = auto()
    VAGUE = auto()
    DATA = auto()
    DEFINITE = auto()
    BARE = auto()


# Words and phrases are made by the hundred thousand. A Struct takes a third of a dataclass's time, and with
# ``gc=False`` the garbage collector does not count it: none of them holds a cycle.
class NounPhrase(Struct, gc=False):
    """A noun phrase. ``also`` are further measures under the same determiner ("no X, Y or Z")."""

    det: Det = Det.BARE
    value: int | None = None
    qualifier: Qualifier = Qualifier.EXACT
    noun: Noun | None = None
    measure: Measure | None = None
    also: list[Measure] = []
    form: Form | None = None
    group: Group | None = None
    stage: Stage | None = None
    plural: bool = False
    trafficking: bool = False
    crime: bool = False
    officials: bool = False
    officials_too: bool = False
    persons: bool = False
    partitive: bool = False
    whole: int | None = None
    remainder: bool = False
    data: bool = False
    ordinal: bool = False
    participle: Measure | None = None
    unspecified: bool = False
    form_last: bool = False
    article: bool = False
    childlike: bool = False
    named: bool = False
    modified: bool = False
    sense: str = ""
    exploited: Group | None = None
    of_children: bool = False
    abroad: bool = False
    national: bool = False
    local: bool = False
    either: bool = False
    more: bool = False
    definite: bool = False
    untold: bool = False
    total: bool = False
    such: bool = False
    agent: str = ""

    @property
    def bare(self) -> bool:
        return self.noun is None

    @property
    def counted(self) -> bool:
        return self.det in (Det.NUMBER, Det.NO, Det.UNKNOWN)


class VerbPhrase(Struct, gc=False):
    """A verb with its auxiliaries."""

    verb: Verb
    measure: Measure | None
    sense: str
    inflections: frozenset[Inflection]
    stage: Stage | None = None
    passive: bool = False
    perfect: bool = False
    negated: bool = False
    never: bool = False
    hedged: bool = False
    modal: bool = False
    infinitive: bool = False
    factual: bool = False

    def has(self, inflection: Inflection) -> bool:
        return inflection in self.inflections


class Phrase(Struct, gc=False):
    """One phrase of a clause, with character offsets into the text."""

    kind: Kind
    start: int
    end: int
    low: str = ""
    noun: NounPhrase | None = None
    verb: VerbPhrase | None = None
    years: tuple[int, ...] = ()
    sense: str = ""
    form: Form | None = None
    group: Group | None = None
