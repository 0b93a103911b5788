"""Decides what a verb phrase is: which auxiliaries and negations gather, and which word is their verb."""

# ruff: noqa: PLR0911, PLR0912 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from msgspec import Struct

from monitor.domain.figure import Measure, Stage
from monitor.extraction.lexicon import Inflection, Tag, Verb
from monitor.extraction.phrases import Kind, Phrase, VerbPhrase
from monitor.extraction.postmodifiers import PostmodifierReader
from monitor.extraction.words import Word

AUXILIARIES = Tag.NOT | Tag.FACT | Tag.DO | Tag.MODAL | Tag.BE | Tag.HAVE | Tag.HEDGE | Tag.ADVERB
# Words that may stand among the auxiliaries though the lexicon calls them something else.
FLOATING = frozenset({"to", "ever", "each", "all", "both"})
_INFLECTED = frozenset({Inflection.PAST, Inflection.PARTICIPLE, Inflection.ING})
# What can be continued from one period to the next.
_ONGOING = (Measure.INVESTIGATIONS, Measure.PROSECUTIONS)


class Auxiliaries(Struct, gc=False):
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
    goes_on: bool = False


class VerbPhraseReader(PostmodifierReader):
    """Gathers auxiliaries and reads the verb that they belong to."""

    def __init__(self, words: list[Word]) -> None:
        super().__init__(words)
        self._aux = Auxiliaries()

    def _is_auxiliary(self, at: int) -> bool:
        word = self._words[at]
        aux = self._aux
        tags = word.tags
        if tags & Tag.NOT:
            aux.negated = True
            aux.never = aux.never or word.by_tag[Tag.NOT].sense == "never"
            aux.do = aux.do or word.low.startswith(("did", "do"))
            aux.be = aux.be or word.low.startswith(("was", "were", "is ", "are "))
            aux.have = aux.have or word.low.startswith(("has", "have", "had"))
            aux.factual = aux.factual or word.has(Tag.FACT)
            return True
        if tags & Tag.FACT and not (word.low == "used to" and (aux.be or aux.modal) and not aux.negated):
            aux.factual, aux.to, aux.be = True, True, False
            aux.goes_on = word.low.startswith("continu")
            return True
        if tags & Tag.DO:
            aux.do = True
            return True
        if tags & Tag.MODAL and not (word.low == "may" and self._word(at + 1) and self._words[at + 1].year):
            aux.modal = True
            self._out.append(Phrase(Kind.MODAL, word.start, word.end, word.low))
            return True
        if tags & Tag.BE:
            self._out.append(Phrase(Kind.BE, word.start, word.end, word.low))
            aux.be = True
            aux.to = aux.to or word.low == "be"
            return True
        if tags & Tag.HAVE:
            following = self._word(at + 1)
            nor = at > 0 and self._words[at - 1].low == "nor"
            if nor or (following is not None and following.has(Tag.NOT | Tag.BE | Tag.VERB | Tag.ADVERB)):
                aux.have = True
                return True
        if word.low == "to":
            following = self._word(at + 1)
            verb = following.get(Tag.VERB) if following is not None and following.value is None else None
            if verb is not None and (Inflection.BASE in verb.inflections or verb.sense == "predicate"):
                aux.to = True
                return True
        if word.low == "ever":
            aux.never = True
            return True
        if word.low in ("each", "all", "both") and aux.be:
            return True
        if tags & Tag.HEDGE:
            aux.hedged = True
            return True
        if tags & Tag.ADVERB or (word.unknown and word.low.endswith("ly")):
            aux.hedged = aux.hedged or (aux.negated and not tags & Tag.ADVERB)
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
            and following.has(Tag.NOUN | Tag.FORM)
        ):
            return False
        if not _INFLECTED.isdisjoint(inflections):
            return not self._modifies(at)
        aux = self._aux
        if aux.to or aux.do or aux.modal or aux.negated:
            return True
        if self._coordinate_base() or self._is_present(at):
            return True
        if word.has(Tag.NOUN | Tag.ADJECTIVE | Tag.AGENT):
            return False
        previous = self._out[-1] if self._out else None
        kinds = [phrase.kind for phrase in self._out[-2:]]
        if kinds == [Kind.PREPOSITION, Kind.PRONOUN]:
            # "from that process", where "police that process"
            return False
        return previous is not None and previous.kind in (
            Kind.NOUN,
            Kind.AGENT,
            Kind.PRONOUN,
            Kind.CONJUNCTION,
            Kind.COMMA,
        )

    def _modifies(self, at: int) -> bool:
        """A participle before a noun is an adjective: "three convicted traffickers"."""
        previous = self._out[-1] if self._out else None
        if self._aux.be or self._aux.have or self._aux.negated:
            return False
        following = self._word(at + 1)
        if following is None or not following.has(Tag.NOUN | Tag.FORM):
            return False
        if previous is not None and previous.kind is Kind.VERB and self._words[at].has(Tag.ADJECTIVE):
            return True
        before = self._word(at - 1)
        if before is None:
            return False
        return previous is not None and (
            before.has(Tag.DEFINITE | Tag.ARTICLE)
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
                    stage=Stage.CONTINUED if aux.goes_on and entry.measure in _ONGOING else entry.stage,
                    passive=entry.sense == "predicate" or (aux.be and entry.inflections != {Inflection.ING}),
                    perfect=aux.have,
                    negated=aux.negated,
                    never=aux.never,
                    hedged=aux.hedged,
                    modal=aux.modal,
                    infinitive=aux.to and not aux.have,  # "are said to have opened": it happened
                    factual=aux.factual,
                ),
            )
        )
        self._aux = Auxiliaries()
        return at + 1
