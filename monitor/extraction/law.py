"""Decides what a text says of law and budget: penalties for trafficking, and money against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.domain.figure import Figure
from monitor.extraction.countries import Gazetteer
from monitor.extraction.funding import FundingVocabulary, funding
from monitor.extraction.penalties import PenaltyVocabulary, penalties
from monitor.extraction.sentences import Span


@dataclass(frozen=True, slots=True)
class LawVocabulary:
    """What ``config/law.toml`` knows of penalties and of money."""

    penalty: PenaltyVocabulary
    funding: FundingVocabulary

    @classmethod
    def from_tables(cls, law: Mapping[str, Any], cardinals: Mapping[str, int]) -> LawVocabulary:
        """Compile a parsed ``config/law.toml`` and the lexicon's words for numbers.

        Raises:
            KeyError: a section is missing.
        """
        return cls(PenaltyVocabulary.from_tables(law, cardinals), FundingVocabulary.from_table(law))


def read_law(
    text: str,
    spans: list[Span],
    *,
    country: str | None,
    edition: int | None,
    vocabulary: LawVocabulary,
    gazetteer: Gazetteer,
) -> list[Figure]:
    """Return the law facts of ``text``, whose sentences are ``spans``, in order of their evidence."""
    found = [
        *penalties(text, spans, country, vocabulary.penalty),
        *funding(text, spans, country, edition, vocabulary.funding, gazetteer),
    ]
    return sorted(found, key=lambda figure: figure.evidence.start)
