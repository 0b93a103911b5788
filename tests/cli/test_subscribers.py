"""Subscribers and digests from the command line: tables in and out, pauses, previews as files."""

from __future__ import annotations

import email
import email.policy
import json
import mailbox
import sqlite3
from pathlib import Path

import pytest

from monitor.storage.changes import record_changes
from monitor.storage.database import Database
from monitor.storage.subscriptions import add_subscription
from tests.builders import change, subscription


@pytest.fixture
def told(run, data_dir: Path) -> None:
    """Ana, confirmed a while ago, and a change she has not been told."""
    run("migrate")
    database = Database(f"sqlite:///{data_dir / 'monitor.db'}")
    with database.transaction() as session:
        add_subscription(session, subscription("ana@xn--exmple-cua.org"))
        record_changes(session, [change(id="c1")])
    database.dispose()


def test_a_table_comes_out_as_it_went_in(run, tmp_path: Path, data_dir: Path) -> None:
    table = tmp_path / "subscribers.csv"
    table.write_text(
        "address,countries,regions,kinds,threshold,cadence,timezone,hour,channel,target,also_empty,"
        "created_at,confirmed_at,paused_at\n"
        'ana@example.org,"ARG,BOL",WHA,tier_changed,percent:25,weekly,Europe/Madrid,7,email,,yes,'
        "2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,\n"
        "hook@example.org,,,,any,daily,UTC,8,webhook,https://hooks.example.org/a,,"
        "2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,2026-01-03T00:00:00Z\n",
        "utf-8",
    )
    assert run("subscribers", "import", table).out == "2 added, 0 changed\n"
    assert run("subscribers", "import", table).out == "0 added, 2 changed\n"
    exported = tmp_path / "out.csv"
    run("subscribers", "export", "--to", exported)
    assert exported.read_text("utf-8") == table.read_text("utf-8") == run("subscribers", "export").out
    assert exported.stat().st_mode & 0o777 == 0o600


def test_a_wrong_row_is_one_line_and_the_others_are_added(run, tmp_path: Path) -> None:
    table = tmp_path / "subscribers.csv"
    table.write_text("address,hour\nana@example.org,8\nnobody,8\nbea@example.org,25\n", "utf-8")
    ran = run("subscribers", "import", table, "--confirmed")
    assert (ran.code, ran.out) == (1, "1 added, 0 changed\n")
    assert ran.err.splitlines() == [
        f"{table}:3: 'nobody' is not of the form name@domain",
        f"{table}:4: '25' is no hour; write a number from 0 to 23",
    ]


def test_rows_that_no_store_could_take_are_lines_too(run, tmp_path: Path) -> None:
    table = tmp_path / "subscribers.csv"
    table.write_text(
        "address,countries,created_at\n"
        "a@example.org,ARG,0001-01-01T00:00:00+14:00\n"
        "b@example.org,ARG,BOL,\n"
        "c@example.org\n",
        "utf-8",
    )
    ran = run("subscribers", "import", table)
    assert (ran.code, ran.out) == (1, "1 added, 0 changed\n")
    assert ran.err.splitlines() == [
        f"{table}:2: '0001-01-01T00:00:00+14:00' in created_at is no time;"
        " write it like 2026-06-30T08:00:00Z",
        f'{table}:3: more cells than the heading: quote a list, as in "ARG,BOL"',
    ]


def test_a_spreadsheets_semicolons_and_headings_are_read_and_unknown_columns_told(
    run, tmp_path: Path
) -> None:
    table = tmp_path / "subscribers.csv"
    table.write_bytes("\ufeffAddress; Hour ;Name\r\nana@example.org;7;Ana\r\n".encode())
    ran = run("subscribers", "import", table)
    assert (ran.code, ran.out) == (1, "1 added, 0 changed\n")
    assert ran.err.startswith(f"{table}: passed over name: the columns are address, countries, ")
    (listed,) = run("subscribers", "list", "--format", "json").json
    assert (listed["address"], listed["hour"]) == ("ana@example.org", 7)


def test_an_address_that_reads_as_a_formula_goes_out_as_text_and_comes_back(run, tmp_path: Path) -> None:
    addresses = ["'=q@example.org", "+a@example.org", "-b@example.org", "=1+1@example.org", "'z@example.org"]
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    for address in addresses:
        assert run("subscribers", "add", "--confirmed", "--", address).code == 0
    run("subscribers", "export", "--to", out)
    assert not any(line.startswith(("=", "+", "-", "@")) for line in out.read_text("utf-8").splitlines())
    table.write_text(out.read_text("utf-8"), "utf-8")
    assert run("subscribers", "import", table).out == f"0 added, {len(addresses)} changed\n"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"name\nana\n", "has no column `address`: begin it with a heading, as `export` does"),
        (b"\xff\xfe\x00", "is no CSV in UTF-8"),
        (None, "No such file or directory: give a readable CSV file"),
    ],
)
def test_a_file_that_is_no_table_is_one_line(run, tmp_path: Path, content, line) -> None:
    table = tmp_path / "subscribers.csv"
    if content is not None:
        table.write_bytes(content)
    ran = run("subscribers", "import", table)
    assert ran.code == 1
    assert ran.err.startswith(f"{table}: ")
    assert line in ran.err


def test_who_is_imported_unconfirmed_is_asked_with_the_next_deliveries(
    run, tmp_path: Path, data_dir: Path
) -> None:
    (tmp_path / "t.csv").write_text("address\nana@example.org\n", "utf-8")
    run("subscribers", "import", tmp_path / "t.csv")
    assert run("digest", "send").out == "0 digests compiled, 1 messages sent\n"
    (mail,) = mailbox.Maildir(data_dir / "mail")
    assert mail["Subject"] == "Confirm your TIP Monitor subscription"


def test_an_erased_address_is_not_written_to_again_by_mistake(run, tmp_path: Path) -> None:
    run("subscribers", "add", "ana@example.org", "--confirmed")
    assert run("subscribers", "remove", "--erase", "Ana@Example.org").code == 0
    refused = run("subscribers", "add", "ANA@example.org", "--confirmed")
    (tmp_path / "t.csv").write_text("address\nana@example.org\n", "utf-8")
    imported = run("subscribers", "import", tmp_path / "t.csv")
    assert (refused.code, imported.code) == (1, 1)
    assert "is suppressed (erased): give --again if it may be written to again" in refused.err
    assert run("subscribers", "list", "--format", "json").json == []
    assert run("subscribers", "add", "ana@example.org", "--confirmed", "--again").code == 0


def test_pausing_and_resuming(run, told: None) -> None:
    assert run("subscribers", "pause", "ANA@exämple.org").out == "ANA@exämple.org: paused\n"
    assert run("digest", "send").out == "0 digests compiled, 0 messages sent\n"
    (listed,) = run("subscribers", "list", "--format", "json").json
    assert listed["paused_at"] is not None
    assert run("subscribers", "resume", "ana@exämple.org").code == 0
    assert run("subscribers", "pause", "nobody@example.org").code == 1


def test_a_webhook_is_added_with_its_secret_and_listed_without_it(run) -> None:
    url = "https://hooks.example.org/services/secret"
    added = run(
        "subscribers", "add", "ops@example.org", "--channel", "webhook", "--target", url, "--confirmed"
    )
    assert "the webhook's secret is " in added.out
    (listed,) = run("subscribers", "list", "--format", "json").json
    assert (listed["channel"], listed["target"]) == ("webhook", "https://hooks.example.org/...")
    assert run("subscribers", "add", "b@example.org", "--channel", "webhook").code == 2
    assert run("subscribers", "add", "b@example.org", "--channel", "chat", "--target", "json://x").code == 2


def test_a_preview_writes_text_html_and_the_raw_message(run, told: None, tmp_path: Path) -> None:
    place = tmp_path / "preview"
    ran = run("digest", "preview", "ana@exämple.org", "--to", place)
    files = [place / name for name in ("digest.txt", "digest.html", "digest.eml")]
    assert ran.out.splitlines() == [str(path) for path in files]
    text, html, raw = (path.read_bytes() for path in files)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    parts = [part.get_content().replace("\r\n", "\n").encode() for part in mail.iter_parts()]
    assert parts == [text, html]
    assert b"17 convictions in 2012, down from 31" in text
    assert run("digest", "send").out == "1 digests compiled, 1 messages sent\n"


def test_a_stored_subscription_of_an_unknown_time_zone_is_one_line_wherever_it_is_met(
    run, told, data_dir: Path
) -> None:
    run("subscribers", "add", "bea@example.org", "--confirmed")
    with sqlite3.connect(data_dir / "monitor.db") as raw:
        raw.execute("UPDATE subscription SET timezone = 'Mars/Olympus' WHERE address LIKE 'ana@%'")
    raw.close()
    for command in (("list",), ("export",), ("list", "--format", "json")):
        ran = run("subscribers", *command)
        assert ran.code == 1
        assert "bea@example.org" in ran.out
        (line,) = ran.err.splitlines()
        assert "this machine knows no time zone 'Mars/Olympus'" in line
    assert line in run("digest", "preview", "ana@xn--exmple-cua.org").err
    assert line in run("digest", "send", "--now", "2030-01-01T09:00:00Z").err
    examined = run("doctor", "--format", "json").out
    assert "Mars/Olympus" in next(
        each["detail"] for each in json.loads(examined) if each["check"] == "subscribers"
    )
