"""The API gives the objects that the commands print, page by page."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from monitor.jobs.interchange import change_json, public_address
from monitor.storage.changes import changes, record_changes
from monitor.storage.database import Database
from tests.web.conftest import application, client_of
from tests.web.samples import ARTICLE_SENTENCE, COUNTRIES, argentina_2013, article, claim, hostile_change

ROUTES = ("countries", "editions", "tiers", "figures", "claims", "evidence", "changes")
TABLES = ("figures", "claims", "tiers", "changes")


async def items(client: httpx.AsyncClient, address: str) -> list[dict[str, Any]]:
    answer = await client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_countries_are_listed_by_name(client: httpx.AsyncClient) -> None:
    found = await items(client, "/api/v1/countries")

    assert found[0] == {"iso3": "ARG", "name": "Argentina", "region": "WHA"}
    assert [country["name"] for country in found] == [
        "Argentina",
        "Bolivia",
        "Brazil",
        "Côte d'Ivoire",
        "Guinea",
        "Guinea-Bissau",
        "Türkiye",
    ]


async def test_editions_are_listed_newest_first(client: httpx.AsyncClient) -> None:
    assert await items(client, "/api/v1/editions") == [
        {
            "year": year,
            "url": f"https://www.state.gov/reports/{year}/",
            "title": f"{year} Trafficking in Persons Report",
        }
        for year in (2013, 2012)
    ]


async def test_tiers_say_where_they_come_from(client: httpx.AsyncClient) -> None:
    assert await items(client, "/api/v1/tiers?country=ARG") == [
        {
            "country": "ARG",
            "edition": 2010,
            "tier": "2",
            "movement": None,
            "watch_list_years": None,
            "secondary": True,
        },
        {
            "country": "ARG",
            "edition": 2012,
            "tier": "2WL",
            "movement": None,
            "watch_list_years": 2,
            "secondary": False,
        },
        {
            "country": "ARG",
            "edition": 2013,
            "tier": "2",
            "movement": "upgraded",
            "watch_list_years": None,
            "secondary": False,
        },
    ]


async def test_a_figure_comes_with_its_sentence_source_and_time(client: httpx.AsyncClient) -> None:
    found = await items(client, "/api/v1/figures?country=ARG&edition=2013&measure=investigations")

    assert found == [
        {
            "country": "ARG",
            "measure": "investigations",
            "form": "all",
            "unit": "cases",
            "relation": "current",
            "year": 2012,
            "value": 368,
            "status": "reported",
            "qualifier": "exact",
            "stage": "any",
            "accused": "any",
            "reporter": "government",
            "group": "all",
            "confidence": "high",
            "evidence": {"text": "Authorities opened 368 investigations in 2012.", "start": 19, "end": 65},
            "edition": 2013,
            "source_url": "https://www.state.gov/reports/2013-trafficking-in-persons-report/arg/",
            "snapshot": argentina_2013().document.snapshot_sha256,
            "seen_at": "2013-07-02T06:00:00Z",
            "extractor_version": "1",
        }
    ]


async def test_zero_and_unreported_are_told_apart(client: httpx.AsyncClient) -> None:
    found = await items(client, "/api/v1/figures?edition=2012&measure=investigations,victims_identified")

    assert [(each["measure"], each["value"], each["status"]) for each in found] == [
        ("victims_identified", None, "unreported"),
        ("investigations", 0, "reported"),
    ]


async def test_only_law_facts_carry_their_extra_fields(client: httpx.AsyncClient) -> None:
    found = await items(client, "/api/v1/figures")

    assert [each["maximum"] for each in found if "maximum" in each] == [15]
    assert not [each for each in found if "currency" in each or "report_edition" in each]


async def test_a_claim_names_its_article_and_no_edition_of_its_own(client: httpx.AsyncClient) -> None:
    (found,) = await items(client, "/api/v1/claims?country=ARG&measure=convictions")

    assert (found["value"], found["edition"], found["report_edition"]) == (40, None, 2013)
    assert found["article"] == article()[0].title
    assert found["published_at"] == "2013-07-02T06:00:00Z"
    assert found["evidence"] == {"text": ARTICLE_SENTENCE, "start": 0, "end": len(ARTICLE_SENTENCE)}


async def test_a_passage_comes_once_with_all_that_was_read_in_it(client: httpx.AsyncClient) -> None:
    passages = await items(client, "/api/v1/evidence?country=ARG&edition=2013&measure=convictions")

    (passage,) = passages
    assert [(each["form"], each["relation"], each["value"]) for each in passage["figures"]] == [
        ("all", "current", 17),
        ("sex", "current", 15),
        ("labor", "current", 2),
        ("all", "previous", 33),
    ]
    assert argentina_2013().document.text[passage["start"] : passage["end"]] == passage["text"]
    assert passage["snapshot"] == argentina_2013().document.snapshot_sha256


async def test_changes_are_what_the_command_prints(client: httpx.AsyncClient, database: Database) -> None:
    with database.reading() as session:
        stored = [
            change_json(change) | {"source_url": public_address(change.source_url)}
            for change in changes(session)
        ]

    found = await items(client, "/api/v1/changes")

    assert found == stored
    assert list(found[0]) == list(stored[0])
    assert {change["status"] for change in found} == {"published", "history"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=claim_made", [ARTICLE_SENTENCE]),
        ("since=2013-07-02T08:00:00Z&measure=convictions", [ARTICLE_SENTENCE]),
        ("since=2013-07-02T10:00:00%2B02:00&measure=convictions", [ARTICLE_SENTENCE]),
        ("since=2013-07-03", []),
        ("edition=2012&kind=claim_made", []),
        ("country=ARG&edition=2013&kind=claim_made,tier_changed", [ARTICLE_SENTENCE, "ARGENTINA (Tier 2)"]),
    ],
)
async def test_changes_can_be_filtered(client: httpx.AsyncClient, query: str, expected: list[str]) -> None:
    assert [each["evidence_new"] for each in await items(client, f"/api/v1/changes?{query}")] == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
@pytest.mark.parametrize(
    ("route", "filters"),
    [
        *((route, "") for route in ROUTES),
        *((route, "&edition=2013") for route in ("tiers", "figures", "evidence", "changes")),
    ],
)
async def test_pages_add_up_to_the_whole_without_loss_or_repetition(
    client: httpx.AsyncClient, route: str, limit: int, filters: str
) -> None:
    whole = await items(client, f"/api/v1/{route}?limit=500{filters}")

    found: list[dict[str, Any]] = []
    address: str | None = f"/api/v1/{route}?limit={limit}{filters}"
    while address:
        answer = await client.get(address)
        assert len(answer.json()["items"]) <= limit
        found += answer.json()["items"]
        address = answer.links.get("next", {}).get("url")
        assert bool(address) is (answer.json()["next"] is not None)

    assert found == whole


@pytest.mark.parametrize("route", ROUTES)
async def test_a_listing_that_is_known_is_not_sent_again(client: httpx.AsyncClient, route: str) -> None:
    first = await client.get(f"/api/v1/{route}")
    again = await client.get(f"/api/v1/{route}", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("changes?limit=0", "limit: input should be greater than or equal to 1"),
        ("changes?limit=501", "limit: input should be less than or equal to 500"),
        (
            "changes?limit=many",
            "limit: input should be a valid integer, unable to parse string as an integer",
        ),
        ("changes?contry=ARG", "contry: no such parameter here"),
        ("changes?since=soon", "since: input should be a valid datetime or date, input is too short"),
        ("changes?since=-437342", "since: is no date or time, such as 2024-06-30 or 2024-06-30T12:00:00Z"),
        ("changes?since=0001-01-01T00:00:00%2B23:59", "since: lies outside the years 1 to 9999"),
        ("tiers?country=XYZ", "country: “XYZ” is no ISO 3166-1 alpha-3 code of the report's countries"),
        ("tiers?edition=1492", "edition: input should be greater than or equal to 2001"),
        ("figures?cursor=ARG-%C2%B2", "cursor: it is none of ours; start again without one"),
    ],
)
async def test_a_wrong_parameter_is_refused_in_words(
    client: httpx.AsyncClient, address: str, words: str
) -> None:
    answer = await client.get(f"/api/v1/{address}")

    assert (answer.status_code, answer.json()) == (422, {"detail": words})


@pytest.mark.parametrize(
    "address", ["changes?cursor=nothing", "tiers?cursor=ARG-1999", "countries?cursor=XYZ"]
)
async def test_a_cursor_that_no_answer_gave_is_not_found(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(f"/api/v1/{address}")

    assert (answer.status_code, answer.json()) == (
        404,
        {"detail": "cursor: it is none of ours; start again without one"},
    )


async def test_where_a_file_was_imported_from_is_nobodys_business(database: Database) -> None:
    change = hostile_change(
        60, source_url="file:///home/ana/BRA.txt", source_url_old="file:///home/ana/old.txt"
    )
    with database.transaction() as session:
        record_changes(session, [change])
    async with client_of(application(database)) as client:
        for address in (
            "/api/v1/changes",
            "/api/v1/changes.csv",
            f"/changes/{change.id}",
            "/feeds/changes.atom",
        ):
            answer = await client.get(address)
            assert answer.status_code == 200
            assert "/home/ana" not in answer.text


async def test_the_description_names_the_countries_that_there_are(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()
    parameters = described["paths"]["/api/v1/changes"]["get"]["parameters"]
    country = next(each for each in parameters if each["name"] == "country")

    assert country["schema"]["items"]["enum"] == sorted(COUNTRIES)


async def test_held_and_rejected_changes_are_left_out(client: httpx.AsyncClient) -> None:
    headlines = [change["headline"] for change in await items(client, "/api/v1/changes?country=BRA")]

    assert len(headlines) == 1


async def test_what_is_not_there_is_said_in_json(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing")

    assert (answer.status_code, answer.json()) == (404, {"detail": "There is no page at this address."})


async def test_the_api_describes_itself(client: httpx.AsyncClient) -> None:
    description = (await client.get("/openapi.json")).json()

    assert sorted(description["paths"]) == sorted(
        [
            *(f"/api/v1/{route}" for route in ROUTES),
            *(f"/api/v1/{table}.{{syntax}}" for table in TABLES),
            "/api/v1/dictionary",
            "/api/v1/snapshots/{sha256}",
        ]
    )
    parameters = description["paths"]["/api/v1/changes"]["get"]["parameters"]
    assert sorted(each["name"] for each in parameters) == [
        "country",
        "cursor",
        "edition",
        "kind",
        "limit",
        "measure",
        "since",
    ]
    assert list(description["components"]["schemas"]["ChangeResource"]["properties"]) == list(
        change_json(claim())
    )


async def test_a_database_that_fails_is_said_in_words_and_not_shown(database: Database) -> None:
    assert database.path is not None
    database.dispose()
    database.path.write_bytes(b"no database at all, but long enough to be read as one" * 100)
    for leftover in database.path.parent.glob("*-wal"):
        leftover.unlink()
    async with client_of(application(database)) as client:
        answer = await client.get("/api/v1/changes")
        page = await client.get("/")

    assert (answer.status_code, page.status_code) == (503, 503)
    assert answer.json() == {
        "detail": "The database does not answer just now. Nothing is lost; please try again."
    }
    assert str(database.path) not in page.text
