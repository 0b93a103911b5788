"""Pages show what is stored, say what is missing, and do no harm with what they show."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.domain.change import ChangeKind, ChangeStatus, change_id
from monitor.storage.changes import add_answers, record_changes
from monitor.storage.database import Database
from tests.web.conftest import application, client_of
from tests.web.reading import attributes, page, texts
from tests.web.samples import claim, hostile_change, many_changes, revision

DASH = "\N{EN DASH}"
SILENT = f"{DASH} not mentioned"
HELD, REJECTED = change_id("hostile", 1), change_id("hostile", 2)


async def test_home_lists_the_latest_changes_with_both_sides(client: httpx.AsyncClient) -> None:
    home = await page(client, "/")

    assert texts(home, ".changes .headline")[:6] == [
        "Bolivia: the 2013 narrative was edited after it was published",
        "Argentina: a news article states 40 convictions, the 2013 report 17",
        "Bolivia: downgraded from Tier 2 to Tier 2 Watch List in the 2013 report",
        "Bolivia: 5 convictions in the 2013 report, down from 7",
        "Argentina: upgraded from Tier 2 Watch List to Tier 2 in the 2013 report",
        "Argentina: 17 convictions in the 2013 report, down from 31",
    ]
    assert texts(home, ".sides-short")[:4] == [
        "40 against 17",
        "Tier 2 → became Tier 2 Watch List",
        "7 → became 5",
        "Tier 2 Watch List → became Tier 2",
    ]


async def test_home_places_the_countries_of_the_newest_edition_by_tier(client: httpx.AsyncClient) -> None:
    home = await page(client, "/")

    assert texts(home, ".tally li") == ["Tier 1 1", "Tier 2 1", "Tier 2 Watch List 1"]
    assert texts(home, ".placements tbody tr") == [
        "Tier 1",
        "Brazil* no tier before ·",
        "Tier 2",
        "Argentina ▲ Upgraded from Tier 2 Watch List ·",
        "Tier 2 Watch List",
        "Bolivia ▼ Downgraded from Tier 2 ·",
    ]
    assert texts(home, ".movers li") == [
        "Argentina Tier 2 Watch List → Tier 2",
        "Bolivia Tier 2 → Tier 2 Watch List",
    ]


async def test_a_fresh_installation_says_that_nothing_is_there_yet(empty_database: Database) -> None:
    async with client_of(application(empty_database)) as client:
        home = await page(client, "/")
        country = await page(client, "/countries/ARG")

    assert texts(home, ".nothing") == [
        "Nothing yet: no two editions have been compared so far.",
        "No placement has been read yet.",
        "No edition has been read yet.",
    ]
    assert texts(country, ".nothing") == [
        "No placement of Argentina is known yet.",
        "No figure of Argentina has been read yet.",
        "No article with a number of Argentina has been read.",
        "No change of Argentina has been found yet.",
    ]


@pytest.mark.parametrize("words", ["arg", "ARGENTINA", " argentine "])
async def test_a_search_that_means_one_country_leads_to_it(client: httpx.AsyncClient, words: str) -> None:
    response = await client.get("/", params={"q": words})

    assert (response.status_code, response.headers["Location"]) == (303, "/countries/ARG")


async def test_a_search_that_means_several_countries_lists_them(client: httpx.AsyncClient) -> None:
    assert texts(await page(client, "/?q=b"), "main li a") == ["Bolivia", "Brazil", "Guinea-Bissau"]


async def test_a_search_without_a_country_says_so_and_escapes_the_words(client: httpx.AsyncClient) -> None:
    found = await page(client, '/?q="><script>alert(1)</script>')

    assert texts(found, ".notice")[0].startswith("No country of the report goes by that name.")
    assert texts(found, "script") == []
    assert attributes(found, "#search", "value") == ['"><script>alert(1)</script>']


async def test_a_country_shows_its_tier_in_every_known_edition_with_gaps_and_origin(
    client: httpx.AsyncClient,
) -> None:
    argentina = await page(client, "/countries/ARG")

    assert texts(argentina, ".strip li")[:9] == [
        f"{year} {DASH} no placement known" for year in range(2001, 2010)
    ]
    assert texts(argentina, ".strip li")[9:] == [
        "2010 2 Tier 2, from a secondary source",
        f"2011 {DASH} no placement known",
        "2012 2WL Tier 2 Watch List",
        "2013 2 Tier 2",
    ]
    assert texts(argentina, "main > .lede") == [
        "Tier 2 in the 2013 report, upgraded from Tier 2 Watch List to Tier 2."
    ]


async def test_zero_unreported_and_not_mentioned_look_different(client: httpx.AsyncClient) -> None:
    argentina = await page(client, "/countries/ARG")

    assert texts(argentina, ".figures .value-zero") == ["0"]
    assert texts(argentina, ".figures .value-unreported") == ["not reported"]
    assert set(texts(argentina, ".figures .value-silent")) == {SILENT}


async def test_a_countrys_figures_stand_by_measure_edition_and_form(client: httpx.AsyncClient) -> None:
    argentina = await page(client, "/countries/ARG")

    assert texts(argentina, ".figures tbody tr") == [
        f"2013 368 cases, in 2012 {SILENT} {SILENT}",
        f"2012 0 cases {SILENT} {SILENT}",
        "2013 17 cases year before: 33 (cases, in 2011) 15 cases 2 cases",
        "2012 31 cases 29 cases 2 cases",
        f"2013 at least 1,204 {SILENT} {SILENT}",
        f"2012 not reported {SILENT} {SILENT}",
    ]
    assert "No edition read so far gives a number of prosecutions." in texts(argentina, ".nothing")


async def test_every_figure_leads_to_its_sentence_and_source(client: httpx.AsyncClient) -> None:
    argentina = await page(client, "/countries/ARG")

    anchors = {address.removeprefix("#") for address in attributes(argentina, ".figures td a", "href")}
    assert anchors <= set(attributes(argentina, ".sentences li", "id"))
    assert texts(argentina, "#convictions-2013-1") == [
        "Judges convicted 17 traffickers, 15 for sex trafficking and two for labor trafficking, compared "
        "with 33 in 2011. Read as: 17 convictions (cases); 15 sex trafficking convictions (cases); 2 labor "
        "trafficking convictions (cases); the year before: 33 convictions in 2011 (cases). Source"
    ]
    assert attributes(argentina, "#convictions-2013-1 a", "href") == [
        "https://www.state.gov/reports/2013-trafficking-in-persons-report/arg/"
    ]


async def test_officials_groups_and_laws_stand_apart_from_the_totals(client: httpx.AsyncClient) -> None:
    argentina = await page(client, "/countries/ARG")

    assert [text.split("Read as: ")[1] for text in texts(argentina, "[id^=other-2013]")] == [
        "40 identified victims (persons, girls). Source",
        "71 prosecutions (cases, accused officials). Source",
        "penalties of 4 to 15 years. Source",
    ]


async def test_a_country_code_in_small_letters_leads_to_the_page(client: httpx.AsyncClient) -> None:
    response = await client.get("/countries/arg")

    assert (response.status_code, response.headers["Location"]) == (308, "/countries/ARG")


async def test_an_edition_shows_movement_and_changes(client: httpx.AsyncClient) -> None:
    edition = await page(client, "/editions/2013")

    assert texts(edition, "h1, h2") == [
        "Trafficking in Persons Report 2013",
        "Movement since 2012",
        "Changes",
        "All placements",
    ]
    assert texts(edition, ".crumbs a") == ["← 2012"]
    assert "The 2012 Trafficking in Persons Report has been published" not in texts(edition, ".headline")
    assert "The 2013 Trafficking in Persons Report has been published" in texts(edition, ".headline")


async def test_an_edition_known_only_from_the_baseline_says_so(client: httpx.AsyncClient) -> None:
    edition = await page(client, "/editions/2010")

    assert texts(edition, ".lede") == [
        "This edition's placements come from a secondary source; the report itself has not been read."
    ]


async def test_a_change_shows_both_sides_with_their_sentences(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/api/v1/changes?kind=figure_changed&measure=convictions&country=ARG")).json()
    change = await page(client, f"/changes/{listed['items'][0]['id']}")

    assert texts(change, ".side") == [
        "2012 report 31 29 sex trafficking, 2 labor trafficking Courts handed down 31 convictions, 29 for "
        "sex trafficking and two for labor trafficking. Source: 2012 report",
        "2013 report 17 15 sex trafficking, 2 labor trafficking Judges convicted 17 traffickers, 15 for "
        "sex trafficking and two for labor trafficking, compared with 33 in 2011. Source: 2013 report",
    ]
    assert dict(zip(texts(change, "dt"), texts(change, "dd"), strict=True)) | {
        "Snapshot read": "",
        "Snapshot before": "",
    } == {
        "Counted": "convictions",
        "Movement": "down",
        "Cause": "A new edition of the report",
        "Found": "2 July 2013",
        "2013 report": "https://www.state.gov/reports/2013-trafficking-in-persons-report/arg/",
        "2012 report": "https://www.state.gov/reports/2012-trafficking-in-persons-report/arg/",
        "Snapshot read": "",
        "Snapshot before": "",
        "Id": listed["items"][0]["id"],
    }


async def test_a_tier_and_its_number_stay_on_one_line(client: httpx.AsyncClient) -> None:
    for address in ("/", "/changes", "/countries/ARG"):
        shown = (await client.get(address)).text
        headlines = [node.text() for node in LexborHTMLParser(shown).css(".headline, .sides-short span")]
        assert any("Tier\N{NO-BREAK SPACE}2" in line for line in headlines)
        assert not any("Tier 2" in line for line in headlines)


async def test_a_claim_says_how_it_stands_to_the_official_number(client: httpx.AsyncClient) -> None:
    change = await page(client, f"/changes/{claim().id}")

    facts = dict(zip(texts(change, "dt"), texts(change, "dd"), strict=True))
    assert facts["Against the report"] == "Differs from the official number"
    assert facts["Cause"] == "A news article; the report itself has not changed"
    assert texts(change, ".side h2") == ["Official, 2013 report", "News article"]


async def test_a_claim_and_what_the_report_said_later_lead_to_each_other(
    database: Database, client: httpx.AsyncClient
) -> None:
    answer = replace(
        claim(),
        id="a" * 20,
        headline="Argentina: the 2014 report agrees",
        detail={"answers": claim().id, "relation": "agrees"},
    )
    with database.transaction() as session:
        add_answers(session, record_changes(session, [answer]))
    for here, there in ((claim(), answer), (answer, claim())):
        shown = await page(client, f"/changes/{here.id}")
        assert f"/changes/{there.id}" in attributes(shown, "main > p a", "href")


async def test_a_revised_narrative_shows_the_sentences_that_changed(client: httpx.AsyncClient) -> None:
    change = await page(client, f"/changes/{revision().id}")

    assert texts(change, ".difference li") == ["Gone Courts convicted six.", "New Courts convicted five."]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/countries/ZZZ", "No country of the report has that code. Try the search above."),
        ("/editions/1999", "No edition 1999 of the report is known here."),
        ("/editions/newest", "No edition newest of the report is known here."),
        (
            "/changes/0123456789abcdef0123",
            "No change has that address. It may have been mistyped or cut off.",
        ),
        ("/changes/%00", "No change has that address. It may have been mistyped or cut off."),
        ("/nothing", "There is no page at this address."),
    ],
)
async def test_what_is_not_there_is_said_in_words(
    client: httpx.AsyncClient, address: str, words: str
) -> None:
    assert texts(await page(client, address, 404), ".lede") == [words]


async def test_a_bad_parameter_is_said_in_words(client: httpx.AsyncClient) -> None:
    refused = await page(client, "/changes?before=nothing", 404)

    assert texts(refused, "h1, .lede") == [
        "Not found",
        "cursor: it is none of ours; start again without one",
    ]


@pytest.mark.parametrize("change", [HELD, REJECTED])
async def test_held_and_rejected_changes_are_nowhere(client: httpx.AsyncClient, change: str) -> None:
    await page(client, f"/changes/{change}", 404)
    for address in ("/", "/countries/BRA", "/editions/2013"):
        assert change not in await page(client, address)


async def test_hostile_content_stays_text(client: httpx.AsyncClient) -> None:
    for address in ("/", "/countries/BRA", f"/changes/{hostile_change().id}"):
        shown = await page(client, address)
        assert texts(shown, "script") == []
        assert texts(shown, ".headline b, h1 b") == []
        assert "Brazil: <script>alert(1)</script> evil & <b>bold</b>" in texts(shown, ".headline, h1")
        assert "\u202e" not in shown
        assert not [
            link
            for link in attributes(shown, "a", "href")
            if not link.startswith(("/", "#", "?", "https://"))
        ]


async def test_older_changes_are_a_page_away_without_loss_or_repetition(database: Database) -> None:
    many = many_changes()
    with database.transaction() as session:
        record_changes(session, many)

    seen: list[str] = []
    async with client_of(application(database)) as client:
        address = "/countries/BRA"
        while address:
            shown = await page(client, address)
            seen += texts(shown, ".headline")
            address = next(iter(attributes(shown, ".pager a", "href")), "")
            address = f"/countries/BRA{address}" if address else ""

    assert [each for each in seen if each.startswith("Brazil: change")] == [each.headline for each in many]
    assert len(seen) == len(many) + 1


async def test_pages_name_their_feeds_and_language(client: httpx.AsyncClient) -> None:
    argentina = await page(client, "/countries/ARG")

    assert attributes(argentina, "html", "lang") == ["en"]
    assert texts(argentina, "head title") == ["Argentina: tiers and figures · TIP Monitor"]
    assert attributes(argentina, "link[rel=alternate]", "href") == [
        "/feeds/changes.atom",
        "/feeds/changes.rss",
        "/feeds/changes.json",
        "/feeds/changes.atom?country=ARG",
        "/feeds/changes.rss?country=ARG",
        "/feeds/changes.json?country=ARG",
    ]


async def test_pages_load_nothing_from_other_hosts_and_run_no_script(client: httpx.AsyncClient) -> None:
    for address in ("/", "/countries/ARG", "/editions/2013", f"/changes/{claim().id}", "/nothing"):
        shown = (await client.get(address)).text
        loaded = attributes(shown, "link[rel=stylesheet], link[rel=icon]", "href")
        loaded += attributes(shown, "img, script, iframe, object", "src")
        assert all(each.startswith("/static/") for each in loaded)
        assert texts(shown, "script, style") == []
        assert attributes(shown, "[style]", "style") == []


async def test_sample_data_says_so_on_every_page(database: Database) -> None:
    async with client_of(application(database, sample=True)) as client:
        for address in ("/", "/countries/ARG", "/editions/2013", f"/changes/{claim().id}", "/nothing"):
            shown = (await client.get(address)).text
            assert texts(shown, ".sample-banner") == ["Sample data: invented figures"]


async def test_real_data_carries_no_banner(client: httpx.AsyncClient) -> None:
    assert texts(await page(client, "/"), ".sample-banner") == []


async def test_each_measure_is_drawn_with_words_and_the_table_behind_it(client: httpx.AsyncClient) -> None:
    argentina = await page(client, "/countries/ARG")

    assert texts(argentina, "#convictions + figure svg > title") == ["Convictions by edition, 2012 to 2013"]
    assert texts(argentina, "#convictions + figure desc") == [
        "The newest number is 17 in the 2013 report; the highest 31 (2012), the lowest 17 (2013)."
    ]
    assert texts(argentina, "#convictions + figure g > title") == [
        "2012: 31 (29 sex trafficking, 2 labor trafficking)",
        "2013: 17 (15 sex trafficking, 2 labor trafficking)",
    ]
    assert texts(argentina, "#convictions + figure + .scroll th")[0] == "Edition"


async def test_claims_of_the_country_stand_apart(client: httpx.AsyncClient) -> None:
    argentina = await page(client, "/countries/ARG")

    assert texts(argentina, "#claims .headline") == [claim().headline]


async def test_a_change_names_the_claims_about_what_it_counts(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/api/v1/changes?country=ARG&measure=convictions&kind=figure_changed")).json()
    shown = await page(client, f"/changes/{listed['items'][0]['id']}")

    assert texts(shown, "section .headline") == [claim().headline]


async def test_an_edition_says_what_was_read_when(client: httpx.AsyncClient) -> None:
    edition = await page(client, "/editions/2013")

    assert dict(zip(texts(edition, "dt"), texts(edition, "dd"), strict=True)) == {
        "First seen here": "2 July 2013",
        "Narratives read": "2, the first on 2 July 2013, the last on 2 July 2013",
        "Edited after that": "none",
    }


async def test_a_corrected_change_and_its_correction_lead_to_each_other(database: Database) -> None:
    wrong = hostile_change(20, headline="Brazil: 400 convictions", status=ChangeStatus.CORRECTED)
    right = hostile_change(
        21, headline="Brazil: 40 convictions", kind=ChangeKind.CORRECTION, corrects=wrong.id
    )
    with database.transaction() as session:
        record_changes(session, [wrong, right])
    async with client_of(application(database)) as client:
        before = await page(client, f"/changes/{wrong.id}")
        after = await page(client, f"/changes/{right.id}")
        home = await page(client, "/?x=1")

    assert texts(before, ".notice") == [
        "This proved wrong and was corrected on 1 July 2013: Brazil: 40 convictions."
    ]
    assert f"/changes/{right.id}" in attributes(before, ".notice a", "href")
    assert f"/changes/{wrong.id}" in attributes(after, "main > p a", "href")
    assert "Brazil: 400 convictions" not in texts(home, ".headline")
