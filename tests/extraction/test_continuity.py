"""Whose a paragraph is that opens without naming a country: articles of several shapes, whole."""

from __future__ import annotations

import pytest

from monitor.domain.reading import DocumentKind
from monitor.extraction import Language, read

ARTICLES: dict[str, tuple[str, list[tuple[str | None, str, int | None]]]] = {
    "a wire piece about one country, with an agency known by its letters": (
        """Nigeria's agency against trafficking opens new offices

ABUJA - Nigeria's anti-trafficking agency NAPTIP opened four offices on Monday.

NAPTIP said it had secured 61 convictions.

The agency investigated 870 cases, its director told reporters.

Officials identified 1,320 victims of trafficking.""",
        [
            ("NGA", "convictions", 61),
            ("NGA", "investigations", 870),
            ("NGA", "victims_identified", 1320),
        ],
    ),
    "a comparison of two countries": (
        """Kenya and Uganda compare notes

Kenyan prosecutors charged 44 suspects with trafficking.

Judges convicted 12 of the traffickers. Police identified 90 victims.

Uganda's police investigated 107 trafficking cases.

Courts convicted 31 traffickers.

Both governments want to do better. Authorities convicted five more traffickers.""",
        [
            ("KEN", "prosecutions", 44),
            ("KEN", "convictions", 12),
            ("KEN", "victims_identified", 90),
            ("UGA", "investigations", 107),
            ("UGA", "convictions", 31),
            (None, "convictions", 5),
        ],
    ),
    "a survey with headings, and a last section about all": (
        """What the report says of three neighbours

Peru

Police opened 81 trafficking investigations.

In Chile the police were quicker, said one of them.

Courts convicted 19 traffickers.

Chile

No trafficker was convicted.

In short

Judges convicted 208 traffickers.""",
        [
            ("PER", "investigations", 81),
            ("PER", "convictions", 19),
            ("CHL", "convictions", 0),
            (None, "convictions", 208),
        ],
    ),
    "a survey whose headings got lost": (
        """A selection of country reports

Peru passed a law in May. Authorities convicted 14 traffickers.

A new plan was adopted, but money was short. Judges convicted six traffickers.

Offices stayed open. The definition of the crime in Ecuador is too broad. Judges convicted 22 men.""",
        [("PER", "convictions", 14), (None, "convictions", 6), ("ECU", "convictions", 22)],
    ),
    "a regional piece of the United Nations": (
        """UN: few convictions in the Sahel

Courts in five states convicted 87 traffickers, the United Nations said.

Nigerien judges convicted 12 traffickers. The ministry said police identified 140 victims.

Across West Africa, police identified 2,900 victims of trafficking. Courts convicted 311 traffickers.

Burkina Faso prosecuted 18 traffickers.

Worldwide, governments prosecuted 9,000 traffickers.""",
        [
            (None, "convictions", 87),
            ("NER", "convictions", 12),
            ("NER", "victims_identified", 140),
            (None, "victims_identified", 2900),
            (None, "convictions", 311),
            ("BFA", "prosecutions", 18),
            (None, "prosecutions", 9000),
        ],
    ),
    "a digression across the border, and back": (
        """Thailand counts fewer cases

Thai prosecutors charged 430 traffickers, officials in Bangkok said.

Across the border in Cambodia, courts convicted 52 traffickers. Its police investigated 64 trafficking cases.

The ministry identified 77 victims there.

Thai courts convicted 290 traffickers. The country's police identified 310 victims.

Inspectors identified 25 victims of forced labor in Thailand's ports.""",
        [
            ("THA", "prosecutions", 430),
            ("KHM", "convictions", 52),
            ("KHM", "investigations", 64),
            ("KHM", "victims_identified", 77),
            ("THA", "convictions", 290),
            ("THA", "victims_identified", 310),
            ("THA", "victims_identified", 25),
        ],
    ),
    "after a digression a paragraph that points nowhere is nobody's": (
        """Thailand counts fewer cases

Thai prosecutors charged 430 traffickers, officials in Bangkok said. Thai courts are slow.

In Cambodia, courts convicted 52 traffickers.

Judges acquitted nobody. Courts convicted 44 traffickers.""",
        [("THA", "prosecutions", 430), ("KHM", "convictions", 52), (None, "convictions", 44)],
    ),
    "the last named of two takes the possessive": (
        """Along the river

Paraguay prosecuted nine traffickers. Neighboring Bolivia fared worse. Its courts convicted no traffickers.

Its police identified 31 victims.""",
        [("PRY", "prosecutions", 9), ("BOL", "convictions", 0), ("BOL", "victims_identified", 31)],
    ),
    "an article on the report, whose publisher owns nothing": (
        """State Department report faults Qatar

The US State Department said in its 2019 Trafficking in Persons Report that Qatar convicted two traffickers.

The United States had lowered it to a lesser rank in 2017.

Authorities identified nine victims. "A start," said an American diplomat.

Police opened 12 trafficking investigations.""",
        [("QAT", "convictions", 2), ("QAT", "victims_identified", 9), ("QAT", "investigations", 12)],
    ),
    "foreign diplomats speak of another country's record": (
        """Malaysia's estates under scrutiny

Malaysian investigators opened 160 trafficking cases.

Bangladesh's high commissioner was not impressed. Indonesian diplomats kept silent.

Officials identified 98 victims of trafficking.""",
        [("MYS", "investigations", 160), ("MYS", "victims_identified", 98)],
    ),
    "an agency that is called by its letters again behind another country": (
        """Two agencies

Nigeria's anti-trafficking agency NAPTIP signed a treaty on Monday.

Ghana's police identified 400 victims of trafficking. Ghanaian officers told REUTERS so.

NAPTIP said it had secured 61 convictions, and REUTERS saw the files.""",
        [("GHA", "victims_identified", 400), ("NGA", "convictions", 61)],
    ),
    "a raid without totals": (
        """Six women freed in Lima

Police in Peru's capital freed six women aged 18 to 24 from a bar and found 14,000 dollars.

The three suspects, two men and a woman of 62, will see a judge on Friday. They face up to 25 years.""",
        [],
    ),
    "the US state of Georgia": (
        """Georgia senate votes on trafficking

ATLANTA - Lawmakers in Georgia voted 48 to 3 on Monday.

The Georgia Bureau of Investigation opened 150 trafficking cases. Its courts convicted 29 traffickers.""",
        [(None, "investigations", 150), (None, "convictions", 29)],
    ),
    "the country of Georgia, in an article that knows the state too": (
        """Georgia convicts more traffickers

TBILISI - Georgian judges convicted nine traffickers, officials said. Police in Florida sent advice.

Georgia identified 11 victims.""",
        [("GEO", "convictions", 9), ("GEO", "victims_identified", 11)],
    ),
    "a person called Jordan, one called Chad": (
        """Qatar's courts are busy

Qatari courts convicted seven traffickers, said Ambassador Jordan Miles.

Miles, 48, and Senator Chad Wheeler asked for more. Police identified 15 victims.""",
        [("QAT", "convictions", 7), ("QAT", "victims_identified", 15)],
    ),
    "ambiguous peoples stay open until the text names one": (
        """Police free children from mines

Congolese police arrested nobody. Courts convicted three traffickers.

Korean courts convicted five traffickers.

South Korea's police identified 12 victims. Prosecutors charged eight traffickers.""",
        [
            (None, "convictions", 3),
            ("KOR", "convictions", 5),
            ("KOR", "victims_identified", 12),
            ("KOR", "prosecutions", 8),
        ],
    ),
    "other crimes' numbers around one paragraph of trafficking": (
        """Crime in Honduras

Police in Honduras counted 3,400 murders. Courts convicted 188 rapists and 95 drug traffickers.

The unit against trafficking in persons opened 31 trafficking investigations. Nine traffickers were convicted.

A judge, 57, has tried 40 murderers. The budget grew to 14 million lempiras.""",
        [("HND", "investigations", 31), ("HND", "convictions", 9)],
    ),
}


@pytest.mark.parametrize("shape", ARTICLES)
def test_every_count_of_an_article_has_the_country_a_reader_gives_it(language: Language, shape: str) -> None:
    text, expected = ARTICLES[shape]
    reading = read(text, kind=DocumentKind.NEWS, country=None, edition=None, language=language)
    core = {"investigations", "prosecutions", "convictions", "victims_identified"}
    found = [
        (figure.country, figure.measure.value, figure.value)
        for figure in reading.figures
        if figure.measure.value in core
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)
