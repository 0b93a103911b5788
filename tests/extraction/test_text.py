"""Mending: what is repaired, what stays, and the way back into the original."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.reading import IssueCode
from monitor.extraction import Language
from monitor.extraction.readability import text_issues


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("trained of\ufb01cers in the of\ufb01ce", "trained officers in the office"),
        ("\ufb01nancial aid for \ufb01ve victims", "financial aid for five victims"),
        ("areas of con\ufb02ict", "areas of conflict"),
        ("so-called \ufb01guest houses\ufb02 and bars", 'so-called "guest houses" and bars'),
        ("a \ufb01\ufb01ve-year plan\ufb02", 'a "five-year plan"'),
        ("the agency\u0160a new one\u0160opened 12 cases", "the agency\u2014a new one\u2014opened 12 cases"),
        ("the town of \u0160id convicted two", "the town of \u0160id convicted two"),
        ("a fine of \u20225,000 for two men", "a fine of \u20ac5,000 for two men"),
        ("it was 253KENYAable to convict nine", "it was able to convict nine"),
        ("It convicted nine.254KENYA\n\nPROTECTION", "It convicted nine.\n\nPROTECTION"),
        ("held in 2017253KENYA nine", "held in 2017 nine"),
        ("in those 12COTE D'IVOIREtowns", "in those towns"),
        ("their 9GUINEA-BISSAUborders", "their borders"),
        ("courts convicted 269LATVIA10 suspects", "courts convicted 10 suspects"),
        ("before these\n\n254\n\nKENYA\n\nprotective laws", "before these protective laws"),
        ("traf\u00adficking", "trafficking"),
        ("the gov-\nernment and anti-\ntrafficking police", "the government and anti-trafficking police"),
        ("the police of\nthe capital", "the police of the capital"),
        ("KENYA: TIER 2\n\nThe government", "KENYA: TIER 2\n\nThe government"),
        ("RECOMMENDATIONS FOR KENYA\nIncrease efforts.", "RECOMMENDATIONS FOR KENYA\nIncrease efforts."),
        ("found 1\u202f234 victims", "found 1234 victims"),
        ("found\u00a012 victims in 4\u2009567 inspections", "found 12 victims in 4567 inspections"),
        ("\u201cnone\u201d in the court\u2019s list", '"none" in the court\'s list'),
        ("donâ€™t â€œknowâ€\x9d", 'don\'t "know"'),
        ("C\u00c3\u00b4te d'Ivoire", "Côte d'Ivoire"),
        ("it\x92s 1\x9612", "it's 1\u201312"),
        ("a\r\nB\rC", "a\nB\nC"),
        ("nine\x00men\x07", "nine men "),
        ("convicted 12\u00b9 men", "convicted 12  men"),
        ("convicted nine.The court acquitted two.", "convicted nine. The court acquitted two."),
        ("the U.S.-based group, e.g. NGOs", "the U.S.-based group, e.g. NGOs"),
    ],
)
def test_artefacts_are_mended(language: Language, printed: str, meant: str) -> None:
    assert language.mender.mend(printed).text == meant


def test_evidence_of_a_mended_sentence_is_the_original_with_its_page_header(language: Language) -> None:
    original = "Courts\u0160two of them\u0160convicted 253KENYAnine of\ufb01cials. More."
    mended = language.mender.mend(original)
    end = mended.text.index(" More.")

    evidence = mended.evidence(0, end)

    assert mended.text[:end] == "Courts\u2014two of them\u2014convicted nine officials."
    assert (evidence.start, evidence.end) == (0, len(original) - len(" More."))
    assert evidence.text == original[evidence.start : evidence.end]


def test_a_span_outside_the_text_is_refused(language: Language) -> None:
    with pytest.raises(ValueError, match="lies outside"):
        language.mender.mend("nine").evidence(2, 9)


_PIECES = st.sampled_from(
    [
        "a",
        "B",
        "9",
        " ",
        "\n",
        ".",
        "-",
        "KENYA",
        "253",
        "\ufb01",
        "\ufb02",
        "\u0160",
        "\u00a0",
        "\u00ad",
        "â€™",
        "\x96",
        "\r",
    ]
)


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(_PIECES | st.text(max_size=3), max_size=40), data=st.data())
def test_every_span_leads_back_into_the_original(
    language: Language, pieces: list[str], data: st.DataObject
) -> None:
    original = "".join(pieces)
    mended = language.mender.mend(original)
    end = data.draw(st.integers(0, len(mended.text)))
    start = data.draw(st.integers(0, end))

    evidence = mended.evidence(start, end)

    assert original[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize(
    ("text", "code", "detail"),
    [
        ("", IssueCode.EMPTY_TEXT, "the text is empty"),
        (" \n\t ", IssueCode.EMPTY_TEXT, "the text is empty"),
        ("%PDF-1.7 stream", IssueCode.NOT_TEXT, "these are a file's bytes, no text"),
        ("PK\x03\x04\x14\x00\x06\x00\x08\x00", IssueCode.NOT_TEXT, "these are a file's bytes, no text"),
        (
            "El gobierno informó que los tribunales condenaron a nueve personas por trata en el año "
            "y que las víctimas fueron atendidas por la policía.",
            IssueCode.OTHER_LANGUAGE,
            "Spanish",
        ),
        (
            "Le gouvernement a indiqué que les tribunaux ont condamné neuf personnes pour des "
            "faits de traite et que les victimes sont dans une maison.",
            IssueCode.OTHER_LANGUAGE,
            "French",
        ),
        (
            "O governo informou que os tribunais condenaram nove pessoas e que as vítimas foram "
            "atendidas em uma casa com mais de dois anos.",
            IssueCode.OTHER_LANGUAGE,
            "Portuguese",
        ),
        ("Суды осудили девять человек за торговлю людьми.", IssueCode.OTHER_LANGUAGE, "Cyrillic script"),
        ("أدانت المحاكم تسعة أشخاص بتهمة الاتجار بالبشر", IssueCode.OTHER_LANGUAGE, "Arabic script"),
        (
            "The courts convicted nine traffickers and the police didnâ€™t arrest any of them in that year.",
            IssueCode.MIXED_ENCODING,
            "parts of the text were decoded with the wrong encoding and mended",
        ),
        (
            "The courts convicted nine\ufffdtraffickers of the ring in the capital and acquitted the others.",
            IssueCode.MIXED_ENCODING,
            "characters were lost when the text was decoded",
        ),
    ],
)
def test_what_cannot_be_read_is_named(language: Language, text: str, code: IssueCode, detail: str) -> None:
    issues = text_issues(language.mender.mend(text), language.function_words)

    assert [(issue.code, issue.detail) for issue in issues] == [(code, detail)]
    assert all(text[issue.evidence.start : issue.evidence.end] == issue.evidence.text for issue in issues)


@pytest.mark.parametrize(
    "text",
    [
        "Courts convicted nine traffickers.",
        "17 convictions.",
        "The Ley Orgánica contra la Delincuencia is the law that the courts used to convict nine men.",
    ],
)
def test_english_is_english(language: Language, text: str) -> None:
    assert text_issues(language.mender.mend(text), language.function_words) == ()


@pytest.mark.shared
def test_no_page_header_is_left_in_the_corpus(language: Language, shared: object) -> None:
    import re
    from pathlib import Path

    left = []
    for path in sorted((Path(str(shared)) / "corpus" / "tip-2018").glob("*.txt")):
        mended = language.mender.mend(path.read_text("utf-8"))
        left += re.findall(r"\d[A-Z]{4,}", mended.text)
        left += re.findall("[\ufb01\ufb02\u0160\u00ad]", mended.text)
    assert left == []
