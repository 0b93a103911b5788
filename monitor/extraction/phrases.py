"""Decides how words group into phrases: counted nouns, verbs with their auxiliaries, and the marks between.

A noun phrase is ``[qualifier] [number or determiner] modifiers* head [of/for ... form]``; a verb
phrase is ``[auxiliaries, negation] verb``. What fits neither stays a mark: a comma, a comparison,
a year, a word that names who speaks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from monitor.domain.figure import Form, Group, Measure, Qualifier, Stage
from monitor.extraction.lexicon import Entry, Inflection, Noun, Tag, Verb
from monitor.extraction.words import Word


class Kind(Enum):
    """What a phrase is in its clause."""

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


@dataclass(slots=True)
class NounPhrase:
    """A noun phrase. ``also`` are further measures under the same determiner ("no X, Y or Z")."""

    det: Det = Det.BARE
    value: int | None = None
    qualifier: Qualifier = Qualifier.EXACT
    noun: Noun | None = None
    measure: Measure | None = None
    also: list[Measure] = field(default_factory=list)
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
    article: bool = False
    childlike: bool = False
    named: bool = False
    modified: bool = False
    sense: str = ""
    exploited: Group | None = None
    abroad: bool = False
    definite: bool = False
    untold: bool = False
    agent: str = ""

    @property
    def bare(self) -> bool:
        return self.noun is None

    @property
    def counted(self) -> bool:
        return self.det in (Det.NUMBER, Det.NO, Det.UNKNOWN)


@dataclass(slots=True)
class VerbPhrase:
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


@dataclass(slots=True)
class Phrase:
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


_MARKS = {
    ",": Kind.COMMA,
    ":": Kind.COLON,
    "(": Kind.OPEN,
    "[": Kind.OPEN,
    ")": Kind.CLOSE,
    "]": Kind.CLOSE,
}
_TAGGED = (
    (Tag.STORY, Kind.STORY),
    (Tag.SIMILAR, Kind.SIMILAR),
    (Tag.SAME, Kind.SAME),
    (Tag.COMPARE, Kind.COMPARE),
    (Tag.PERIOD, Kind.PERIOD),
    (Tag.SUBSET, Kind.SUBSET),
    (Tag.RESPECTIVELY, Kind.RESPECTIVELY),
    (Tag.CONTRAST, Kind.CONTRAST),
    (Tag.CONJUNCTION, Kind.CONJUNCTION),
    (Tag.UNCLEAR, Kind.UNCLEAR),
    (Tag.COMPLICITY, Kind.COMPLICITY),
    (Tag.WITHOUT, Kind.WITHOUT),
    (Tag.PREPOSITION, Kind.PREPOSITION),
    (Tag.TIE, Kind.PREPOSITION),
    (Tag.CRIME, Kind.CRIME),
    (Tag.FORM, Kind.FORM),
    (Tag.BLOCKER, Kind.BLOCKER),
    (Tag.AGENT, Kind.AGENT),
    (Tag.PRONOUN, Kind.PRONOUN),
    (Tag.UNSPECIFIED, Kind.UNSPECIFIED),
)
_MODIFYING = (Tag.ADJECTIVE, Tag.FORM, Tag.CRIME, Tag.ORDINAL, Tag.UNSPECIFIED, Tag.AGENT, Tag.MONTH)
_FUNCTION = (
    Tag.PREPOSITION,
    Tag.CONJUNCTION,
    Tag.CONTRAST,
    Tag.PRONOUN,
    Tag.BE,
    Tag.DO,
    Tag.HAVE,
    Tag.MODAL,
    Tag.NOT,
    Tag.COMPARE,
    Tag.PERIOD,
    Tag.SUBSET,
    Tag.RESPECTIVELY,
    Tag.DEFINITE,
    Tag.ARTICLE,
    Tag.ANY,
    Tag.NO,
    Tag.DASH,
    Tag.TIE,
    Tag.WITHOUT,
    Tag.STORY,
    Tag.SAME,
    Tag.SIMILAR,
)


_MORE = frozenset({"additional", "further", "new", "estimated", "approximate", "more"})
# Where a case that is sent is prosecuted.
_COURTS = frozenset({"court", "courts", "trial", "prosecution"})


def phrases(words: list[Word]) -> list[Phrase]:
    """Group ``words`` into phrases, left to right."""
    return _Chunker(words).run()


@dataclass(slots=True)
class _Auxiliaries:
    """What has gathered before a verb since the last phrase."""

    be: bool = False
    have: bool = False
    do: bool = False
    modal: bool = False
    to: bool = False
    negated: bool = False
    never: bool = False
    hedged: bool = False
    factual: bool = False


class _Chunker:
    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._out: list[Phrase] = []
        self._aux = _Auxiliaries()

    def run(self) -> list[Phrase]:
        at = 0
        while at < len(self._words):
            at = self._step(at)
        _share_heads(self._out)
        return self._out

    # --- one step ---------------------------------------------------------------------------

    def _step(self, at: int) -> int:  # noqa: PLR0911, PLR0912 - one branch for each kind of phrase
        word = self._words[at]
        mark = _MARKS.get(word.low)
        if mark is not None:
            return self._mark(mark, at, at + 1)
        if word.has(Tag.DASH):
            return self._mark(Kind.DASH, at, at + 1)
        if (
            word.has(Tag.LABEL)
            and self._word(at + 1) is not None
            and self._words[at + 1].low == "of"
            and self._numeral(at + 2)
        ):
            self._out.append(Phrase(Kind.OTHER, word.start, self._words[at + 2].end, "label"))
            return at + 3
        if word.has(Tag.LABEL) and self._numeral(at + 1):
            return self._label(at)
        years = self._years(at)
        if years is not None:
            return years
        if word.has(Tag.STORY, Tag.SIMILAR, Tag.SAME):
            return self._tagged(at)
        if self._is_auxiliary(at):
            return at + 1
        if self._is_verb(at):
            return self._verb(at)
        if word.has(Tag.COMPARE) and not (word.has(Tag.QUALIFIER) and self._number_follows(at + 1)):
            return self._tagged(at)
        if word.has(Tag.PERIOD, Tag.SUBSET, Tag.RESPECTIVELY, Tag.UNCLEAR, Tag.WITHOUT, Tag.COMPLICITY):
            return self._tagged(at)
        end = self._noun_phrase(at)
        if end is not None:
            return end
        return self._tagged(at)

    def _mark(self, kind: Kind, at: int, end: int) -> int:
        word = self._words[at]
        self._out.append(Phrase(kind, word.start, self._words[end - 1].end, word.low))
        if kind is not Kind.COMMA or not self._aux.negated:
            self._aux = _Auxiliaries()
        return end

    def _tagged(self, at: int) -> int:
        word = self._words[at]
        for tag, kind in _TAGGED:
            entry = word.get(tag)
            if entry is not None:
                self._out.append(
                    Phrase(
                        kind,
                        word.start,
                        word.end,
                        word.low,
                        sense=entry.sense,
                        form=entry.form,
                        group=entry.group,
                    )
                )
                if kind is not Kind.PREPOSITION:
                    self._aux = _Auxiliaries()
                elif word.low == "to":
                    self._aux.to = True
                return at + 1
        self._out.append(Phrase(Kind.OTHER, word.start, word.end, word.low))
        if word.low.endswith("ly"):
            self._aux.hedged = self._aux.negated
        else:
            self._aux = _Auxiliaries()
        return at + 1

    def _numeral(self, at: int) -> bool:
        word = self._word(at)
        return word is not None and word.low[0].isdigit()

    def _label(self, at: int) -> int:
        """ "articles 13.1, 12.3 and 113": numbers that name a law count nothing."""
        end = at + 1
        while True:
            if self._numeral(end):
                end += 1
                continue
            joint = self._word(end)
            if (
                joint is not None
                and joint.low in (",", "and", "or", "-", "(", ")", "to", "\u2013", ".")
                and self._numeral(end + 1)
            ):
                then = self._word(end + 2)
                if joint.low == "," and (then is None or then.has(Tag.NOUN)):
                    break
                end += 2
                continue
            break
        self._out.append(Phrase(Kind.OTHER, self._words[at].start, self._words[end - 1].end, "label"))
        return end

    # --- years ------------------------------------------------------------------------------

    def _years(self, at: int) -> int | None:
        """A calendar year or a list of them ("2011 or 2012"), unless it begins a name ("the 2005 Act")."""
        if self._words[at].year is None:
            return None
        following = self._word(at + 1)
        if following is not None:
            noun = following.get(Tag.NOUN)
            before = self._word(at - 1)
            if (
                noun is not None
                and noun.plural
                and (before is None or not before.has(Tag.DEFINITE, Tag.PREPOSITION))
            ):
                return None
            if noun is not None:
                self._out.append(Phrase(Kind.OTHER, self._words[at].start, self._words[at].end))
                return at + 1
            if following.capital and (following.unknown or following.has(Tag.ADJECTIVE)):
                self._out.append(Phrase(Kind.OTHER, self._words[at].start, self._words[at].end))
                return at + 1
        years = [self._words[at].year]
        end = at + 1
        while True:
            joint, then = self._word(end), self._word(end + 1)
            if (
                joint is not None
                and then is not None
                and then.year is not None
                and joint.low in ("and", "or", "-", "\u2013", "to", "through")
            ):
                years.append(then.year)
                end += 2
                continue
            break
        previous = self._out[-1] if self._out else None
        before = (
            previous.low if previous is not None and previous.kind in (Kind.PREPOSITION, Kind.OTHER) else ""
        )
        start = self._words[at].start
        month = self._word(at - 1)
        if month is not None and month.has(Tag.MONTH):
            before = "month"
        ranged = end > at + 1 and self._words[at + 1].low in ("-", "\u2013", "to", "through")
        if before in ("since", "between") or ranged:
            before = "span"
        self._out.append(
            Phrase(
                Kind.YEAR, start, self._words[end - 1].end, years=tuple(y for y in years if y), sense=before
            )
        )
        self._aux = _Auxiliaries()
        return end

    # --- verbs ------------------------------------------------------------------------------

    def _is_auxiliary(self, at: int) -> bool:
        word = self._words[at]
        aux = self._aux
        negation = word.get(Tag.NOT)
        if negation is not None:
            aux.negated = True
            aux.never = aux.never or negation.sense == "never"
            aux.do = aux.do or word.low.startswith(("did", "do"))
            aux.be = aux.be or word.low.startswith(("was", "were", "is ", "are "))
            aux.have = aux.have or word.low.startswith(("has", "have", "had"))
            aux.factual = aux.factual or word.has(Tag.FACT)
            return True
        if word.has(Tag.FACT):
            aux.factual, aux.to, aux.be = True, True, False
            return True
        if word.has(Tag.DO):
            aux.do = True
            return True
        if word.has(Tag.MODAL) and not (
            word.low == "may" and self._word(at + 1) and self._words[at + 1].year
        ):
            aux.modal = True
            self._out.append(Phrase(Kind.MODAL, word.start, word.end, word.low))
            return True
        if word.has(Tag.BE):
            self._out.append(Phrase(Kind.BE, word.start, word.end, word.low))
            aux.be = True
            return True
        if word.has(Tag.HAVE):
            following = self._word(at + 1)
            if following is not None and (following.has(Tag.NOT, Tag.BE, Tag.VERB, Tag.ADVERB)):
                aux.have = True
                return True
        if word.low == "to":
            following = self._word(at + 1)
            if following is not None and following.has(Tag.VERB) and following.value is None:
                aux.to = True
                return True
        if word.low == "ever":
            aux.never = True
            return True
        if word.has(Tag.HEDGE):
            aux.hedged = True
            return True
        if word.has(Tag.ADVERB) or (word.unknown and word.low.endswith("ly")):
            aux.hedged = aux.hedged or (aux.negated and not word.has(Tag.ADVERB))
            return aux.negated or aux.be or aux.have or aux.modal or aux.to or word.has(Tag.ADVERB)
        return False

    def _is_verb(self, at: int) -> bool:
        """Whether the word is a verb here: by its auxiliaries, its ending and the phrase before it."""
        word = self._words[at]
        entry = word.get(Tag.VERB)
        if entry is None:
            return False
        inflections = entry.inflections
        following = self._word(at + 1)
        if (
            entry.verb is Verb.OTHER
            and word.has(Tag.ADJECTIVE)
            and following is not None
            and following.has(Tag.NOUN, Tag.FORM)
        ):
            return False
        if inflections & {Inflection.PAST, Inflection.PARTICIPLE, Inflection.ING}:
            return not self._modifies(at)
        aux = self._aux
        if aux.to or aux.do or aux.modal or aux.negated:
            return True
        if self._coordinate_base():
            return True
        if word.has(Tag.NOUN, Tag.ADJECTIVE, Tag.AGENT):
            return False
        previous = self._out[-1] if self._out else None
        return previous is not None and previous.kind in (
            Kind.NOUN,
            Kind.AGENT,
            Kind.PRONOUN,
            Kind.CONJUNCTION,
            Kind.COMMA,
        )

    def _modifies(self, at: int) -> bool:
        """A participle before a noun is an adjective: "three convicted traffickers", "of identified victims"."""
        previous = self._out[-1] if self._out else None
        if self._aux.be or self._aux.have or self._aux.negated:
            return False
        following = self._word(at + 1)
        if following is None or not following.has(Tag.NOUN, Tag.FORM):
            return False
        before = self._word(at - 1)
        if before is None:
            return False
        return previous is not None and (
            before.has(Tag.DEFINITE, Tag.ARTICLE)
            or (
                before.has(Tag.PREPOSITION)
                and before.low in ("of", "for", "with", "to")
                and self._words[at].has(Tag.ADJECTIVE)
            )
        )

    def _coordinate_base(self) -> bool:
        """After "investigate," or "prosecute and" a bare word that can be a verb is one."""
        for phrase in reversed(self._out[-6:]):
            if phrase.kind is Kind.VERB and phrase.verb is not None:
                return phrase.verb.has(Inflection.BASE) and (
                    phrase.verb.negated or phrase.verb.infinitive or phrase.verb.modal
                )
            if phrase.kind not in (Kind.COMMA, Kind.CONJUNCTION):
                return False
        return False

    def _verb(self, at: int) -> int:
        word = self._words[at]
        entry = word.get(Tag.VERB)
        assert entry is not None and entry.verb is not None  # noqa: S101, PT018 - _is_verb has looked
        aux = self._aux
        self._out.append(
            Phrase(
                Kind.VERB,
                word.start,
                word.end,
                word.low,
                verb=VerbPhrase(
                    entry.verb,
                    entry.measure,
                    entry.sense,
                    entry.inflections,
                    stage=entry.stage,
                    passive=aux.be or entry.sense == "predicate",
                    perfect=aux.have,
                    negated=aux.negated,
                    never=aux.never,
                    hedged=aux.hedged,
                    modal=aux.modal,
                    infinitive=aux.to,
                    factual=aux.factual,
                ),
            )
        )
        self._aux = _Auxiliaries()
        return at + 1

    # --- noun phrases -----------------------------------------------------------------------

    def _word(self, at: int) -> Word | None:
        return self._words[at] if 0 <= at < len(self._words) else None

    def _number_follows(self, at: int) -> bool:
        word = self._word(at)
        if word is not None and word.low in ("a", "the"):
            word = self._word(at + 1)
        return word is not None and word.value is not None

    def _noun_phrase(self, at: int) -> int | None:
        np = NounPhrase()
        j = self._determiner(at, np)
        if j is None:
            return None
        head = self._head(j, np)
        if head is None:
            return None
        j = head
        if np.noun is Noun.MEASURE:
            j = self._coordinated_measures(j, np)
        elif np.noun in (Noun.ACCUSED, Noun.PERSON, Noun.OTHER, Noun.CRIME):
            j = self._coordinated_officials(j, np)
        if np.noun is not None or np.det is not Det.BARE:
            j = self._postmodifiers(j, np)
        if np.noun is None and np.det in (Det.BARE, Det.DEFINITE, Det.ANY, Det.ONE) and not np.data:
            if np.form is None or j == at:
                return None
            return None
        self._out.append(
            Phrase(Kind.NOUN, self._words[at].start, self._words[j - 1].end, self._words[at].low, noun=np)
        )
        self._aux = _Auxiliaries()
        return j

    def _determiner(self, at: int, np: NounPhrase) -> int | None:  # noqa: PLR0912 - the determiners of English
        j = at
        while (word := self._word(j)) is not None:
            if word.year is not None and np.det in (Det.DEFINITE, Det.ONE):
                j += 1
                continue
            if word.value is not None or (word.senses.by_tag == {} and word.low[0].isdigit()):
                if word.value is None:
                    return None
                np.det, np.value = Det.NUMBER, word.value
                return self._partitive(j + 1, np)
            if word.has(Tag.DATA):
                np.untold = np.det is Det.NO
                np.data, np.det, np.value = True, Det.DATA, None
            elif word.has(Tag.QUALIFIER) and (self._number_follows(j + 1) or np.det is Det.UNKNOWN):
                qualifier = word.senses.by_tag[Tag.QUALIFIER].qualifier
                assert qualifier is not None  # noqa: S101 - entries of this tag have one
                if qualifier is not Qualifier.EXACT:
                    np.qualifier = qualifier
            elif word.has(Tag.QUALIFIER) and word.low.endswith(("total of", "only", "just")):
                if word.low == "only" and np.det is Det.DEFINITE:
                    np.ordinal, np.det = True, Det.ONE
            elif word.has(Tag.UNKNOWN):
                np.det = Det.UNKNOWN
                j = j + 1
                following = self._word(j)
                if following is not None and following.low == "of":
                    j += 1
                return j
            elif word.has(Tag.VAGUE):
                np.det = Det.VAGUE
                following = self._word(j + 1)
                return j + 2 if following is not None and following.low == "of" else j + 1
            elif word.has(Tag.NONE):
                np.det, np.value = Det.NO, 0
                if word.low in ("no one", "nobody", "no-one"):
                    np.noun, np.persons = Noun.PERSON, True
                return self._partitive(j + 1, np)
            elif word.has(Tag.NO):
                np.det, np.value = Det.NO, 0
            elif word.has(Tag.ANY):
                if np.det is not Det.DATA:
                    np.det = Det.ANY
            elif word.has(Tag.ARTICLE) and np.det is Det.BARE:
                np.det, np.article = Det.ONE, True
            elif word.has(Tag.ORDINAL):
                np.ordinal = True
                if np.det in (Det.BARE, Det.DEFINITE):
                    np.det = Det.ONE
            elif word.low in _MORE and self._number_follows(j + 1):
                pass
            elif word.has(Tag.OTHER) and np.det in (Det.DEFINITE, Det.ANY, Det.NO, Det.BARE, Det.DATA):
                np.remainder = True
                if word.low.startswith("any"):
                    np.det = Det.ANY
            elif word.has(Tag.DEFINITE):
                np.definite = True
                if np.data and np.det is Det.DATA and not np.untold:
                    np.data, np.det = False, Det.DEFINITE
                if np.det is Det.BARE:
                    np.det = Det.DEFINITE
            else:
                break
            j += 1
        return j

    def _partitive(self, j: int, np: NounPhrase) -> int:
        """ "22 of these suspects", "33 of the 46 victims"."""
        word, following = self._word(j), self._word(j + 1)
        if word is None:
            return j
        if word.has(Tag.SUBSET) and word.low.startswith("of "):
            np.partitive = True
            if following is not None and following.value is not None and following.year is None:
                np.whole = following.value
                return j + 2
            return j + 1
        if word.low in ("of", "out of the", "out of") and following is not None:
            if following.has(Tag.DEFINITE):
                np.partitive = True
                then = self._word(j + 2)
                if then is not None and then.value is not None and then.year is None:
                    np.whole = then.value
                    return j + 3
                return j + 2
            if following.value is not None and following.year is None:
                np.partitive, np.whole = True, following.value
                return j + 2
        return j

    def _head(self, j: int, np: NounPhrase) -> int | None:  # noqa: PLR0912 - modifiers, then the head
        """Read modifiers and the head from ``j``; a number may stand without a head."""
        start = j
        strange = False
        while (word := self._word(j)) is not None:
            noun = word.get(Tag.NOUN)
            if noun is not None and self._is_head(j, noun, np):
                if (agent := word.get(Tag.AGENT)) is not None:
                    np.agent = agent.sense
                self._take_head(noun, np)
                return j + 1
            if np.noun is not None:
                break
            if word.has(Tag.PRONOUN, Tag.UNCLEAR, Tag.DATA):
                break
            if word.has(Tag.CONJUNCTION) and self._joins_adjectives(j):
                j += 1
                continue
            if word.has(Tag.DATA_HEAD):
                np.data, np.noun = True, Noun.OTHER if np.measure is None else Noun.MEASURE
                np.det = Det.DATA
                return j + 1
            if j > start and word.has(Tag.VERB) and self._words[j - 1].has(Tag.AGENT):
                # "courts convicted traffickers": the agent is a subject, not a modifier.
                if np.det is Det.NUMBER:
                    np.noun = Noun.OTHER
                break
            if word.has(Tag.OTHER):
                np.remainder = True
            agent = word.get(Tag.AGENT)
            if agent is not None and np.agent != "other":
                np.agent = agent.sense
            if noun is not None:
                if noun.measure is not None:
                    np.participle = None
                if noun.group is not None and np.group is None:
                    np.group = noun.group
                if noun.noun is Noun.VICTIM:
                    np.trafficking = True
                if noun.noun is Noun.OFFICIAL and word.low not in ("police", "judge", "prosecutor"):
                    np.officials = True
            elif word.has(*_MODIFYING):
                j = self._take_modifier(j, np)
                continue
            elif word.has(Tag.VERB):
                entry = word.senses.by_tag[Tag.VERB]
                following = self._word(j + 1)
                if (
                    entry.inflections & {Inflection.PARTICIPLE, Inflection.PAST}
                    and following is not None
                    and following.has(Tag.NOUN, Tag.FORM, Tag.ADJECTIVE)
                    and not following.has(Tag.PREPOSITION)
                    and (np.det is not Det.BARE)
                ):
                    np.participle = entry.measure
                else:
                    break
            elif word.has(*_FUNCTION) or not word.low[0].isalpha() or word.value is not None:
                break
            elif word.has(Tag.ADVERB) or word.low.endswith("ly"):
                pass
            else:
                strange = True
            j += 1
        if np.noun is not None:
            return j
        if np.det in (Det.NUMBER, Det.NO, Det.UNKNOWN, Det.VAGUE):
            if strange:
                np.noun = Noun.OTHER
            return j
        if np.data:
            return j
        return None if j == start or np.form is None else None

    def _joins_adjectives(self, j: int) -> bool:
        """ "184 confirmed and potential victims"."""
        before, after, then = self._word(j - 1), self._word(j + 1), self._word(j + 2)
        return (
            before is not None
            and after is not None
            and then is not None
            and before.has(Tag.ADJECTIVE)
            and after.has(Tag.ADJECTIVE)
            and after.value is None
            and then.has(Tag.NOUN, Tag.FORM)
        )

    def _is_head(self, j: int, noun: Entry, np: NounPhrase) -> bool:
        """A singular noun before another noun modifies it ("victim referrals", "case workers")."""
        following = self._word(j + 1)
        if following is None:
            return True
        then = following.get(Tag.NOUN)
        if then is not None and not following.has(Tag.VERB):
            return False
        if noun.plural:
            return not (then is not None and then.noun is Noun.MEASURE)
        if (
            noun.noun is Noun.MEASURE
            and (following.unknown or following.has(Tag.BLOCKER))
            and not following.low.endswith(("ed", "ly"))
        ):
            return False
        if (
            np.det is Det.NUMBER
            and np.value != 1
            and noun.noun is not Noun.OTHER
            and (following.unknown or following.has(Tag.FORM))
        ):
            return False
        return not (
            (following.has(Tag.FORM) and noun.noun is not Noun.MEASURE and self._noun_after(j + 2))
            or following.has(Tag.DATA_HEAD)
        )

    def _noun_after(self, j: int) -> bool:
        word = self._word(j)
        return word is not None and word.has(Tag.NOUN)

    def _take_head(self, noun: Entry, np: NounPhrase) -> None:
        np.noun = noun.noun
        np.sense = noun.sense
        np.measure = noun.measure
        np.plural = noun.plural
        if noun.form is not None:
            np.form = _joined(np.form, noun.form) if np.form not in (None, Form.ALL) else noun.form
            np.trafficking = True
        if noun.group is not None:
            np.group = noun.group
        if noun.noun in (Noun.ACCUSED, Noun.CASE, Noun.MEASURE) and np.group is Group.CHILDREN:
            np.group = None
        if noun.noun is Noun.OFFICIAL:
            np.officials = True
        elif np.officials and noun.noun in (Noun.MEASURE, Noun.CASE):
            np.officials = True
        if noun.noun in (Noun.ACCUSED, Noun.OFFICIAL, Noun.VICTIM, Noun.PERSON):
            np.persons = True
        if np.childlike and noun.noun is Noun.VICTIM:
            np.group = Group.CHILDREN
        np.named = np.named or np.form is not None or "traffick" in noun.sense
        if noun.noun is Noun.VICTIM or (noun.noun is Noun.ACCUSED and "traffick" in str(noun.sense)):
            np.trafficking = True

    def _take_modifier(self, j: int, np: NounPhrase) -> int:
        word = self._words[j]
        form = word.get(Tag.FORM)
        if form is not None:
            following = self._word(j + 1)
            then = self._word(j + 2)
            if (
                following is not None
                and then is not None
                and following.has(Tag.CONJUNCTION)
                and (other := then.get(Tag.FORM)) is not None
                and then.value is None
            ):
                np.form = _joined(_joined(np.form, form.form), other.form)
                np.trafficking = True
                return j + 3
            np.form = _joined(np.form, form.form)
            np.group = form.group or np.group
            np.childlike = np.childlike or word.low.startswith("child ")
            np.trafficking = True
            return j + 1
        if word.has(Tag.CRIME):
            np.crime = True
            return j + 1
        if word.has(Tag.ORDINAL):
            np.ordinal = True
        if word.has(Tag.UNSPECIFIED):
            np.unspecified = True
        adjective = word.get(Tag.ADJECTIVE)
        np.modified = True
        if adjective is not None:
            np.stage = adjective.stage or np.stage
            np.group = adjective.group or np.group
            if adjective.sense == "other":
                np.remainder = True
            if adjective.sense == "abroad":
                np.abroad = True
            if word.low in ("convicted", "prosecuted", "arrested", "indicted", "investigated", "identified"):
                verb = word.get(Tag.VERB)
                np.participle = verb.measure if verb is not None else None
            if word.low in ("complicit", "corrupt"):
                np.officials = True
        return j + 1

    def _coordinated_measures(self, j: int, np: NounPhrase) -> int:
        """ "no investigations, prosecutions, or convictions"; "17 prosecutions and convictions"."""
        while True:
            k = j
            comma = self._word(k)
            if comma is not None and comma.low == ",":
                k += 1
            conjunction = self._word(k)
            joined = conjunction is not None and conjunction.has(Tag.CONJUNCTION)
            if joined:
                k += 1
            if k == j or (np.det is Det.NUMBER and (not joined or k != j + 1)):
                return j
            skipped = self._word(k)
            if (
                joined
                and np.det in (Det.BARE, Det.DEFINITE)
                and skipped is not None
                and skipped.get(Tag.NOUN) is None
                and (of := self._word(k + 1)) is not None
                and of.low == "of"
                and (number := self._word(k + 2)) is not None
                and (number.value is not None or number.has(Tag.QUALIFIER))
            ):
                return k + 1
            while (modifier := self._word(k)) is not None and (
                modifier.has(Tag.FORM, Tag.ADJECTIVE, Tag.ANY) and not modifier.has(Tag.NOUN)
            ):
                k += 1
            word = self._word(k)
            noun = word.get(Tag.NOUN) if word is not None else None
            if noun is None or noun.measure is None or word is None:
                return j
            then, after = self._word(k + 1), self._word(k + 2)
            if np.det is Det.NUMBER and (
                not noun.plural
                or (
                    then is not None
                    and then.low in ("of", "against")
                    and after is not None
                    and after.value is not None
                )
            ):
                return j
            np.also.append(noun.measure)
            j = k + 1

    def _coordinated_officials(self, j: int, np: NounPhrase) -> int:
        """ "any traffickers or complicit officials": the same count for each."""
        word = self._word(j)
        if word is None or not word.has(Tag.CONJUNCTION):
            return j
        k = j + 1
        while (
            (modifier := self._word(k)) is not None
            and modifier.has(Tag.ANY, Tag.ADJECTIVE, Tag.COMPLICITY, Tag.AGENT)
            and not modifier.has(Tag.NOUN)
        ):
            k += 1
        word = self._word(k)
        noun = word.get(Tag.NOUN) if word is not None else None
        if noun is not None and noun.noun is Noun.OFFICIAL:
            np.officials_too = True
            return k + 1
        return j

    def _postmodifiers(self, j: int, np: NounPhrase) -> int:
        """Read "of traffickers", "for sex trafficking", "of officials complicit in ..." after the head."""
        for _ in range(4):
            end = self._postmodifier(j, np)
            if end is None:
                return j
            j = end
        return j

    def _postmodifier(self, j: int, np: NounPhrase) -> int | None:  # noqa: PLR0911, PLR0912 - one for each kind
        word = self._word(j)
        if word is None:
            return None
        if word.has(Tag.TIE) and (after := self._word(j + 1)) is not None and after.has(Tag.COMPLICITY):
            np.officials = True
            return self._skip_form(j + 2)
        if word.has(Tag.FORM) and word.low.startswith("in "):
            return self._form_phrase(j, word.senses.by_tag[Tag.FORM], np)
        if word.has(Tag.COMPLICITY):
            np.officials = np.officials or np.noun is Noun.OFFICIAL
            return self._skip_form(j + 1)
        if not word.has(Tag.TIE) or word.has(Tag.BE):
            return None
        after = self._word(j + 1)
        if (
            word.low == "to"
            and after is not None
            and after.low in _COURTS
            and np.noun in (Noun.CASE, Noun.ACCUSED)
        ):
            np.measure = Measure.PROSECUTIONS
            return j + 2
        k = j + 1
        inner = NounPhrase()
        while (
            (modifier := self._word(k)) is not None
            and (
                modifier.has(
                    Tag.DEFINITE,
                    Tag.ARTICLE,
                    Tag.ADJECTIVE,
                    Tag.ANY,
                    Tag.TIE,
                    Tag.OTHER,
                    Tag.ADVERB,
                    Tag.AGENT,
                )
                and not modifier.has(Tag.FORM, Tag.CRIME, Tag.PERIOD)
                and (not modifier.has(Tag.NOUN) or self._form_at(k + 1))
            )
            and k < j + 5
        ):
            adjective = modifier.get(Tag.ADJECTIVE)
            if adjective is not None:
                inner.stage = adjective.stage or inner.stage
                inner.group = adjective.group or inner.group
                inner.childlike = inner.childlike or modifier.low == "child"
            if modifier.has(Tag.DEFINITE):
                inner.definite = True
            k += 1
        target = self._word(k)
        if target is None:
            return None
        if target.has(Tag.CRIME):
            np.crime = True
            return k + 1
        if target.has(Tag.UNSPECIFIED) and not target.has(Tag.FORM):
            np.unspecified = True
            return k + 1
        form = target.get(Tag.FORM)
        if form is not None:
            np.childlike = np.childlike or inner.childlike
            np.exploited = inner.group
            if np.childlike or target.low.startswith("child "):
                np.exploited = Group.CHILDREN
            return self._form_phrase(k, form, np)
        noun = target.get(Tag.NOUN)
        if noun is not None and np.noun is Noun.CASE and self._form_at(k + 1):
            return self._form_phrase(k + 1, self._words[k + 1].senses.by_tag[Tag.FORM], np)
        if word.low == "into" and np.noun is Noun.MEASURE and (noun is None or noun.noun is Noun.OTHER):
            if target.value is None and not (target.has(Tag.QUALIFIER) and self._number_follows(k + 1)):
                return self._into(k, np)
        if (
            noun is not None
            and np.noun is Noun.MEASURE
            and word.low in ("of", "against", "into", "for", "involving", "with")
        ):
            return self._of_persons(k, noun, inner, np)
        if (
            np.noun is Noun.MEASURE
            and target.value is not None
            and target.year is None
            and word.low in ("of", "against", "into", "for")
            and np.det is not Det.NUMBER
        ):
            return self._of_number(k, np)
        if (
            np.det is Det.BARE
            and np.measure is not None
            and word.low in ("in", "involving")
            and target.value is not None
            and target.year is None
            and self._case_follows(k)
        ):
            return self._of_number(k, np)
        if (
            word.low in ("for", "to")
            and noun is not None
            and noun.measure is not None
            and np.noun in (Noun.CASE, Noun.ACCUSED, Noun.PERSON)
        ):
            np.measure = noun.measure
            return k + 1
        if (
            np.noun is Noun.MEASURE
            and word.low in ("of", "against", "into")
            and target.has(Tag.QUALIFIER)
            and self._number_follows(k + 1)
            and np.det is not Det.NUMBER
        ):
            qualifier = target.senses.by_tag[Tag.QUALIFIER].qualifier
            if qualifier is not None:
                np.qualifier = qualifier
            return self._of_number(k + 1, np)
        return None

    def _form_at(self, k: int) -> bool:
        word = self._word(k)
        return word is not None and word.has(Tag.FORM)

    def _case_follows(self, k: int) -> bool:
        for word in self._words[k + 1 : k + 4]:
            noun = word.get(Tag.NOUN)
            if noun is not None:
                return noun.noun is Noun.CASE
        return False

    def _into(self, k: int, np: NounPhrase) -> int | None:
        """ "investigations into reports of labor exploitation", "into abuses against workers"."""
        for at in range(k, min(k + 7, len(self._words))):
            word = self._words[at]
            if word.low in (",", ";", "(", ".") or word.value is not None:
                break
            form = word.get(Tag.FORM)
            if form is not None:
                return self._form_phrase(at, form, np)
            noun = word.get(Tag.NOUN)
            if noun is not None and noun.noun in (Noun.ACCUSED, Noun.CASE, Noun.OFFICIAL, Noun.VICTIM):
                return None
        np.crime = True
        return None

    def _form_phrase(self, k: int, form: Entry, np: NounPhrase) -> int:
        found = form.form
        group = form.group
        end = k + 1
        while True:
            joint, then = self._word(end), self._word(end + 1)
            if (
                joint is not None
                and then is not None
                and joint.has(Tag.CONJUNCTION)
                and (other := then.get(Tag.FORM)) is not None
            ):
                following = self._word(end + 2)
                if (
                    following is not None
                    and following.has(Tag.NOUN)
                    and (head := following.get(Tag.NOUN)) is not None
                    and head.noun is Noun.MEASURE
                ):
                    break
                found = _joined(found, other.form)
                end += 2
                continue
            if joint is not None and then is not None and joint.has(Tag.CONJUNCTION) and then.has(Tag.CRIME):
                np.crime = True
                end += 2
            break
        np.form = _joined(np.form, found)
        np.named = True
        np.group = np.group or group
        np.group = _exploited_group(np, self._words[k].low) or np.group
        np.trafficking = True
        word = self._word(end)
        noun = word.get(Tag.NOUN) if word is not None else None
        if noun is not None and noun.noun in (
            Noun.ACCUSED,
            Noun.CRIME,
            Noun.VICTIM,
            Noun.CASE,
            Noun.OFFICIAL,
            Noun.PERSON,
        ):
            if noun.noun in (Noun.ACCUSED, Noun.OFFICIAL, Noun.PERSON):
                np.persons = True
            if noun.noun is Noun.OFFICIAL:
                np.officials = True
            if noun.form is not None:
                np.form = _joined(np.form, noun.form)
            end += 1
            if noun.noun in (Noun.ACCUSED, Noun.PERSON):
                end = self._coordinated_officials(end, np)
        return end

    def _of_persons(self, k: int, noun: Entry, inner: NounPhrase, np: NounPhrase) -> int | None:
        if not self._is_head(k, noun, inner):
            k += 1
            word = self._word(k)
            following = word.get(Tag.NOUN) if word is not None else None
            if following is None:
                return None
            noun = following
        if noun.noun in (Noun.ACCUSED, Noun.PERSON, Noun.OFFICIAL):
            np.persons = True
            if noun.noun is Noun.OFFICIAL:
                np.officials = True
            if noun.form is not None:
                np.form = _joined(np.form, noun.form)
            np.trafficking = np.trafficking or noun.noun is Noun.ACCUSED
            return self._coordinated_officials(k + 1, np)
        if noun.noun in (Noun.CRIME, Noun.CASE):
            return k + 1
        if noun.noun in (Noun.PERSON, Noun.VICTIM) and self._form_at(k + 1):
            return self._form_phrase(k + 1, self._words[k + 1].senses.by_tag[Tag.FORM], np)
        if noun.noun is Noun.VICTIM and np.measure in (Measure.VICTIMS_IDENTIFIED, Measure.VICTIMS_ASSISTED):
            return k + 1
        return None

    def _of_number(self, k: int, np: NounPhrase) -> int | None:
        """ "the prosecution of seven suspects": the number of the inner phrase is the count."""
        inner = NounPhrase()
        j = self._determiner(k, inner)
        if j is None:
            return None
        end = self._head(j, inner)
        if end is None or inner.value is None:
            return None
        victims = inner.noun is Noun.VICTIM and np.measure in (
            Measure.VICTIMS_IDENTIFIED,
            Measure.VICTIMS_ASSISTED,
        )
        if inner.noun not in (Noun.ACCUSED, Noun.PERSON, Noun.OFFICIAL, Noun.CASE, None) and not victims:
            return None
        np.det, np.value = Det.NUMBER, inner.value
        np.definite = False
        if inner.qualifier is not Qualifier.EXACT:
            np.qualifier = inner.qualifier
        if inner.noun is None and inner.stage is None:
            end = self._elliptic(end, inner)
        np.persons = inner.persons or inner.noun is None
        if np.measure in (Measure.VICTIMS_IDENTIFIED, Measure.VICTIMS_ASSISTED):
            np.group = inner.group or np.group
        np.officials = inner.officials
        np.form = _joined(np.form, inner.form)
        np.crime = np.crime or inner.crime
        np.stage = np.stage or inner.stage
        return end

    def _elliptic(self, end: int, inner: NounPhrase) -> int:
        """ "two active and two former police officers": the head comes with the second number."""
        joint, number = self._word(end), self._word(end + 1)
        if joint is None or number is None or not joint.has(Tag.CONJUNCTION) or number.value is None:
            return end
        second = NounPhrase()
        j = self._determiner(end + 1, second)
        last = self._head(j, second) if j is not None else None
        if last is None or second.noun is not Noun.OFFICIAL:
            return end
        inner.officials, inner.persons, inner.noun = True, True, second.noun
        return last

    def _skip_form(self, j: int) -> int:
        for k in range(j, min(j + 4, len(self._words))):
            if self._words[k].has(Tag.FORM):
                return k + 1
        return j


def _exploited_group(np: NounPhrase, low: str) -> Group | None:
    childlike = np.childlike or low.startswith("child ")
    return Group.CHILDREN if np.noun is Noun.VICTIM and childlike else None


def _joined(first: Form | None, second: Form | None) -> Form | None:
    """Sex and labor together limit nothing; "trafficking" beside a form adds nothing."""
    if first is None or first is Form.ALL:
        return second if second is not None else first
    if second is None or second is Form.ALL or second is first:
        return first
    return Form.ALL


def _share_heads(out: list[Phrase]) -> None:
    """Give "143 potential and 118 confirmed victims" and "five sex and three labor cases" their head."""
    for index, phrase in enumerate(out):
        np = phrase.noun
        if np is None or np.noun is not None or np.det is not Det.NUMBER:
            continue
        if np.form is None and not np.modified:
            continue
        at = index + 1
        while at < len(out) and out[at].kind in (Kind.COMMA, Kind.CONJUNCTION):
            at += 1
        if at == index + 1 or at >= len(out):
            continue
        head = out[at].noun
        if head is not None and head.noun is not None and head.det is Det.NUMBER and not head.crime:
            np.noun, np.measure, np.persons, np.plural = head.noun, head.measure, head.persons, head.plural
