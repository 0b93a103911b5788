"""Where sentences end: at full stops that are none of an abbreviation's, at blank lines, after headings."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extraction.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Police met Mr. Ode. They left.", ["Police met Mr. Ode.", "They left."]),
        (
            "The U.S. Government gave $3.5 million. It helped.",
            ["The U.S. Government gave $3.5 million.", "It helped."],
        ),
        ("He moved to the U.S. They opened a case.", ["He moved to the U.S.", "They opened a case."]),
        ("Law No. 10 of 2012 applies. Courts use it.", ["Law No. 10 of 2012 applies.", "Courts use it."]),
        (
            "Crimes such as rape.The state convicted two.",
            ["Crimes such as rape.", "The state convicted two."],
        ),
        ("It held 12 (i.e. nine men); they left.", ["It held 12 (i.e. nine men); they left."]),
        ('"It ended." He left.', ['"It ended."', "He left."]),
        ("PROSECUTION\nThe state tried two.", ["PROSECUTION", "The state tried two."]),
        ("The state tried\ntwo suspects.", ["The state tried\ntwo suspects."]),
        ("One paragraph\n\nAnother", ["One paragraph", "Another"]),
        ("", []),
    ],
)
def test_a_text_is_cut_where_a_reader_would_pause(text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in sentences(text)] == expected


@given(st.text(alphabet="aB1 .!?\n\"')", max_size=200))
def test_sentences_lie_in_order_and_lose_only_white_space(text: str) -> None:
    spans = sentences(text)
    assert "".join(text[span.start : span.end] for span in spans).split() or not text.split()
    assert all(before.end <= after.start for before, after in pairwise(spans))
    kept = "".join("".join(text[span.start : span.end].split()) for span in spans)
    assert kept == "".join(text.split())
