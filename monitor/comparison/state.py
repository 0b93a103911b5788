"""What is compared: a document with what was read in it, and what is known of its country besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.domain.document import Document
from monitor.domain.figure import Form, Measure
from monitor.domain.reading import Reading
from monitor.domain.tier import TierPlacement
from monitor.domain.watch_list import TierRules

Series = Mapping[tuple[Measure, Form], Mapping[int, int]]
"""The headline numbers of earlier editions: (measure, form) -> edition -> value."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document and its reading; ``revision`` counts the texts its page has had, from 1.

    Comparing editions needs no text: where many are compared at once, it may be left empty.
    """

    document: Document
    reading: Reading
    revision: int = 1


@dataclass(frozen=True, slots=True)
class CountryRecord:
    """What is known of a country beyond the two narratives that are compared.

    ``placements`` by edition, narratives' own before the baseline's. ``predecessor`` is the name of
    what the country was part of before the edition at hand.
    """

    placements: Mapping[int, TierPlacement] = field(default_factory=dict)
    series: Series = field(default_factory=dict)
    rules: TierRules = field(default_factory=TierRules)
    predecessor: str | None = None
