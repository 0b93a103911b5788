"""Whole tables and exact bytes can be taken along, and do no harm where they are opened."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from pyarrow import parquet

from monitor.jobs.tables import TABLES
from monitor.storage.database import Database
from tests.web.conftest import application, client_of
from tests.web.samples import ARTICLE_SENTENCE, argentina_2013, snapshot


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


async def test_figures_leave_as_csv_with_zero_and_unreported_apart(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/figures.csv?country=ARG&edition=2012")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tip-monitor-figures.csv"'
    assert answer.links["describedby"]["url"] == "/api/v1/dictionary"
    assert [(row["measure"], row["form"], row["value"], row["status"]) for row in rows(answer)] == [
        ("convictions", "all", "31", "reported"),
        ("convictions", "sex", "29", "reported"),
        ("convictions", "labor", "2", "reported"),
        ("victims_identified", "all", "", "unreported"),
        ("investigations", "all", "0", "reported"),
    ]


@pytest.mark.parametrize("table", TABLES)
async def test_both_formats_and_the_listing_hold_the_same(client: httpx.AsyncClient, table: str) -> None:
    listed = (await client.get(f"/api/v1/{table}?limit=500")).json()["items"]
    lines = rows(await client.get(f"/api/v1/{table}.csv"))
    answer = await client.get(f"/api/v1/{table}.parquet")
    columns = parquet.read_table(io.BytesIO(answer.content))

    assert answer.headers["Content-Type"] == "application/vnd.apache.parquet"
    assert len(lines) == columns.num_rows == len(listed) > 0
    assert list(lines[0]) == columns.column_names == [column.name for column in TABLES[table].columns]
    assert [line["country"] or None for line in lines] == [each["country"] for each in listed]


async def test_no_cell_is_run_as_a_formula(client: httpx.AsyncClient) -> None:
    (claim,) = rows(await client.get("/api/v1/claims.csv"))

    assert claim["article"] == "'=HYPERLINK(<script>alert(1)</script> evil & <b>bold</b>)"


async def test_the_dictionary_describes_every_column(client: httpx.AsyncClient) -> None:
    described = (await client.get("/api/v1/dictionary")).json()

    assert "https://tip.example.org" in described["citation"]
    assert {
        table["name"]: [column["name"] for column in table["columns"]] for table in described["tables"]
    } == {name: [column.name for column in table.columns] for name, table in TABLES.items()}


async def test_a_snapshot_is_the_exact_bytes_and_never_a_page(client: httpx.AsyncClient) -> None:
    document = argentina_2013().document
    answer = await client.get(f"/api/v1/snapshots/{document.snapshot_sha256}")

    assert answer.content == f"ARG 2013 {document.text}".encode()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    again = await client.get(
        f"/api/v1/snapshots/{document.snapshot_sha256}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("sha256", "status", "words"),
    [
        ("0" * 64, 404, "No bytes of that hash are kept here."),
        ("xyz", 404, "There is no page at this address."),
        (
            snapshot(ARTICLE_SENTENCE).sha256,
            403,
            "These bytes were read and are kept, but they are an article of its publisher: "
            "ask for it at its address.",
        ),
    ],
)
async def test_a_snapshot_that_cannot_be_given_is_said_in_words(
    client: httpx.AsyncClient, sha256: str, status: int, words: str
) -> None:
    answer = await client.get(f"/api/v1/snapshots/{sha256}")

    assert (answer.status_code, answer.json()) == (status, {"detail": words})


async def test_who_asks_too_often_waits_and_others_do_not(database: Database) -> None:
    app = application(database)
    addresses = [httpx.ASGITransport(app, client=(host, 1)) for host in ("192.0.2.1", "192.0.2.2")]
    async with httpx.AsyncClient(transport=addresses[0], base_url="http://testserver") as client:
        answers = [await client.get("/api/v1/tiers.csv") for _ in range(21)]
        listing = await client.get("/api/v1/tiers")
    async with client_of(app) as other:
        theirs = await other.get("/api/v1/tiers.csv")

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    wait = int(answers[-1].headers["Retry-After"])
    assert 1 <= wait <= 60
    assert answers[-1].json() == {
        "detail": f"Too many requests in a minute. Please come back in {wait} seconds."
    }
    assert answers[-1].headers["X-Content-Type-Options"] == "nosniff"
    assert (listing.status_code, theirs.status_code) == (200, 200)
