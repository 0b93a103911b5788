"""Decides what a text says once its artefacts are mended.

Texts come out of PDF files, feeds and web pages with page headers inside sentences, ligatures,
soft hyphens, broken lines and mixed encodings. ``Mender.mend`` repairs them in passes; each pass is
a list of edits, so every offset of the mended text leads back into the original (``offsets``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from monitor.extraction.characters import character_edits, encoding_edits
from monitor.extraction.lines import header_edits, line_edits
from monitor.extraction.offsets import Layer, MendedText, applied

MAX_CHARACTERS = 500_000
"""Longer texts are cut here and say so; the longest narrative known has about 60,000."""


class Mender:
    """Mends texts; knows which names page headers print and which words keep their hyphen."""

    def __init__(self, table: Mapping[str, Any], header_names: Iterable[str]) -> None:
        """Compile a parsed ``config/text.toml``; ``header_names`` in any case.

        Raises:
            KeyError: a section is missing.
        """
        names = sorted({name.upper() for name in header_names}, key=len, reverse=True)
        heads = re.compile("|".join(map(re.escape, names)) or r"(?!)")
        fi_word = re.compile("|".join(map(re.escape, table["ligatures"]["after_fi"])))
        self._passes = (
            encoding_edits,
            partial(header_edits, heads=heads),
            partial(character_edits, fi_word=fi_word),
            partial(line_edits, hyphen_heads=frozenset(table["hyphens"]["heads"])),
        )

    def mend(self, text: str) -> MendedText:
        """Return ``text`` as rules should see it. Linear in its length."""
        original = text
        text = text[:MAX_CHARACTERS]
        layers: list[Layer] = []
        mangled = None
        for find_edits in self._passes:
            edits = find_edits(text)
            if edits:
                layers.append(Layer(edits))
                text = applied(text, edits)
                if find_edits is encoding_edits:
                    mangled = edits[0].start
        return MendedText(original, text, tuple(layers), mangled)
