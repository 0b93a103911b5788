"""What is compared: a document with what was read in it."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.document import Document
from monitor.domain.reading import Reading


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document and its reading; ``revision`` counts the texts its page has had, from 1."""

    document: Document
    reading: Reading
    revision: int = 1
