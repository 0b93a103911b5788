"""Which items of feeds are about our subject, by words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetching.relevance import Words, read_relevance
from monitor.settings.files import shipped

ENTRIES = ["traffick* * wom?n", "slave", "forced * labor", "trata de personas", "explotación sexual"]


@pytest.mark.parametrize(
    ("text", "is_in"),
    [
        ("Traffickers of young WOMEN were tried", True),
        ("traffick\N{LATIN SMALL LETTER DOTLESS I}ng women", True),
        ("traffick\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}ng women", True),
        ("trafficking of many more people than women", False),
        ("a \N{LATIN SMALL LETTER LONG S}lave", True),
        ("enslaved", False),
        ("forced child labor", True),
        ("forced\nlabor", True),
        ("EXPLOTACIÓN SEXUAL", True),
        ("trata, de personas", True),
        ("", False),
    ],
)
def test_an_entry_is_found_as_whole_words_in_any_case(text: str, is_in: bool) -> None:
    assert Words(ENTRIES).are_in(text) is is_in


def test_no_entries_are_in_nothing() -> None:
    assert not Words([]).are_in("slave")


def test_an_entry_without_letters_of_its_own_is_looked_for_in_every_text() -> None:
    assert Words(["?", "slave"]).are_in("a b")


LETTERS = st.text(alphabet="aAiI\u0130\u0131sS\u017fkK\u212a \n-", max_size=30)


@given(word=st.text(alphabet="aisk", min_size=1, max_size=3), text=LETTERS)
def test_looking_for_beginnings_first_overlooks_nothing(word: str, text: str) -> None:
    whole_word = re.search(rf"(?<!\w){word}(?!\w)", text, re.IGNORECASE)
    assert Words([word]).are_in(text) is (whole_word is not None)


def test_the_shipped_words_follow_what_is_about_trafficking_and_no_market_report() -> None:
    relevance = read_relevance(shipped("config") / "relevance.toml")
    assert relevance.is_worth_following("Court", "Two men were jailed for sex trafficking.")
    assert relevance.is_worth_following("Police raid bar", "Nine people were freed.")
    assert not relevance.is_worth_following("Harbour", "The cranes still wait for power.")
    assert relevance.is_worth_following("Harbour", "")
