"""The commands as a user meets them: what they print, where, and with which exit code."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import mailbox
import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.cli.demo import print_changes
from tests.cli.conftest import FILLER, narrative
from tests.delivery.samples import TIER_DOWN

CHANGE_FIELDS = [
    "id", "kind", "cause", "country", "edition", "measure", "form", "old", "new", "direction", "status",
    "created_at", "source_url", "evidence_old", "evidence_new", "headline",
]  # fmt: skip


def test_every_command_of_the_readme_exists_and_every_command_is_in_the_readme(run) -> None:
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")
    table = readme.split("| command | does |")[1].split("\n\n")[0]
    documented = set(re.findall(r"`([a-z]+)", table.replace("does", "")))
    listed = set(re.findall(r"^  ([a-z]+) ", run("--help").out.split("Commands:")[1], re.MULTILINE))
    assert listed == documented - {"table", "json", "csv", "path", "kind", "country", "edition"}


@pytest.mark.parametrize(
    "command",
    ["demo", "run", "check", "import", "extract", "evaluate", "countries", "figures", "tiers", "changes",
     "subscribers add", "subscribers list", "subscribers remove", "digest preview", "digest send",
     "review list", "review show", "review approve", "review reject", "review correct", "review export",
     "review import", "replay", "explain", "export", "sources list", "sources check",
     "sources enable", "sources disable", "migrate", "config show"],
)  # fmt: skip
def test_every_command_explains_itself(run, command) -> None:
    ran = run(*command.split(), "--help")
    assert ran.code == 0
    assert len(ran.out.split("Options:")[0].strip().splitlines()) >= 3


def test_imported_editions_are_compared(run, two_editions: Path) -> None:
    first = run("import", two_editions / "tip-2012")
    second = run("import", two_editions / "tip-2013")
    assert (first.code, second.code) == (0, 0)
    assert first.out.startswith("import: 1 new editions, 1 new narratives, ")
    changes = run("changes", "--format", "json", "--country", "arg").json
    assert [list(change) for change in changes] == [CHANGE_FIELDS] * 2
    assert {change["headline"] for change in changes} == {
        "Argentina: 17 convictions in the 2013 report, down from 31",
        "Argentina: downgraded from Tier 2 to Tier 2 Watch List in the 2013 report",
    }
    figures = run("figures", "ARG", "--format", "json").json
    assert [(each["edition"], each["measure"], each["value"]) for each in figures] == [
        (2012, "convictions", 31),
        (2013, "convictions", 17),
    ]
    tiers = run("tiers", "ARG", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(tiers)))
    read = [(row["edition"], row["tier"]) for row in rows if row["secondary"] == "False"]
    assert read == [("2012", "2"), ("2013", "2WL")]
    assert ("2011", "2", "True") in [(row["edition"], row["tier"], row["secondary"]) for row in rows]


def test_the_newest_changes_are_listed_up_to_a_limit(run, two_editions: Path) -> None:
    run("import", two_editions)
    every = run("changes", "--format", "json").json
    assert len(every) > 2
    assert run("changes", "--format", "json", "--limit", 2).json == every[:2]
    assert run("changes", "--format", "json", "--limit", 0).json == every
    some = run("changes", "--limit", 1)
    assert (some.code, every[0]["id"] in some.out, every[1]["id"] in some.out) == (0, True, False)
    assert some.err == "The newest 1 are shown; --limit 0 shows all.\n"
    assert run("changes").err == ""
    assert run("changes", "--limit", -1).code == 2


def test_on_a_terminal_the_table_of_changes_ends_with_the_newest_fifty(
    run, two_editions: Path, data_dir: Path
) -> None:
    run("import", two_editions)
    with sqlite3.connect(data_dir / "monitor.db") as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(change)")]
        rest = ", ".join(name for name in columns if name not in ("id", "sequence"))
        for number in range(60):
            connection.execute(
                f"INSERT INTO change (id, {rest}) SELECT 'copy{number:02}', {rest} FROM change LIMIT 1"  # noqa: S608
            )
    shown, told = _on_a_terminal("changes")
    assert told.startswith("The newest 50 are shown; --limit 0 shows all")
    assert len(re.findall(r"^│[a-z0-9]", shown, re.MULTILINE)) == 50


def _on_a_terminal(*arguments: str) -> tuple[str, str]:
    """Run a command with a terminal of 200 columns for its output; return that and standard error."""
    ours, theirs = os.openpty()
    pieces = []
    with subprocess.Popen(
        [sys.executable, "-m", "monitor", *arguments],
        env={**os.environ, "COLUMNS": "200"},
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        os.close(theirs)
        with contextlib.suppress(OSError):  # what Linux says once the other end is closed
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        _, told = command.communicate()
    os.close(ours)
    return b"".join(pieces).decode(), told


def test_importing_twice_adds_nothing(run, two_editions: Path) -> None:
    run("import", two_editions)
    before = run("changes", "--format", "json").json
    again = run("import", two_editions)
    assert again.out == "import: 2 unchanged\n"
    assert run("changes", "--format", "json").json == before


def test_one_bad_file_is_one_line_and_the_rest_is_imported(run, two_editions: Path) -> None:
    bad = two_editions / "tip-2013" / "BOL.txt"
    bad.write_bytes(b"\x00\x01\x02" * 400)
    ran = run("import", two_editions, two_editions / "nothing-here")
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 2
    assert str(bad) in ran.err
    assert "nothing-here: no such file: check the path" in ran.err
    assert "2 new narratives" in ran.out


def test_a_page_without_a_tier_never_replaces_a_narrative_that_has_one(run, two_editions: Path) -> None:
    run("import", two_editions)
    path = two_editions / "tip-2013" / "ARG.txt"
    path.write_text(f"ARGENTINA\n\nThe government convicted 90 traffickers.\n{FILLER}", encoding="utf-8")
    ran = run("import", path)
    assert ran.code == 1
    assert "no tier is found in it, and Argentina 2013 is stored with one" in ran.err
    figures = run("figures", "ARG", "--edition", 2013, "--format", "json").json
    assert [each["value"] for each in figures] == [17]


def test_extract_prints_one_object_with_evidence_in_place(run, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    text = narrative("TIER 2", "convicted 17 traffickers")
    path.write_text(text, encoding="utf-8")
    shape = run("extract", path, "--country", "ARG", "--edition", 2013, "--format", "json").json
    assert list(shape) == ["schema", "kind", "country", "edition", "tier", "figures", "issues"]
    assert (shape["schema"], shape["kind"], shape["country"], shape["edition"]) == (
        1,
        "narrative",
        "ARG",
        2013,
    )
    assert shape["tier"]["value"] == "2"
    (figure,) = shape["figures"]
    evidence = figure["evidence"]
    assert text[evidence["start"] : evidence["end"]] == evidence["text"]
    assert (figure["measure"], figure["value"], figure["unit"]) == ("convictions", 17, "persons")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_extract_reads_a_text_of_any_usual_encoding(run, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes("Côte d'Ivoire's courts convicted nine traffickers.".encode(encoding))
    shape = run("extract", path, "--kind", "news", "--format", "json").json
    assert [(figure["country"], figure["value"]) for figure in shape["figures"]] == [("CIV", 9)]


def test_a_batch_answers_in_order_and_goes_on_after_a_file_that_is_missing(run, tmp_path: Path) -> None:
    lines: list[dict[str, object]] = []
    for number in (3, 1, 2):
        (tmp_path / f"{number}.txt").write_text(narrative("TIER 2", f"convicted {number + 10} traffickers"))
        lines.append({"path": f"{number}.txt", "kind": "narrative", "country": "ARG", "edition": None})
    lines.insert(1, {"path": "none.txt", "kind": None, "country": None, "edition": 2013})
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    ran = run("extract", "--batch", batch)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [[each["value"] for each in answer["figures"]] for answer in answers] == [[13], [], [11], [12]]
    assert ran.code == 1
    assert ran.err == f"{tmp_path / 'none.txt'}: No such file or directory; give a readable file\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("{", "is no JSON", id="broken"),
        pytest.param("[" * 100_000, "is no JSON", id="nested without end"),
        pytest.param("[1]", "is no JSON object", id="a list"),
        pytest.param("null", "is no JSON object", id="null"),
        pytest.param('{"kind": "news"}', "path is null: give a text", id="no path"),
        pytest.param('{"path": 5}', "path is 5: give a text", id="a number for a path"),
        pytest.param('{"path": "a\\u0000b"}', 'path is "a\\u0000b": give a text', id="no name of a file"),
        pytest.param(
            '{"path": "a.txt", "kind": "poem"}', 'kind is "poem": give narrative or news', id="kind"
        ),
        pytest.param('{"path": "a.txt", "kind": []}', "kind is []: give narrative or news", id="list"),
        pytest.param(
            '{"path": "a.txt", "country": 5}', "country is 5: give null or a code such as ARG", id="country"
        ),
        pytest.param(
            '{"path": "a.txt", "edition": "2013"}', 'edition is "2013": give null or a year', id="edition"
        ),
        pytest.param(
            '{"path": "a.txt", "edition": true}', "edition is true: give null or a year", id="edition, yes"
        ),
        pytest.param(b'{"path": "\xff"}', "is not UTF-8 text", id="bytes"),
    ],
)
def test_a_line_of_a_batch_that_is_none_is_one_line_and_the_rest_goes_on(
    run, tmp_path: Path, line: str | bytes, reason: str
) -> None:
    (tmp_path / "a\u2028b.txt").write_text(narrative("TIER 2", "convicted 11 traffickers"), "utf-8")
    good = json.dumps({"path": "a\u2028b.txt", "country": "ARG"}, ensure_ascii=False).encode()
    batch = tmp_path / "batch.jsonl"
    bad = line if isinstance(line, bytes) else line.encode()
    batch.write_bytes(b"\xef\xbb\xbf" + good + b"\r\n\n" + bad + b"\n" + good)
    ran = run("extract", "--batch", batch)
    answers = [json.loads(each) for each in ran.out.splitlines()]
    assert [[each["value"] for each in answer["figures"]] for answer in answers] == [[11], [], [11]]
    assert [issue["code"] for issue in answers[1]["issues"]] == ["not_text"]
    assert ran.code == 1
    (told,) = ran.err.splitlines()
    assert told.startswith(f"{batch}, line 3: {reason}")


def test_a_large_batch_is_read_by_several_processes_and_stays_in_order(run, tmp_path: Path) -> None:
    lines = []
    for number in range(70):
        (tmp_path / f"{number}.txt").write_text(f"Courts in Argentina convicted {number + 2} traffickers.")
        lines.append(json.dumps({"path": f"{number}.txt", "kind": "narrative", "country": "ARG"}))
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(lines), encoding="utf-8")
    answers = [json.loads(line) for line in run("extract", "--batch", batch).out.splitlines()]
    assert [answer["figures"][0]["value"] for answer in answers] == list(range(2, 72))


def test_subscribers_are_added_asked_listed_and_removed(run, data_dir: Path) -> None:
    confirmed = run("subscribers", "add", "ana@example.org", "--countries", "arg,BOL", "--confirmed")
    asked = run("subscribers", "add", "bea@example.org", "--kinds", "tier_changed", "--cadence", "weekly")
    assert confirmed.out == "ana@example.org: added\n"
    assert asked.out.splitlines()[1] == "bea@example.org: the mail that asks for confirmation is on its way"
    (mail,) = mailbox.Maildir(data_dir / "mail")
    assert mail["To"] == "bea@example.org"
    listed = run("subscribers", "list", "--format", "json").json
    assert [(each["address"], each["countries"], each["kinds"]) for each in listed] == [
        ("ana@example.org", "ARG,BOL", None),
        ("bea@example.org", None, "tier_changed"),
    ]
    assert run("subscribers", "remove", "ana@example.org").code == 0
    again = run("subscribers", "remove", "ana@example.org")
    assert (again.code, again.err.count("\n")) == (1, 1)


def test_an_instant_subscriber_gets_each_change_once(run, two_editions: Path, data_dir: Path) -> None:
    run("subscribers", "add", "ana@example.org", "--countries", "ARG", "--cadence", "instant", "--confirmed")
    run("import", two_editions)
    preview = run("digest", "preview", "ana@example.org")
    assert "17 convictions in the 2013 report, down from 31" in preview.out
    assert run("digest", "send").out == "1 digests compiled, 1 messages sent\n"
    assert run("digest", "send").out == "0 digests compiled, 0 messages sent\n"
    (mail,) = mailbox.Maildir(data_dir / "mail")
    assert mail["To"] == "ana@example.org"


def test_a_daily_subscriber_is_told_at_the_hour(run, two_editions: Path) -> None:
    run("subscribers", "add", "ana@example.org", "--hour", 8, "--confirmed")
    run("import", two_editions)
    assert run("digest", "send").out == "0 digests compiled, 0 messages sent\n"
    assert run("digest", "send", "--now", "2099-01-01T08:00:00Z").out == (
        "1 digests compiled, 1 messages sent\n"
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["figures", "XYZ"], "no country has the code 'XYZ'; `tip-monitor countries` lists them"),
        (["check", "none"], "no source is called 'none'; `tip-monitor sources list` names them"),
        (["sources", "enable", "none"], "no source is called 'none'; `tip-monitor sources list` names them"),
        (["digest", "send", "--now", "soon"], "'soon' is no time; write it like 2026-06-30T08:00:00Z"),
        (["extract"], "give either a PATH or --batch FILE"),
        (
            ["backfill", "--editions", "1990-1995"],
            "--editions '1990-1995': '1990-1995' is no year or range since 2001; write e.g. 2011-2025",
        ),
        (["subscribers", "add", "nobody"], "'nobody' is not of the form name@domain"),
        (
            ["subscribers", "add", "a@example.org", "--timezone", "Mars/One"],
            "'Mars/One' is no IANA time zone; write e.g. Europe/Madrid",
        ),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(run, arguments, line) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.err, ran.out) == (2, f"{line}\n", "")


def test_a_wrong_configuration_is_one_line_and_exit_code_2(run, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[[sources]]\nkey = 'a'\nkind = 'feed'\nevery = '1h'\n", encoding="utf-8")
    for arguments in (["--config", config, "check"], ["check", "--config", config]):
        ran = run(*arguments)
        assert (ran.code, ran.err) == (2, f"{config}: sources[0].url is missing: add it\n")


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(run, data_dir: Path) -> None:
    run("migrate")
    database = data_dir / "monitor.db"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (["tiers"], ["migrate"], ["check"]):
        ran = run(*command)
        assert ran.code == 1
        assert ran.err.count("\n") == 1
        assert "newer version" in ran.err
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    connection.close()


def test_a_source_that_is_down_is_one_line_and_exit_code_1(run, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(
        '[fetch]\nallow_addresses = ["127.0.0.1/32"]\n'
        "[[sources]]\nkey = 'a'\nkind = 'feed'\nevery = '1h'\nurl = 'http://127.0.0.1:9/feed'\n",
        encoding="utf-8",
    )
    ran = run("check", "--config", config)
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("http://127.0.0.1:9/feed: ")
    (source,) = run("sources", "list", "--format", "json", "--config", config).json
    assert (source["failures"], source["last_success_at"]) == (1, None)


def test_a_disabled_source_is_not_checked(run, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(
        "[[sources]]\nkey = 'a'\nkind = 'feed'\nevery = '1h'\nurl = 'http://127.0.0.1:9/feed'\n",
        encoding="utf-8",
    )
    run("sources", "disable", "a", "--config", config)
    ran = run("check", "--config", config)
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_private_address_is_not_fetched_unless_allowed(run, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(
        "[[sources]]\nkey = 'a'\nkind = 'feed'\nevery = '1h'\nurl = 'http://127.0.0.1:9/feed'\n",
        encoding="utf-8",
    )
    ran = run("check", "--config", config)
    assert ran.code == 1
    assert "127.0.0.1" in ran.err


@pytest.mark.parametrize(
    ("content", "code", "why"),
    [
        (b"", "empty_text", "the text is empty"),
        (bytes(range(256)) * 40, "not_text", "these are a file's bytes, no text"),
    ],
    ids=["empty", "binary"],
)
def test_extract_fails_on_what_is_no_text_and_says_why(
    run, tmp_path: Path, content: bytes, code: str, why: str
) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    ran = run("extract", path, "--format", "json")
    assert [issue["code"] for issue in ran.json["issues"]] == [code]
    assert (ran.code, ran.err) == (1, f"{path}: {why}: give a saved page or its text\n")
    assert why in " ".join(run("extract", path).out.split())


def test_extract_refuses_a_country_that_the_report_does_not_know(run, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(narrative("TIER 2", "convicted 17 traffickers"), encoding="utf-8")
    ran = run("extract", path, "--country", "foo")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "no country has the code 'foo'; `tip-monitor countries` lists them\n"


def test_a_folder_without_files_is_told_and_not_taken_for_nothing_new(run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = run("import", empty, "--edition", 2013)
    assert ran.code == 1
    assert ran.err == f"{empty}: no file is in this folder: check the path\n"


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (("extract", "--batch"), "a readable file of JSON Lines"),
        (("review", "import"), "a readable file of `review export`"),
    ],
    ids=["extract", "review"],
)
def test_a_file_that_cannot_be_read_is_named_once_with_the_reason(
    run, tmp_path: Path, command: tuple[str, str], wanted: str
) -> None:
    missing, binary = tmp_path / "missing", tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    assert run(*command, missing).err == f"{missing}: No such file or directory: give {wanted}\n"
    assert run(*command, binary).err == f"{binary}: is not UTF-8 text: give {wanted}\n"


def test_the_demo_names_the_edition_of_each_change(capsys) -> None:
    print_changes([replace(TIER_DOWN, edition=2013), replace(TIER_DOWN, edition=2009)])
    lines = [line for line in capsys.readouterr().out.splitlines() if TIER_DOWN.country in line]
    assert [line.split("│")[2].strip() for line in lines] == ["2013", "2009"]
