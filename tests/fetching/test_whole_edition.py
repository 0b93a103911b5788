"""The PDF of a whole edition is cut into narratives by its headings and its table of contents."""

from __future__ import annotations

import pytest

from monitor.domain.document import Edition
from monitor.fetching.failures import FetchFailed, UnexpectedPage
from monitor.fetching.whole_edition import parse_whole_edition
from tests.fetching.pdfs import pdf
from tests.fetching.sites_of_tests import page

URL = "https://2009-2017.state.gov/documents/organization/1.pdf"
EDITION = Edition(2010, URL, "TIP 2010")


def prose(country: str, victims: str) -> list[str]:
    return [
        f"The government of {country} carried its anti-",
        "slavery plan into the provinces, trained clerks,",
        f"and identi-fied {victims} victims in the year under review,".replace("identi-fied", "identified"),
        "most of them in work-",
        "shops near the coast. Courts convicted nobody.",
    ]


def read(content: bytes, countries):
    found = parse_whole_edition(page(content, URL, "application/pdf"), EDITION, countries)
    return {each.country: each.text for each in found.narratives}, found


CONTENTS = ["TABLE OF CONTENTS", "Argentina ........ 12", "Ghana .......... 13", "Haiti ......... 14"]


def test_a_printed_table_of_contents_tells_headings_that_look_like_any_line(countries):
    """Names in the list are no headings, names that open a narrative are."""
    narratives, found = read(
        pdf(
            [
                [CONTENTS],
                [["Argentina", *prose("Argentina", "nine")], ["more of Argentina stands here."]],
                [["Ghana", *prose("Ghana", "four")], ["Haiti", *prose("Haiti", "two")]],
            ]
        ),
        countries,
    )
    assert list(narratives) == ["ARG", "GHA", "HTI"]
    assert found.missing == ()
    assert narratives["GHA"] == (
        "GHANA\nThe government of Ghana carried its anti-slavery plan into the provinces, trained clerks, "
        "and identified four victims in the year under review, most of them in workshops near the coast. "
        "Courts convicted nobody."
    )
    assert narratives["ARG"].endswith("more of Argentina stands here.")
    assert (found.narratives[0].title, found.narratives[0].edition) == ("TIP 2010: Argentina", 2010)


def test_bookmarks_tell_the_page_of_each_heading(countries):
    """A name alone on a line of another page is no heading."""
    content = pdf(
        [
            [["Ghana", *prose("Ghana", "four"), "Haiti", "is named in a table of this page, with a few"]],
            [["Haiti", *prose("Haiti", "two")]],
            [["Qatar", *prose("Qatar", "three")]],
        ],
        {"Ghana": 0, "Haiti": 1, "Qatar (Tier 3)": 2, "Glossary": 2},
    )
    narratives, _ = read(content, countries)
    assert "named in a table" in narratives["GHA"]
    assert narratives["HTI"].startswith("HAITI\nThe government of Haiti")


def test_a_country_of_the_contents_without_a_narrative_is_told(countries):
    _, found = read(
        pdf([[CONTENTS], [["Argentina", *prose("Argentina", "nine")], ["Haiti", *prose("Haiti", "two")]]]),
        countries,
    )
    assert found.missing == ("GHA",)


def test_a_page_instead_of_a_pdf_is_an_unexpected_page(countries):
    with pytest.raises(UnexpectedPage, match="answered text/html instead of a PDF"):
        parse_whole_edition(page("<html><p>Moved.</p></html>", URL), EDITION, countries)


def test_a_pdf_that_is_damaged_is_one_line(countries):
    with pytest.raises(FetchFailed, match="damaged, locked or too large"):
        parse_whole_edition(page(b"%PDF-1.4\n" + bytes(500), URL, "application/pdf"), EDITION, countries)
