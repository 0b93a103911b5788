"""Decides which noun phrase a verb that follows it counts: "the 46 victims it identified"."""

# ruff: noqa: PLR0911 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from monitor.domain.figure import Relation
from monitor.extraction.frames import Frame, compatible
from monitor.extraction.lexicon import Inflection, Noun
from monitor.extraction.passives import Passives
from monitor.extraction.phrases import Det, Kind, VerbPhrase


class Relatives(Passives):
    """Relative clauses and reduced ones."""

    def _initiated_before(self, at: int, frame: Frame) -> None:
        """ "the status of the 630 investigations it had initiated in the previous period"."""
        relative = self._object_relative(at)
        np = self._ps[relative].noun if relative is not None else None
        if relative is None or np is None or np.measure is None or np.det is not Det.NUMBER:
            return
        if not self._echoes(np, [np.measure]):
            before = any(p.kind is Kind.PERIOD and p.sense == "previous" for p in self._ps[at : at + 4])
            for draft in self._take(relative, np, [np.measure], value=np.value, frame=frame):
                draft.relation = Relation.PREVIOUS if before else draft.relation

    def _object_relative(self, at: int) -> int | None:
        """ "the 46 victims it identified", "nine it convicted"."""
        k = at - 1
        subject = self._ps[k].noun if k > 0 else None
        if subject is not None and subject.agent and self._ps[k - 1].low in ("whom", "that", "which"):
            # "the defendants whom prosecutors charged"
            return k - 2 if k > 1 and self._ps[k - 2].noun is not None else None
        asked = self._ps[k - 1].noun if k > 0 else None
        if subject is not None and asked is not None and asked.data and subject.det is Det.BARE:
            # "how many cases police investigated"
            acts = bool(subject.agent) or subject.noun is Noun.OFFICIAL
            return k - 1 if acts and (k - 1) not in self.taken else None
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
        if verb.measure is not None and not compatible(np, verb.measure, verb.sense, bare=True):
            return False
        k = at + 1
        while k < len(self._ps) and (
            self._ps[k].kind in (Kind.COMMA, Kind.CONJUNCTION)
            or ((then := self._ps[k].verb) is not None and then.measure is not None)
        ):
            k += 1
        if k > at + 1 and not any(p.kind is Kind.VERB for p in self._ps[at + 1 : k]):
            k = at + 1
        following = self._ps[k].noun if k < len(self._ps) else None
        return not (following is not None and following.counted and following.noun is not Noun.OTHER)
