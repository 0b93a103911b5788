"""The whole reading: any text gives an answer, its evidence is exact, and the same text the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.figure import Measure
from monitor.domain.reading import DocumentKind, IssueCode, Reading
from monitor.domain.tier import Tier
from monitor.extraction import Language, read


def narrative(language: Language, text: str, country: str | None = None) -> Reading:
    return read(text, kind=DocumentKind.NARRATIVE, country=country, edition=2018, language=language)


def article(language: Language, text: str) -> Reading:
    return read(text, kind=DocumentKind.NEWS, country=None, edition=None, language=language)


def evidences(reading: Reading) -> list[tuple[str, int, int]]:
    found = [figure.evidence for figure in reading.figures] + [issue.evidence for issue in reading.issues]
    if reading.tier:
        found.append(reading.tier.evidence)
    return [(evidence.text, evidence.start, evidence.end) for evidence in found]


def test_a_narrative_takes_its_country_from_its_heading(language: Language) -> None:
    reading = narrative(language, "KENYA (Tier 2)\n\nCourts convicted nine traffickers.")
    assert (reading.country, reading.tier and reading.tier.value) == ("KEN", Tier.TWO)
    assert [(figure.country, figure.measure, figure.value) for figure in reading.figures] == [
        ("KEN", Measure.CONVICTIONS, 9)
    ]


def test_the_heading_may_stand_under_the_reports_title(language: Language) -> None:
    assert (
        narrative(language, "Trafficking in Persons Report 2018\n\nKENYA: TIER 2\n\nIt did little.").country
        == "KEN"
    )


@pytest.mark.parametrize(
    ("heading", "code", "detail"),
    [
        ("CONGO (Tier 3)", IssueCode.AMBIGUOUS_COUNTRY, "COD, COG"),
        ("PROSECUTION", IssueCode.NO_COUNTRY, "the heading names no country"),
    ],
)
def test_a_heading_without_a_certain_country_gives_none(
    language: Language, heading: str, code: IssueCode, detail: str
) -> None:
    reading = narrative(language, heading + "\n\nCourts convicted nine traffickers.")
    assert reading.country is None
    assert [figure.country for figure in reading.figures] == [None]
    assert (code, detail) in [(issue.code, issue.detail) for issue in reading.issues]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        (
            "Summary: Kenya is mainly a source country for men and women. Courts convicted nine traffickers.",
            "KEN",
        ),
        ("Kenya does not fully meet the minimum standards. Courts convicted nine traffickers.", "KEN"),
        ("Police of Kenya and Uganda met. Courts convicted nine traffickers.", None),
        ("Congo is a source country. Courts convicted nine traffickers.", None),
    ],
)
def test_without_a_heading_the_country_that_the_text_opens_with_is_its_own(
    language: Language, text: str, country: str | None
) -> None:
    reading = narrative(language, text)
    assert (reading.country, [figure.country for figure in reading.figures]) == (country, [country])


def test_evidence_points_into_the_text_as_it_came(language: Language) -> None:
    text = "KENYA: TIER 2\n\nCourts\u0160in the capital\u0160convicted 253KENYAnine traf\u00adfickers. Yes."
    reading = narrative(language, text)
    assert [figure.value for figure in reading.figures] == [9]
    assert [text[start:end] == found for found, start, end in evidences(reading)] == [True, True]
    assert "253KENYAnine traf\u00adfickers" in reading.figures[0].evidence.text


@pytest.mark.parametrize(
    "text", ["", "\n \n", "PK\x03\x04\x00\x00", "Суды осудили девять человек за торговлю."]
)
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_what_is_no_english_text_gives_one_issue_and_nothing_else(
    language: Language, text: str, kind: DocumentKind
) -> None:
    reading = read(text, kind=kind, country="KEN", edition=2018, language=language)
    assert (reading.tier, reading.figures, len(reading.issues)) == (None, (), 1)


_WORDS = st.sampled_from(
    [
        *(
            "convicted",
            "prosecuted",
            "investigated",
            "identified",
            "sentenced",
            "reported",
            "did not",
            "no",
            "none",
        ),
        *(
            "nine",
            "17",
            "1,234",
            "in 2017",
            "of whom",
            "compared with",
            "up from",
            "respectively",
            "and",
            "or",
            "for",
        ),
        *(
            "traffickers",
            "victims",
            "cases",
            "suspects",
            "sex trafficking",
            "forced labor",
            "officials",
            "an NGO",
        ),
        *("the government", "police", "Kenya", "Congo", "Georgia", "Argentina's", "Brazilian", "Paraguay"),
        *("penalties of three to five years", "allocated $2.9million", "($684,500)", "In one case", "first"),
        *("Tier 2 Watch List", "was downgraded to", "remained on", "for the third consecutive year"),
        *(
            "(",
            ")",
            "[",
            ";",
            ",",
            ".",
            ":",
            "-",
            "\u2014",
            "\n",
            "\n\n",
            "253KENYA",
            "\ufb01",
            "\ufb02",
            "\u00a0",
        ),
    ]
)


@settings(max_examples=250, deadline=None)
@given(words=st.lists(_WORDS | st.text(max_size=4), max_size=60), kind=st.sampled_from(DocumentKind))
def test_no_text_raises_and_all_evidence_is_exact(
    language: Language, words: list[str], kind: DocumentKind
) -> None:
    text = " ".join(words)
    reading = read(text, kind=kind, country=None, edition=2018, language=language)
    assert all(text[start:end] == found for found, start, end in evidences(reading))


@pytest.mark.shared
def test_the_same_narrative_gives_the_same_reading_with_exact_evidence(
    language: Language, shared: Path
) -> None:
    for path in sorted((shared / "corpus" / "tip-2018").glob("*.txt"))[::6]:
        text = path.read_text("utf-8")
        reading = narrative(language, text, path.stem)
        assert reading == narrative(language, text, path.stem)
        assert all(text[start:end] == found for found, start, end in evidences(reading))
