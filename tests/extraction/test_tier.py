"""Tiers of all eras: headings, sentences, movement, Watch List years, and mentions that place nobody."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from monitor.domain.reading import DocumentKind, IssueCode
from monitor.domain.tier import Movement, Tier
from monitor.extraction import Language
from monitor.extraction.tier import TierFound, read_tier

UP, DOWN, STAYED = Movement.UPGRADED, Movement.DOWNGRADED, Movement.REMAINED


def tier_of(
    language: Language,
    text: str,
    country: str | None = "KEN",
    edition: int | None = 2018,
    kind: DocumentKind = DocumentKind.NARRATIVE,
) -> TierFound:
    return read_tier(
        text,
        kind=kind,
        country=country,
        edition=edition,
        vocabulary=language.tiers,
        gazetteer=language.gazetteer,
    )


@pytest.mark.parametrize(
    ("heading", "tier"),
    [
        ("KENYA (Tier 2)", Tier.TWO),
        ("KENYA (TIER 2 - WATCH LIST)", Tier.TWO_WATCH_LIST),
        ("KENYA (Tier 2 Watch List)", Tier.TWO_WATCH_LIST),
        ("KENYA: Tier 1", Tier.ONE),
        ("KENYA: TIER 2 WATCH LIST", Tier.TWO_WATCH_LIST),
        ("KENYA: TIER 3", Tier.THREE),
        ("KENYA: SPECIAL CASE", Tier.SPECIAL_CASE),
        ("KENYA \u2013 Tier 2 Watchlist", Tier.TWO_WATCH_LIST),
        ("KENYA\nTIER 3", Tier.THREE),
        ("Kenya\nTier 2 Watch List*", Tier.TWO_WATCH_LIST),
        (
            "current situation: boys are sold tier rating: Tier 2 Watch List - it did little",
            Tier.TWO_WATCH_LIST,
        ),
        ("tier rating: Tier 3 the government did little", Tier.THREE),
    ],
)
def test_a_heading_states_the_tier(language: Language, heading: str, tier: Tier) -> None:
    found = tier_of(language, heading + "\n\nThe government did what it could.")
    assert found.tier is not None
    assert (found.tier.value, found.tier.movement, found.tier.watch_list_years) == (tier, None, None)
    assert found.issues == ()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Efforts grew; therefore Kenya remained on Tier 2.", (Tier.TWO, STAYED, None)),
        ("Therefore, Kenya remains in Tier 3.", (Tier.THREE, STAYED, None)),
        (
            "Therefore Kenya remained on Tier 2 Watch List for the second consecutive year.",
            (Tier.TWO_WATCH_LIST, STAYED, 2),
        ),
        (
            "Kenya is placed on Tier 2 Watch List for a third consecutive year.",
            (Tier.TWO_WATCH_LIST, None, 3),
        ),
        (
            "For a second consecutive year, Kenya is on the Tier 2 Watch List.",
            (Tier.TWO_WATCH_LIST, None, 2),
        ),
        ("Kenya is on the Tier 2 Watch List for the third year in a row.", (Tier.TWO_WATCH_LIST, None, 3)),
        ("Kenya stayed on Tier 2 Watch List for the 4th consecutive year.", (Tier.TWO_WATCH_LIST, STAYED, 4)),
        ("Therefore Kenya was upgraded to Tier 1.", (Tier.ONE, UP, None)),
        ("Kenya was therefore downgraded to Tier 2 Watch List.", (Tier.TWO_WATCH_LIST, DOWN, None)),
        ("Kenya was upgraded from Tier 3 to Tier 2 Watch List.", (Tier.TWO_WATCH_LIST, UP, None)),
        ("Kenya was rated as Tier 3 because it did little.", (Tier.THREE, None, None)),
        ("Kenya is a Special Case for the eighth consecutive year.", (Tier.SPECIAL_CASE, None, None)),
        ("Kenya remained a Special Case.", (Tier.SPECIAL_CASE, STAYED, None)),
        (
            "Although Kenya meets the criteria for Tier 2 Watch List, because it has been on Tier 2 "
            "Watch List for four consecutive years, it was therefore downgraded to Tier 3.",
            (Tier.THREE, DOWN, None),
        ),
        (
            "Kenya was on the Tier 2 Watch List for four years, so it was downgraded to Tier 3.",
            (Tier.THREE, DOWN, None),
        ),
        (
            "Kenya was granted a waiver from an otherwise required downgrade to Tier 3. Therefore Kenya "
            "remained on Tier 2 Watch List for the third consecutive year.",
            (Tier.TWO_WATCH_LIST, STAYED, 3),
        ),
        (
            "A plan spared Kenya the fall to Tier 3 that was due, and it remained on the Watch List, for a "
            "third year in a row.",
            (Tier.TWO_WATCH_LIST, STAYED, 3),
        ),
    ],
)
def test_a_sentence_places_the_country(
    language: Language, sentence: str, expected: tuple[Tier, Movement | None, int | None]
) -> None:
    tier = tier_of(language, "Kenya trained police. " + sentence + " It opened a shelter.").tier
    assert tier is not None
    assert (tier.value, tier.movement, tier.watch_list_years) == expected


@pytest.mark.parametrize(
    "mention",
    [
        "Kenya was granted a waiver from an otherwise required downgrade to Tier 3.",
        "Kenya would be downgraded to Tier 3 without a plan.",
        "Neighboring Uganda was downgraded to Tier 3.",
        "In 2014, Kenya was placed on Tier 3.",
        "Last year Kenya was placed on Tier 3.",
        "It meets the criteria for Tier 2 Watch List.",
        "All countries of the region are categorized as Tier 2.",
        "Kenya was not downgraded to Tier 3.",
        "The lake is a special case among lakes.",
        "The ministry added a second tier to its referral system.",
    ],
)
def test_a_mention_places_nobody(language: Language, mention: str) -> None:
    assert tier_of(language, mention).tier is None


def test_the_sentence_wins_over_a_heading_that_lost_its_words(language: Language) -> None:
    text = "KENYA: TIER 2\n\nTherefore Kenya was downgraded to Tier 2 Watch List."

    found = tier_of(language, text)

    assert found.tier is not None
    assert found.tier.value is Tier.TWO_WATCH_LIST
    assert found.tier.evidence.text == "Therefore Kenya was downgraded to Tier 2 Watch List."
    assert [(issue.code, issue.evidence.text, issue.detail) for issue in found.issues] == [
        (
            IssueCode.TIER_DISAGREES,
            "KENYA: TIER 2",
            "the heading says Tier 2, the sentence Tier 2 Watch List",
        )
    ]


def test_a_narrative_that_should_state_a_tier_and_does_not_says_so(language: Language) -> None:
    text = "Kenya fully meets the minimum standards for the elimination of trafficking."
    found = tier_of(language, text)
    assert found.tier is None
    assert [issue.code for issue in found.issues] == [IssueCode.NO_TIER]


def test_a_section_without_a_tier_owes_none(language: Language) -> None:
    assert tier_of(language, "PROSECUTION\nCourts convicted nine traffickers.") == TierFound(None)


def test_an_article_has_no_heading_tier(language: Language) -> None:
    assert (
        tier_of(language, "Kenya: Tier 2\n\nPolice opened nine cases.", kind=DocumentKind.NEWS).tier is None
    )


@pytest.mark.shared
def test_all_tiers_of_the_2018_narratives(language: Language, shared: Path) -> None:
    with (shared / "reference" / "baseline" / "tiers.csv").open(encoding="utf-8") as file:
        placed = {row["iso3"]: row["tier"] for row in csv.DictReader(file) if row["edition"] == "2018"}
    wrong = []
    for path in sorted((shared / "corpus" / "tip-2018").glob("*.txt")):
        text = language.mender.mend(path.read_text("utf-8")).text
        tier = tier_of(language, text, country=path.stem).tier
        if tier is None or tier.value != placed[path.stem]:
            wrong.append((path.stem, tier))
    assert wrong == []


@pytest.mark.shared
def test_human_rights_pages_place_nobody(language: Language, shared: Path) -> None:
    from selectolax.lexbor import LexborHTMLParser

    tiers = {}
    for path in sorted((shared / "corpus" / "state-gov").glob("*.html")):
        body = LexborHTMLParser(path.read_bytes()).body
        text = body.text(separator="\n") if body else ""
        tiers[path.name] = tier_of(language, language.mender.mend(text).text, country=None, edition=None).tier
    assert len(tiers) == 12
    assert set(tiers.values()) == {None}
