"""Reads texts: tiers, countries, figures, law facts, and what it could not read. Pure.

In the order a text passes through: ``text`` mends it, ``sentences`` and ``tokens`` cut it up,
``countries`` finds who it speaks of, ``tier`` reads the placement, ``vocabulary`` compiles the
``lexicon`` that ``figures`` reads counts with, ``law`` reads penalties and funding; ``news`` cuts an
article into stretches by country and ``articles`` settles what they state; ``reading`` puts it all
together with evidence that points into the original. ``language`` bundles the vocabulary of
``config/`` that all of them need.
"""

from __future__ import annotations

from monitor.extraction.countries import Ambiguity, Gazetteer, countries_from_table
from monitor.extraction.language import Language
from monitor.extraction.reading import read

__all__ = [
    "EXTRACTOR_VERSION",
    "Ambiguity",
    "Gazetteer",
    "Language",
    "countries_from_table",
    "read",
]

EXTRACTOR_VERSION = "3"
"""Raised whenever the same text may give another reading; stored with every observation."""
