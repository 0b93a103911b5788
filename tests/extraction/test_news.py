"""Articles: which country each stretch speaks of, and where nobody can tell."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from monitor.domain.figure import Confidence, Measure, Relation
from monitor.domain.reading import DocumentKind, IssueCode, Reading
from monitor.domain.tier import Movement, Tier
from monitor.extraction import Language, read
from monitor.extraction.news import cut


def article(language: Language, text: str) -> Reading:
    return read(text, kind=DocumentKind.NEWS, country=None, edition=None, language=language)


def counts(reading: Reading) -> list[tuple[str | None, str, int | None, str]]:
    return [
        (figure.country, figure.measure.value, figure.value, figure.relation.value)
        for figure in reading.figures
    ]


def codes(reading: Reading) -> list[str]:
    return [issue.code.value for issue in reading.issues]


def test_a_sentence_belongs_to_the_country_it_names_and_the_next_goes_on(language: Language) -> None:
    reading = article(
        language,
        "Brazilian police opened 40 trafficking investigations. Prosecutors charged 22 suspects.\n\n"
        "Argentina's courts convicted nine traffickers, down from 15 the year before.",
    )
    assert counts(reading) == [
        ("BRA", "investigations", 40, "current"),
        ("BRA", "prosecutions", 22, "current"),
        ("ARG", "convictions", 9, "current"),
        ("ARG", "convictions", 15, "previous"),
    ]


def test_a_country_named_late_in_its_paragraph_owns_the_sentences_before(language: Language) -> None:
    reading = article(
        language,
        "Courts convicted nine traffickers. Shelters are few, a lasting problem in Guatemala.\n\n"
        "Peru's courts convicted two traffickers.",
    )
    assert counts(reading) == [("GTM", "convictions", 9, "current"), ("PER", "convictions", 2, "current")]


def test_a_paragraph_without_a_country_goes_on_about_the_last_one(language: Language) -> None:
    reading = article(
        language,
        "Peru's courts convicted two traffickers.\n\nAuthorities identified 300 victims.\n\n"
        "Chile's police opened four investigations.",
    )
    assert (counts(reading), reading.issues) == (
        [
            ("PER", "convictions", 2, "current"),
            ("PER", "victims_identified", 300, "current"),
            ("CHL", "investigations", 4, "current"),
        ],
        (),
    )


def test_where_countries_are_named_late_an_unnamed_paragraph_is_nobodys(language: Language) -> None:
    reading = article(
        language,
        "Peru's courts convicted two traffickers.\n\nAuthorities identified 300 victims.\n\n"
        "Police opened four investigations. Money is short and shelters are few, as ever in Chile.",
    )
    assert [(country, value) for country, _, value, _ in counts(reading)] == [
        ("PER", 2),
        (None, 300),
        ("CHL", 4),
    ]
    assert [(issue.code, issue.evidence.text) for issue in reading.issues] == [
        (IssueCode.NO_COUNTRY, "Authorities identified 300 victims.")
    ]


def test_an_article_about_one_country_keeps_it_in_every_paragraph(language: Language) -> None:
    reading = article(
        language,
        "Colombia convicts more traffickers\n\n"
        "Colombian courts convicted 31 traffickers, judges in Bogota said.\n\n"
        "The government identified 112 victims, most of them Venezuelan women taken to Spain.",
    )
    assert counts(reading) == [
        ("COL", "convictions", 31, "current"),
        ("COL", "victims_identified", 112, "current"),
    ]


def test_a_country_given_by_the_caller_owns_what_names_none(language: Language) -> None:
    text = "Courts convicted nine traffickers.\n\nPeru convicted two traffickers."
    reading = read(text, kind=DocumentKind.NEWS, country="BOL", edition=None, language=language)
    assert counts(reading) == [("BOL", "convictions", 9, "current"), ("PER", "convictions", 2, "current")]


def test_a_heading_names_the_country_of_what_follows(language: Language) -> None:
    reading = article(
        language,
        "Round-up\n\nPeru\n\nPolice opened 80 investigations.\n\n"
        "Chile: few cases\n\nPolice opened nine investigations.",
    )
    assert [(country, value) for country, _, value, _ in counts(reading)] == [("PER", 80), ("CHL", 9)]


def test_a_number_beside_a_neighbour_is_the_neighbours_own(language: Language) -> None:
    reading = article(
        language,
        "Brazilian police opened 40 trafficking investigations, compared with 12 in neighbouring Paraguay.",
    )
    paraguay = [figure for figure in reading.figures if figure.country == "PRY"]
    assert [(figure.value, figure.relation, figure.confidence) for figure in paraguay] == [
        (12, Relation.CURRENT, Confidence.LOW)
    ]


def test_two_countries_in_one_sentence_keep_their_own_numbers(language: Language) -> None:
    reading = article(language, "Peru convicted seven traffickers while Bolivia convicted three traffickers.")
    assert counts(reading) == [("PER", "convictions", 7, "current"), ("BOL", "convictions", 3, "current")]


def test_two_countries_that_share_a_number_leave_it_open(language: Language) -> None:
    reading = article(language, "Argentina and Brazil convicted 12 traffickers.")
    assert counts(reading) == [(None, "convictions", 12, "current")]
    assert [(issue.code, issue.detail) for issue in reading.issues] == [
        (IssueCode.AMBIGUOUS_COUNTRY, "ARG, BRA")
    ]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Peru's police spoke. Among them were women of China and Chile. Courts convicted 68 men.", "PER"),
        ("Peru's police spoke. Neighboring Chile was quiet. Its courts convicted 68 traffickers.", "CHL"),
        ("Peruvian and Chilean women worked in Quito. Courts there convicted 68 traffickers.", "ECU"),
        ("Police in Tijuana, on the U.S.-Mexico border, spoke. Courts convicted 68 traffickers.", "MEX"),
        ("Peru's courts convicted 68 traffickers; in Chile the year was quiet.", "PER"),
        ("Courts in Peru convicted 68 traffickers who held Bolivian individuals. They paid 90 soles.", "PER"),
        ("Peru's courts convicted 68 members of the Venezuelan gang for trafficking.", "PER"),
        ("According to Peru's interior ministry, courts convicted 68 traffickers.", "PER"),
        ("Data from Kenya's police show that courts convicted 68 traffickers.", "KEN"),
        ("Prosecutors in Oslo, working with Danish and Dutch police, convicted 68 traffickers.", "NOR"),
        ("Kenyan police, on a tip from Ugandan authorities, convicted 68 traffickers.", "KEN"),
        ("Kenyan units trained by the United States convicted 68 traffickers.", "KEN"),
        ("Police in Kenya searched a Chinese-owned mill. They convicted 68 traffickers.", "KEN"),
        ("The United States said that courts in India convicted 68 traffickers.", "IND"),
        ("Chad Jordan, a prosecutor in Lima, said courts convicted 68 traffickers.", "PER"),
        ("Cameroon was slow. The Central African country convicted 68 traffickers.", "CMR"),
        ("Officers of NAPTIP came to court. Judges convicted 68 traffickers.", "NGA"),
        ("The Crown Prosecution Service was content. Courts convicted 68 traffickers.", "GBR"),
        ("Senator Leila De Lima spoke. Courts in Manila convicted 68 traffickers.", "PHL"),
        (
            "Freed were three Vietnamese, two Dutch and a Czech. Courts in Oslo convicted 68 traffickers.",
            "NOR",
        ),
        ("Courts convicted 68 traffickers.\n\nNobody was surprised.\n\nPeru has a new law.", "PER"),
        ("LUSAKA (May 4) - Courts convicted 68 traffickers.\n\nThe minister flew to Kenya.", "ZMB"),
        (
            f"Interpol was content: courts convicted 68 traffickers.\n\n{'It was. ' * 40}\n\nPeru helped.",
            None,
        ),
        ("Peru was slow. In Europe, courts convicted 68 traffickers.", None),
        ("Peru and Chile signed a treaty. Authorities convicted 68 traffickers.", None),
        ("Spain's police and Colombian police worked together and convicted 68 traffickers.", None),
    ],
)
def test_who_is_only_mentioned_owns_nothing(language: Language, text: str, owner: str | None) -> None:
    assert [(figure.country, figure.value) for figure in article(language, text).figures] == [(owner, 68)]


def test_an_ambiguous_demonym_says_so(language: Language) -> None:
    reading = article(
        language, "Congolese courts convicted four traffickers.\n\nChad convicted three traffickers."
    )
    assert counts(reading) == [(None, "convictions", 4, "current"), ("TCD", "convictions", 3, "current")]
    assert [(issue.code, issue.detail) for issue in reading.issues] == [
        (IssueCode.AMBIGUOUS_COUNTRY, "COD, COG")
    ]


def test_an_ambiguous_demonym_takes_the_country_that_the_article_names(language: Language) -> None:
    reading = article(
        language,
        "Justice\n\nIn the Democratic Republic of the Congo, Congolese courts convicted four traffickers.",
    )
    assert counts(reading) == [("COD", "convictions", 4, "current")]


def test_a_person_and_a_state_are_no_countries(language: Language) -> None:
    reading = article(
        language, "A court in Atlanta, Georgia, convicted three traffickers, said Michael Jordan, a lawyer."
    )
    assert counts(reading) == [(None, "convictions", 3, "current")]


def test_a_number_told_twice_counts_once_with_the_year_it_is_given(language: Language) -> None:
    reading = article(
        language,
        "Peru convicts 37 traffickers\n\nPeru's courts convicted 37 traffickers in 2019, judges said.\n\n"
        "Chile's courts convicted 37 traffickers too. The report counts cases.\n\n"
        "Peruvian courts convicted 37 traffickers, not 38.",
    )
    assert [(figure.country, figure.value, figure.year) for figure in reading.figures] == [
        ("PER", 37, 2019),
        ("CHL", 37, None),
    ]


def test_a_case_told_beside_the_total_of_its_country_is_no_figure(language: Language) -> None:
    reading = article(
        language,
        "Peru's courts convicted 37 traffickers in 2019.\n\n"
        "In one case a court in Peru convicted two brothers of trafficking.\n\n"
        "In one case a court in Chile convicted two sisters of trafficking.",
    )
    assert counts(reading) == [("PER", "convictions", 37, "current"), ("CHL", "convictions", 2, "current")]


def test_what_a_country_counted_paragraphs_before_is_the_whole_of_later_parts(language: Language) -> None:
    reading = article(
        language,
        "Peru's police investigated 40 trafficking cases.\n\nThe minister would not speak of them.\n\n"
        "Of the 40 cases, 31 were for sex trafficking.",
    )
    assert [(figure.form.value, figure.value) for figure in reading.figures] == [("all", 40), ("sex", 31)]


def test_boilerplate_behind_the_article_yields_nothing(language: Language) -> None:
    reading = article(
        language,
        "Peru's courts convicted two traffickers. The judges said so in Lima.\n\n"
        "Related content\n\nChile's courts convicted 80 traffickers.\n\nAbout us\n\nWe identified 500.",
    )
    assert counts(reading) == [("PER", "convictions", 2, "current")]


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("According to the 2013 TIP Report, Peru convicted nine traffickers.", 2013),
        ("Peru convicted nine traffickers, the 2019 Trafficking in Persons Report says.", 2019),
        ("The US published its TIP Report 2022. Peru convicted nine traffickers, said the report.", 2022),
        ("Peru convicted nine traffickers, says this year's TIP Report.", None),
        ("Peru convicted nine traffickers in 2013.", None),
    ],
)
def test_a_number_carries_the_edition_it_is_attributed_to(
    language: Language, text: str, edition: int | None
) -> None:
    convictions = [
        figure for figure in article(language, text).figures if figure.measure is Measure.CONVICTIONS
    ]
    assert [(figure.country, figure.value, figure.report_edition) for figure in convictions] == [
        ("PER", 9, edition)
    ]


def test_a_tier_in_an_article_about_one_country_is_read(language: Language) -> None:
    tier = article(language, "Peru slips\n\nPeru was downgraded to Tier 2 Watch List, officials said.").tier
    assert tier is not None
    assert (tier.value, tier.movement) == (Tier.TWO_WATCH_LIST, Movement.DOWNGRADED)


@pytest.mark.parametrize(
    "text",
    [
        "Peru was downgraded to Tier 3. Chile was upgraded to Tier 1.",
        "Peru's police opened nine cases. All countries of the region are categorized as Tier 2.",
    ],
)
def test_a_tier_of_several_countries_is_nobodys(language: Language, text: str) -> None:
    assert article(language, text).tier is None


def test_stretches_cover_whole_sentences_in_order(language: Language) -> None:
    text = "Peru convicted two. It freed one.\n\nChile convicted three."
    stretches = cut(text, language.news, language.gazetteer).stretches
    assert [(stretch.country, text[stretch.start : stretch.end]) for stretch in stretches] == [
        ("PER", "Peru convicted two. It freed one."),
        ("CHL", "Chile convicted three."),
    ]


@pytest.mark.shared
def test_the_seed_article_gives_every_country_its_own_figures(language: Language, shared: Path) -> None:
    text = (shared / "reference" / "insight-crime-2013.txt").read_text("utf-8")

    reading = article(language, text)

    by_country = Counter(figure.country for figure in reading.figures)
    assert set(by_country) == {"ARG", "BRA", "GTM", None}
    argentina = {
        (figure.measure.value, figure.form.value, figure.relation.value, figure.year, figure.value)
        for figure in reading.figures
        if figure.country == "ARG"
    }
    assert argentina >= {
        ("investigations", "all", "current", None, 368),
        ("convictions", "all", "current", None, 17),
        ("convictions", "sex", "current", None, 15),
        ("convictions", "labor", "current", None, 2),
        ("convictions", "all", "previous", 2011, 31),
        ("penalty_years", "all", "current", None, 4),
    }
    assert {figure.value for figure in reading.figures if figure.country is None} >= {
        319,
        95,
        4,
        1,
        7,
        2,
        10,
        8,
    }
    assert IssueCode.NO_COUNTRY in {issue.code for issue in reading.issues}
    assert reading.tier is None
    boilerplate = text.index("Was this content helpful?")
    assert all(figure.evidence.end <= boilerplate for figure in reading.figures)
