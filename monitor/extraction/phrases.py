"""The phrases of a clause as values: counted nouns, verbs with their auxiliaries, and the marks between."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from monitor.domain.figure import Form, Group, Measure, Qualifier, Stage
from monitor.extraction.lexicon import Inflection, Noun, Verb
from monitor.extraction.signs import Sign


class Kind(Sign):
    """What a phrase is in its clause."""

    NOUN: ClassVar[Kind]
    VERB: ClassVar[Kind]
    COMPARE: ClassVar[Kind]
    SAME: ClassVar[Kind]
    SIMILAR: ClassVar[Kind]
    YEAR: ClassVar[Kind]
    PERIOD: ClassVar[Kind]
    SUBSET: ClassVar[Kind]
    CONJUNCTION: ClassVar[Kind]
    CONTRAST: ClassVar[Kind]
    COMMA: ClassVar[Kind]
    COLON: ClassVar[Kind]
    OPEN: ClassVar[Kind]
    CLOSE: ClassVar[Kind]
    PREPOSITION: ClassVar[Kind]
    PRONOUN: ClassVar[Kind]
    RESPECTIVELY: ClassVar[Kind]
    AGENT: ClassVar[Kind]
    BLOCKER: ClassVar[Kind]
    FORM: ClassVar[Kind]
    CRIME: ClassVar[Kind]
    STORY: ClassVar[Kind]
    UNCLEAR: ClassVar[Kind]
    COMPLICITY: ClassVar[Kind]
    WITHOUT: ClassVar[Kind]
    UNSPECIFIED: ClassVar[Kind]
    BE: ClassVar[Kind]
    MODAL: ClassVar[Kind]
    DASH: ClassVar[Kind]
    OTHER: ClassVar[Kind]


class Det(Sign):
    """What stands before the noun and says how many."""

    NUMBER: ClassVar[Det]
    NO: ClassVar[Det]
    ANY: ClassVar[Det]
    ONE: ClassVar[Det]
    UNKNOWN: ClassVar[Det]
    VAGUE: ClassVar[Det]
    DATA: ClassVar[Det]
    DEFINITE: ClassVar[Det]
    BARE: ClassVar[Det]


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
