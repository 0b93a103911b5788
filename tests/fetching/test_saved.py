"""Files that a person saved tell their edition and country, or say what is missing."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from monitor.fetching.failures import FetchFailed
from monitor.fetching.pdf import paragraphs, without_running_heads
from monitor.fetching.report import NarrativeText
from monitor.fetching.saved import read_saved
from tests.fetching.test_report import CURRENT, PROSE, many_countries


def told(found: tuple[NarrativeText, ...]) -> list[tuple[str | None, int | None]]:
    return [(each.country, each.edition) for each in found]


@pytest.mark.parametrize(
    ("path", "text", "country", "edition"),
    [
        ("tip-2018/ARG.txt", "A text without a heading.", "ARG", 2018),
        ("tip-2018/the-gambia.txt", "A text without a heading.", "GMB", 2018),
        ("tip-2018/notes-2019.txt", "GHANA: TIER 2\nA text.", "GHA", 2019),
        ("any/x.txt", "2013 Trafficking in Persons Report\nHAITI (Tier 3)\nA text.", "HTI", 2013),
        ("any/x.txt", "A text of nobody.", None, None),
        ("any/120181.txt", "A text of nobody.", None, None),
    ],
)
def test_a_text_is_told_by_heading_file_and_folder(path, text, country, edition, countries, sites):
    assert told(read_saved(Path(path), text.encode(), countries, sites)) == [(country, edition)]


def test_the_caller_wins_over_the_file(countries, sites):
    found = read_saved(
        Path("tip-2018/ARG.txt"), b"GHANA: TIER 2\nx", countries, sites, edition=2020, country="QAT"
    )
    assert told(found) == [("QAT", 2020)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_any_usual_encoding(encoding, countries, sites):
    text = "C\u00d4TE D'IVOIRE: TIER 2\nThe \u201csample\u201d text."
    (found,) = read_saved(Path("x.txt"), text.replace("\n", "\r\n").encode(encoding), countries, sites)
    assert (found.country, found.text) == ("CIV", text)


def test_a_text_of_many_countries_is_cut(countries, sites):
    text = f"Contents\nHAITI (Tier 2)\nGHANA (Tier 1)\nHAITI (Tier 2)\n{PROSE}\nGHANA (Tier 1)\n{PROSE}\n"
    assert told(read_saved(Path("tip-2006.txt"), text.encode(), countries, sites)) == [
        ("HTI", 2006),
        ("GHA", 2006),
    ]


def test_a_saved_page_knows_its_address(countries, sites):
    (found,) = read_saved(Path("downloads/page.html"), CURRENT.encode(), countries, sites)
    address = "https://www.state.gov/reports/2024-trafficking-in-persons-report/argentina/"
    assert (found.url, found.country, found.edition) == (address, "ARG", 2024)


def test_a_saved_page_of_many_countries_is_cut(countries, sites):
    html = many_countries("HAITI (Tier 2)", "QATAR (Tier 3)")
    found = read_saved(Path("tip-2006/h-q.html"), html.encode(), countries, sites)
    assert told(found) == [("HTI", 2006), ("QAT", 2006)]


OTHER = CURRENT.replace(
    "2024-trafficking-in-persons-report", "2024-country-reports-on-human-rights-practices"
)


def test_a_page_of_another_report_is_refused_in_words(countries, sites):
    with pytest.raises(FetchFailed) as caught:
        read_saved(Path("argentina.html"), OTHER.encode(), countries, sites)
    assert str(caught.value) == (
        "argentina.html: this is a page of another report (2024-country-reports-on-human-rights-practices), "
        "not of the TIP Report; give --edition and --country to read it all the same"
    )


def test_a_page_of_another_report_is_read_where_the_caller_insists(countries, sites):
    found = read_saved(Path("argentina.html"), OTHER.encode(), countries, sites, edition=2024, country="ARG")
    assert told(found) == [("ARG", 2024)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n\t", "the file is empty"),
        (bytes(range(256)) * 50, "the file is neither text nor HTML nor PDF"),
        (b"PK\x03\x04" + zlib.compress(bytes(range(256)) * 9), "the file is neither text nor HTML nor PDF"),
        (b"%PDF-1.7 but nothing after it", "the PDF is damaged, locked or too large"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(content, reason, countries, sites):
    with pytest.raises(FetchFailed) as caught:
        read_saved(Path("file.bin"), content, countries, sites)
    assert (caught.value.url, caught.value.reason) == ("file.bin", reason)


def test_bytes_that_are_no_page_are_refused_whatever_their_name(countries, sites):
    with pytest.raises(FetchFailed, match="neither text nor HTML nor PDF"):
        read_saved(Path("ARG.html"), bytes(range(256)) * 50, countries, sites, edition=2012)


def pdf_of(*columns: list[str]) -> bytes:
    """A page of Letter size with each list of lines set in a column of its own."""
    drawn = "".join(
        f"BT /F1 9 Tf 11 TL {40 + 290 * number} 740 Td {' '.join(f'({line}) Tj T*' for line in lines)} ET\n"
        for number, lines in enumerate(columns)
    ).encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            len(body),
        )
    )


def test_a_pdf_in_two_columns_is_read_down_each_and_cut_at_headings(countries, sites):
    left = [
        r"HAITI \(Tier 2\)",
        "The government of this sample country reported anti-",
        "slavery work, and it identi-",
    ]
    left += ["fied twelve victims in the year under review, and that", "courts convicted three traffickers."]
    right = [r"QATAR \(Tier 3\)", "The government of this sample country reported that", "it identified"]
    right += ["no victims in the year under review, and that its", "courts convicted nobody.", "214"]
    found = read_saved(Path("tip-2009.pdf"), pdf_of(left, right), countries, sites)
    assert told(found) == [("HTI", 2009), ("QAT", 2009)]
    assert found[0].text == (
        "HAITI (Tier 2)\nThe government of this sample country reported anti-slavery work, and it identified "
        "twelve victims in the year under review, and that courts convicted three traffickers."
    )
    assert found[1].text == (
        "QATAR (Tier 3)\nThe government of this sample country reported that it identified no victims in the "
        "year under review, and that its courts convicted nobody."
    )


def test_lines_of_a_pdf_are_joined_to_paragraphs():
    lines = ["GHANA", "A first line that is as long as the column is", "wide and goes on.", "Another one."]
    assert paragraphs(lines) == [
        "GHANA",
        "A first line that is as long as the column is wide and goes on.",
        "Another one.",
    ]


def test_a_section_s_heading_in_a_pdf_is_a_line_of_its_own():
    full = "Officials said that the plan which they wrote was carried out in all of the"
    lines = [
        full,
        "provinces, and that clerks were trained for the work in each district town.",
        "Prosecution",
    ]
    lines += ["The courts of the capital convicted three traffickers in the year under", "review."]
    assert paragraphs(lines) == [
        f"{full} provinces, and that clerks were trained for the work in each district town.",
        "Prosecution",
        "The courts of the capital convicted three traffickers in the year under review.",
    ]


def test_a_running_head_that_two_columns_cut_is_no_text_and_a_section_s_heading_is():
    towns = ("Ayna", "Bolo", "Cuma", "Dira")
    pages = [
        [
            [str(number), "TRAFFICK", "Prosecution", f"Courts sat in {town}.", f"{town} has two."],
            [
                "ING IN PERSONS",
                f"More of {town}.",
                "Protection",
                f"{town} opened a shelter.",
                f"So {town} said.",
            ],
        ]
        for number, town in enumerate(towns)
    ]
    assert without_running_heads(pages)[2] == [
        *("Prosecution", "Courts sat in Cuma.", "Cuma has two."),
        *("More of Cuma.", "Protection", "Cuma opened a shelter.", "So Cuma said."),
    ]


@pytest.mark.shared
def test_the_real_narratives_tell_edition_and_country(shared: Path, sites):
    from monitor.domain.country import Countries, Country

    paths = sorted((shared / "corpus" / "tip-2018").glob("*.txt"))
    countries = Countries([Country(path.stem, path.stem, "AF") for path in paths])
    found = [read_saved(path, path.read_bytes(), countries, sites) for path in paths]
    assert [told(each) for each in found] == [[(path.stem, 2018)] for path in paths]
