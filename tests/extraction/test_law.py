"""Law facts: penalties prescribed for trafficking, and the government's money against it."""

from __future__ import annotations

import pytest

from monitor.domain.figure import Measure
from monitor.domain.reading import DocumentKind
from monitor.extraction import Language, read

Penalty = tuple[int, int | None, str, str, str]
Sum = tuple[int, str, str, str, int | None]


def penalties(language: Language, text: str) -> list[Penalty]:
    reading = read(text, kind=DocumentKind.NARRATIVE, country="KEN", edition=2018, language=language)
    return [
        (figure.value or 0, figure.maximum, figure.qualifier.value, figure.relation.value, figure.form.value)
        for figure in reading.figures
        if figure.measure is Measure.PENALTY_YEARS
    ]


def sums(language: Language, text: str, country: str | None = "KEN") -> list[Sum]:
    reading = read(text, kind=DocumentKind.NARRATIVE, country=country, edition=2018, language=language)
    return [
        (
            figure.value or 0,
            figure.currency or "",
            figure.qualifier.value,
            figure.relation.value,
            figure.year,
        )
        for figure in reading.figures
        if figure.measure is Measure.FUNDING
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The law prohibits all forms of trafficking with penalties of three to 12 years in jail.",
            [(3, 12, "exact", "current", "all")],
        ),
        (
            "The act on trafficking raised the penalties to nine to 14 years, up from six to 11.",
            [(9, 14, "exact", "current", "all"), (6, 11, "exact", "previous", "all")],
        ),
        (
            "The law defines trafficking narrowly. Penalties range from three to seven years imprisonment.",
            [(3, 7, "exact", "current", "all")],
        ),
        (
            "The act criminalized labor trafficking and prescribed penalties of up to 20 years imprisonment.",
            [(20, None, "at_most", "current", "labor")],
        ),
        (
            "The act prescribed punishment of no less than 30 years imprisonment for trafficking.",
            [(30, None, "at_least", "current", "all")],
        ),
        (
            "The law prescribed penalties of seven years to life imprisonment for sex trafficking.",
            [(7, None, "at_least", "current", "sex")],
        ),
        (
            "The act prescribed a maximum penalty of 14 years imprisonment for forced labor.",
            [(14, None, "at_most", "current", "labor")],
        ),
        (
            "Section 12 outlawed enslavement and prescribed penalties of eight to 18 years imprisonment.",
            [(8, 18, "exact", "current", "labor")],
        ),
        (
            "The code criminalized forced labor, with sentences ranging from two to six years imprisonment.",
            [(2, 6, "exact", "current", "labor")],
        ),
        (
            "The act prescribed five to 10 years for trafficking of adults and 10 to 30 years for children.",
            [(5, 10, "exact", "current", "all"), (10, 30, "exact", "current", "all")],
        ),
        (
            "The law criminalized sex and labor trafficking and prescribed penalties of four to 9 years, "
            "which, with respect to sex trafficking, were commensurate with those for rape.",
            [(4, 9, "exact", "current", "all")],
        ),
    ],
)
def test_prescribed_penalties(language: Language, text: str, expected: list[Penalty]) -> None:
    assert penalties(language, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A court sentenced two traffickers to penalties of three to 12 years imprisonment.",
        "Nine traffickers received sentences ranging from two to eight years.",
        "Courts imposed penalties ranging from two to 16 years on traffickers.",
        "The law prescribed penalties of three to 12 years for smuggling.",
        "Trafficking is criminalized; penalties for rape range from five to 15 years imprisonment.",
        "The plan against trafficking runs for two to three years.",
    ],
)
def test_terms_that_no_law_prescribes_for_trafficking(language: Language, text: str) -> None:
    assert penalties(language, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The government allocated $2.9million to the anti-trafficking plan.",
            [(2_900_000, "USD", "exact", "current", None)],
        ),
        (
            "It allocated 5.5 million patacas ($684,500) to victim protection.",
            [(5_500_000, "MOP", "exact", "current", None)],
        ),
        (
            "The government spent approximately 2.9 million dollars on shelters for victims.",
            [(2_900_000, "USD", "about", "current", None)],
        ),
        (
            "The ministry provided 60 million Kenyan shillings ($581,400) in 2017 for trafficking victims, "
            "compared with 50 million Kenyan shillings in 2016.",
            [(60_000_000, "KES", "exact", "current", 2017), (50_000_000, "KES", "exact", "previous", 2016)],
        ),
        (
            "The government gave the shelter \u20221,500 ($1,800), up from \u20221,200 the year before.",
            [(1_500, "EUR", "exact", "current", None), (1_200, "EUR", "exact", "previous", None)],
        ),
        (
            "During the previous year, the government allocated 400 million shillings for victims.",
            [(400_000_000, "KES", "exact", "previous", None)],
        ),
        (
            "The center houses trafficking victims. The government gave the program \u20ac7,500 in 2017.",
            [(7_500, "EUR", "exact", "current", 2017)],
        ),
        (
            "The secretariat leads work against trafficking. It gave ATSEK 4 million ringgit in 2017, "
            "up from 3 million ringgit.",
            [(4_000_000, "MYR", "exact", "current", 2017), (3_000_000, "MYR", "exact", "previous", None)],
        ),
        (
            "It gave 300,000 NPR to shelters for victims, more than the 200,000 NPR ($1,980) given last "
            "fiscal year.",
            [(300_000, "NPR", "exact", "current", None), (200_000, "NPR", "exact", "previous", None)],
        ),
        (
            "The state budgeted 400,000 euros for victims, compared to 300,000 euros in 2016 and 200,000 "
            "euros in 2015.",
            [
                (400_000, "EUR", "exact", "current", None),
                (300_000, "EUR", "exact", "previous", 2016),
                (200_000, "EUR", "exact", "earlier", 2015),
            ],
        ),
        (
            "Parliament budgeted 99,000 AED for trafficking victims.",
            [(99_000, "AED", "exact", "current", None)],
        ),
    ],
)
def test_funding(language: Language, text: str, expected: list[Sum]) -> None:
    assert sums(language, text) == expected


@pytest.mark.parametrize(
    ("word", "country", "currency"),
    [
        ("pesos", "ARG", "ARS"),
        ("pesos", "MEX", "MXN"),
        ("Philippine pesos", "ARG", "PHP"),
        ("dollars", "AUS", "AUD"),
        ("dollars", None, "USD"),
        ("euros", "ARG", "EUR"),
    ],
)
def test_a_shared_currency_word_is_its_adjectives_or_its_countrys(
    language: Language, word: str, country: str | None, currency: str
) -> None:
    text = f"The government allocated 3 million {word} to shelters for victims."
    assert [code for _, code, *_ in sums(language, text, country)] == [currency]


@pytest.mark.parametrize(
    "text",
    [
        "The court fined a trafficker $4,000 and gave the victim the money.",
        "Victims of trafficking were paid compensation of 3,000 euros by the government.",
        "Trafficking is an industry worth $6.6 billion across the region, officials provided as an estimate.",
        "A foreign donor provided $50,000 for shelters.",
        "The government provided trafficking victims 300 euros ($330) per month.",
        "Farms are many. The government gave the program 3 million euros.",
        "The government allocated 3 million euros to roads.",
    ],
)
def test_money_that_is_no_funding(language: Language, text: str) -> None:
    assert sums(language, text) == []
