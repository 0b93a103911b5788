"""A person's last word on the command line: review, replay, explain, and what was known when."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FILLER = (
    "The government trained judges and prosecutors, maintained a telephone line, and funded shelters run "
    "by partners in the capital and two provinces throughout the reporting period. "
) * 3


def sentence(convictions: str) -> str:
    return f"The government convicted {convictions} traffickers under its trafficking law."


def narrative(convictions: str) -> str:
    return f"ARGENTINA: TIER 2\n\nPROSECUTION\n{sentence(convictions)}\n{FILLER}\n"


@pytest.fixture
def editions(run, tmp_path: Path):
    """Import Argentina's narratives: an edition, and the words of its number of convictions."""

    def imported(**numbers: str) -> None:
        for edition, convictions in numbers.items():
            file = tmp_path / edition / "ARG.txt"
            file.parent.mkdir(exist_ok=True)
            file.write_text(narrative(convictions), encoding="utf-8")
            assert run("import", file, "--edition", edition[1:]).code == 0

    return imported


@pytest.fixture
def held(run, editions) -> str:
    """The id of a change that waits for a person: a hundred times as many convictions."""
    editions(y2012="31", y2013="3,100")
    (row,) = run("review", "list", "--format", "json").json
    assert (row["held"], row["status"]) == ("implausible_jump", "held")
    return str(row["id"])


@pytest.fixture
def published(run, editions) -> str:
    editions(y2012="31", y2013="17")
    (row,) = run("changes", "--format", "json", "--kind", "figure_changed").json
    assert row["status"] == "published"
    return str(row["id"])


def status_of(run, change: str) -> str:
    return next(str(row["status"]) for row in run("changes", "--format", "json").json if row["id"] == change)


def test_an_empty_queue_says_so(run) -> None:
    assert run("review", "list").out == "Nothing waits for a person.\n"


def test_a_held_change_is_shown_in_full_and_approved(run, held) -> None:
    shown = run("review", "show", held)
    assert "held: it moves further than this country's number ever did" in shown.out
    assert sentence("31") in shown.out
    assert sentence("3,100") in shown.out
    approved = run("review", "approve", held, "--reviewer", "Ana", "--reason", "the page says so")
    assert (approved.code, approved.out) == (0, f"{held}: approved, published\n")
    assert status_of(run, held) == "published"
    assert "approved by Ana" in run("review", "show", held).out


def test_a_correction_replaces_what_was_told_and_says_so(run, published) -> None:
    corrected = run(
        "review", "correct", published, "--value", "19", "--reason", "misread", "--reviewer", "Ana"
    )
    assert corrected.code == 0
    assert (
        "correction, published: Argentina: 19 convictions in the 2013 report, down from 31" in corrected.out
    )
    figures = run("figures", "ARG", "--edition", "2013", "--format", "json").json
    (conviction,) = [each for each in figures if each["measure"] == "convictions"]
    assert (conviction["value"], conviction["evidence"]["text"]) == (19, sentence("17"))
    assert "+corrected." in conviction["extractor_version"]
    kinds = {row["kind"]: row for row in run("changes", "--format", "json", "--country", "ARG").json}
    assert (kinds["correction"]["old"], kinds["correction"]["new"]) == (17, 19)


def test_a_tier_is_corrected_by_its_own_name(run, tmp_path: Path, editions) -> None:
    editions(y2012="31")
    file = tmp_path / "ARG.txt"
    file.write_text(narrative("31").replace("TIER 2", "TIER 3"), encoding="utf-8")
    run("import", file, "--edition", "2013")
    (row,) = run("changes", "--format", "json", "--kind", "tier_changed", "--country", "ARG").json
    corrected = run("review", "correct", row["id"], "--value", "2wl", "--reason", "misread")
    assert corrected.code == 0, corrected.err
    tiers = run("tiers", "ARG", "--edition", "2013", "--format", "json").json
    assert [each["tier"] for each in tiers] == ["2WL"]


def test_rejecting_needs_a_reason(run, published) -> None:
    assert run("review", "reject", published).code == 2
    rejected = run("review", "reject", published, "--reason", "not the government's number")
    assert rejected.code == 0
    assert status_of(run, published) == "corrected"


@pytest.mark.parametrize(
    "command",
    [
        ("show", "nothing"),
        ("approve", "nothing"),
        ("reject", "nothing", "--reason", "x"),
        ("correct", "nothing", "--value", "3", "--reason", "x"),
    ],
)
def test_a_change_that_is_not_there_is_one_line(run, command) -> None:
    ran = run("review", *command)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert ran.err.startswith("nothing: no change has this id; `tip-monitor review list` names those held")


def test_corrections_are_written_to_a_file_and_read_from_one(run, published, tmp_path: Path) -> None:
    run("review", "correct", published, "--value", "19", "--reason", "misread", "--reviewer", "Ana")
    file = tmp_path / "corrections.jsonl"
    assert run("review", "export", file).out == f"{file}: 1 corrections\n"
    line = json.loads(file.read_text("utf-8"))
    assert (line["country"], line["edition"], line["value"], line["reviewer"]) == ("ARG", 2013, 19, "Ana")
    assert run("review", "export").out == file.read_text("utf-8")
    assert run("review", "import", file).out == f"{file}: 0 of 1 corrections are new\n"


@pytest.mark.parametrize(
    ("content", "line"),
    [("nonsense", "line 1: is no correction"), (None, "No such file or directory")],
    ids=["no correction", "no file"],
)
def test_a_file_that_holds_no_corrections_is_one_line(run, tmp_path: Path, content, line) -> None:
    file = tmp_path / "corrections.jsonl"
    if content is not None:
        file.write_text(content)
    ran = run("review", "import", file)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert line in ran.err


def test_replay_has_nothing_to_do_after_the_present_extractor(run, published) -> None:
    ran = run("replay", "--apply")
    assert ran.code == 0
    assert ran.out == (
        "No value differs.\n0 of 2 texts were read again, 0 of them cut otherwise out of their snapshots; "
        "0 values differ, 0 changes; applied\n"
    )
    assert run("replay", "--format", "json").json == []
    assert run("replay", "--alert").err == "--alert tells what --apply stores: give both\n"


def test_explain_answers_first(run, held) -> None:
    run("subscribers", "add", "ana@example.org", "--confirmed", "--cadence", "instant")
    assert run("explain", held, "ana@example.org").out.startswith(
        "ana@example.org did not get it: it is held for review: "
        "it moves further than this country's number ever did.\n"
    )
    assert run("explain", held, "bo@example.org").out.startswith(
        "bo@example.org did not get it: the address is not subscribed.\n"
    )
    missing = run("explain", "nothing", "ana@example.org")
    assert (missing.code, missing.err) == (
        1,
        "nothing: no change has this id; `tip-monitor changes` lists them\n",
    )


def test_a_threshold_is_kept_and_a_wrong_one_refused(run) -> None:
    run("subscribers", "add", "ana@example.org", "--confirmed", "--threshold", "percent:25")
    (row,) = run("subscribers", "list", "--format", "json").json
    assert row["threshold"] == "percent:25"
    wrong = run("subscribers", "add", "ana@example.org", "--threshold", "much")
    assert (wrong.code, wrong.err) == (
        2,
        "'much' is no threshold; write any, absolute:10, percent:25, crosses:50 or significance:40\n",
    )


def test_what_was_known_before_anything_was_is_nothing(run, published) -> None:
    assert run("figures", "ARG", "--as-of", "2001-01-01", "--format", "json").json == []
    now = run("figures", "ARG", "--format", "json").json
    assert run("figures", "ARG", "--as-of", "2099-12-31", "--format", "json").json == now
    assert run("figures", "ARG", "--as-of", "yesterday").code == 2


def test_tiers_tell_the_watch_list_s_clock_and_what_is_secondary(run) -> None:
    rows = {row["edition"]: row for row in run("tiers", "CUB", "--format", "json").json}
    assert rows[2017]["secondary"] is True
    assert rows[2017]["watch_list"] == (
        "third consecutive year on the Watch List: a downgrade to Tier 3 is due next year unless waived"
    )
    rows = {row["edition"]: row for row in run("tiers", "TTO", "--format", "json").json}
    assert rows[2023]["watch_list"] == (
        "third consecutive year on the Watch List: a downgrade to Tier 3 is due next year, "
        "and the law allows no further waiver"
    )
    assert rows[2024]["watch_list"] is None


def test_a_decision_without_a_reason_is_refused(run, published) -> None:
    for command in (["reject", published], ["correct", published, "--value", "19"]):
        ran = run("review", *command, "--reason", "  ")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == f"{published}: the reason is empty: say why, it is kept and told\n"
