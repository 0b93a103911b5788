"""Decides which words measure a change: "an increase of 12 percent on the 92 cases of 2016"."""

from __future__ import annotations

from monitor.domain.figure import Qualifier
from monitor.extraction.frames import PERCENT
from monitor.extraction.phrases import Det, Kind, Phrase

_DIRECTIONS = frozenset(
    {"up", "down", "increase", "decrease", "rise", "drop", "decline", "jump", "reduction", "growth", "fall"}
)
_FACTORS = frozenset({"double", "triple", "twice"})
_AGAINST = frozenset({"on", "over", "from", "compared"})
_STEPS = frozenset({"less", "more", "fewer"})
# "Increase of almost 12.5 percent from" has as many phrases before what it is measured by.
_REACH = 6


def fold_changes(phrases: list[Phrase]) -> None:
    """Let a change that is measured compare as one that is not: what measures it counts nothing.

    "Up 12 percent from 45", "an increase of one case on 78" compare like "up from 45"; "12 per cent
    less than 50" and "five times more than 50" compare with 50.
    """
    for at in range(1, len(phrases)):
        number = phrases[at].noun
        if number is None or number.det is not Det.NUMBER:
            continue
        step, before = phrases[at].low.partition(" ")[0], phrases[at - 1]
        if step in _STEPS and (_is_percent(before) or (before.noun and before.noun.sense == "times")):
            before.kind, before.noun = Kind.COMPARE, None
            number.qualifier = Qualifier.EXACT
        elif step == "over" and (begin := _begins(phrases, at)) is not None:
            # "an increase of 20 percent over the 100 cases of 2019"
            _fold(phrases, begin, at - 1)
            number.qualifier = Qualifier.EXACT
        elif before.low in _AGAINST and (begin := _begins(phrases, at - 1)) is not None:
            _fold(phrases, begin, at - 1)


def _fold(phrases: list[Phrase], begin: int, last: int) -> None:
    for measuring in phrases[begin:last]:
        measuring.kind, measuring.noun = Kind.OTHER, None
    phrases[last].kind, phrases[last].noun = Kind.COMPARE, None


def _begins(phrases: list[Phrase], at: int) -> int | None:
    """Return where the change that is measured right before ``at`` begins."""
    measured = phrases[at - 1].low in _FACTORS or _is_percent(phrases[at - 1]) or _is_number(phrases[at - 1])
    if not measured:
        return None
    for k in range(at - 1, max(-1, at - 1 - _REACH), -1):
        phrase = phrases[k]
        if phrase.kind is Kind.OTHER and phrase.low in _DIRECTIONS | _FACTORS:
            return k
        inside = phrase.kind is Kind.OTHER or phrase.low in ("of", "by")
        if not (inside or _is_percent(phrase) or (k == at - 1 and _is_number(phrase))):
            break
    return None


def _is_percent(phrase: Phrase) -> bool:
    return phrase.noun is not None and phrase.noun.sense in PERCENT


def _is_number(phrase: Phrase) -> bool:
    return phrase.noun is not None and phrase.noun.det is Det.NUMBER
