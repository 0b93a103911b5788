"""Bundles the vocabulary of ``config/`` that reading needs, compiled once and then read only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.extraction.countries import Gazetteer
from monitor.extraction.law import LawVocabulary
from monitor.extraction.lexicon import Lexicon
from monitor.extraction.news_vocabulary import NewsVocabulary
from monitor.extraction.readability import FunctionWords
from monitor.extraction.text import Mender
from monitor.extraction.tier import TierVocabulary
from monitor.extraction.topic import TopicVocabulary
from monitor.extraction.vocabulary import lexicon_from_tables


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that ``read`` knows of the language and of the world."""

    mender: Mender
    function_words: FunctionWords
    gazetteer: Gazetteer
    lexicon: Lexicon
    tiers: TierVocabulary
    law: LawVocabulary
    news: NewsVocabulary
    topic: TopicVocabulary

    @classmethod
    def from_tables(cls, tables: Mapping[str, Mapping[str, Any]]) -> Language:
        """Compile parsed TOML tables by file stem: ``countries``, ``lexicon``, ``text``, ``tiers``,
        ``law``, ``news`` and ``topic``.

        Raises:
            KeyError: a table or one of its sections is missing.
            ValueError: a table contradicts itself.
        """
        gazetteer = Gazetteer.from_table(tables["countries"])
        return cls(
            mender=Mender(
                tables["text"],
                (name for country in gazetteer.countries.values() for name in (country.name, *country.names)),
            ),
            function_words=FunctionWords.from_table(tables["text"]),
            gazetteer=gazetteer,
            lexicon=lexicon_from_tables(tables["lexicon"]),
            tiers=TierVocabulary.from_table(tables["tiers"]),
            law=LawVocabulary.from_tables(tables["law"], tables["lexicon"]["numbers"]["cardinals"]),
            news=NewsVocabulary.from_table(tables["news"]),
            topic=TopicVocabulary.from_table(tables["topic"]),
        )
