"""Whatever is put together out of the whole vocabulary is read without an exception, and exactly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.domain.reading import DocumentKind
from monitor.extraction import Language, read
from monitor.settings.tables import load_tables
from tests.hostile_texts import HOSTILE_SHAPES


def _strings(table: Any) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for key, value in table.items():
            yield key
            yield from _strings(value)
    elif isinstance(table, list):
        for value in table:
            yield from _strings(value)


_TABLES = load_tables()
_LEXICON = sorted(set(_strings(_TABLES["lexicon"])))
_OTHERS = sorted({*_strings(_TABLES["news"]), *_strings(_TABLES["tiers"]), *_strings(_TABLES["law"])})
_NAMES = sorted(
    {name for row in _TABLES["countries"]["country"] for name in (row["name"], *row.get("demonyms", ()))}
)
_MARKS = [*"()[],;:.-!?\"'/|$%\n", "\n\n", ". ", "\u2014", "\u2013", "\u201c", "\u2019", "\u00a0", "\u202f"]
_NUMBERS = st.one_of(
    st.integers(0, 10**12).map(str),
    st.integers(0, 10**9).map("{:,}".format),
    st.integers(1990, 2030).map(str),
    st.floats(0, 10**6, allow_nan=False).map(str),
)
_PIECE = st.one_of(
    st.sampled_from(_LEXICON),
    st.sampled_from(_LEXICON),
    st.sampled_from(_LEXICON).map(str.upper),
    st.sampled_from(_OTHERS),
    st.sampled_from(_NAMES),
    st.sampled_from(_MARKS),
    st.sampled_from(sorted(HOSTILE_SHAPES.values())),
    _NUMBERS,
    st.text(max_size=5),
)
_TEXT = st.tuples(st.sampled_from(["", " ", " ", " "]), st.lists(_PIECE, max_size=80)).map(
    lambda drawn: drawn[0].join(drawn[1])
)


@settings(max_examples=400, deadline=None)
@example(
    text="Police convicted 20 traffickers. This number included 12",  # a part is the last word
    kind=DocumentKind.NARRATIVE,
    country="KEN",
    edition=2018,
)
@given(
    text=_TEXT,
    kind=st.sampled_from(DocumentKind),
    country=st.sampled_from([None, "KEN", "GEO", "USA"]),
    edition=st.sampled_from([None, 2001, 2018]),
)
def test_all_evidence_is_its_exact_substring_and_a_second_reading_is_the_same(
    language: Language, text: str, kind: DocumentKind, country: str | None, edition: int | None
) -> None:
    reading = read(text, kind=kind, country=country, edition=edition, language=language)

    placed = [f.evidence for f in reading.figures] + [i.evidence for i in reading.issues]
    placed += [reading.tier.evidence] if reading.tier is not None else []
    assert all(text[evidence.start : evidence.end] == evidence.text for evidence in placed)
    assert reading == read(text, kind=kind, country=country, edition=edition, language=language)
