"""The shipped placements, loaded once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.tier import Tier
from monitor.jobs.baseline import load_baseline, read_baseline
from monitor.settings.files import shipped
from monitor.storage.placements import placements
from tests.builders import NOW

SHIPPED = shipped("config") / "baseline" / "tiers.csv"


def test_the_first_start_knows_the_placements_of_25_editions(database) -> None:
    assert load_baseline(database, SHIPPED, now=NOW) == 4073
    with database.reading() as session:
        found = placements(session, country="ARG")
    assert {each.secondary for each in found} == {True}
    assert {each.edition for each in found} >= set(range(2004, 2026)) - {2019}
    assert {each.edition: each.tier for each in found}[2013] is Tier.TWO


def test_a_second_start_reads_nothing_again(database) -> None:
    load_baseline(database, SHIPPED, now=NOW)
    assert load_baseline(database, SHIPPED, now=NOW + timedelta(days=1)) == 0


def test_a_newer_file_changes_what_differs(database, tmp_path: Path) -> None:
    file = tmp_path / "tiers.csv"
    file.write_text("edition,iso3,tier\n2013,ARG,2\n2013,BOL,2WL\n")
    assert load_baseline(database, file, now=NOW) == 2
    file.write_text("edition,iso3,tier\n2013,ARG,2\n2013,BOL,3\n")
    assert load_baseline(database, file, now=NOW) == 1


@pytest.mark.parametrize("line", ["2013,ARG,4", "year,ARG,2", "2013"])
def test_a_line_that_is_no_placement_is_named(line) -> None:
    with pytest.raises(ValueError, match="baseline, line 3"):
        list(read_baseline(f"edition,iso3,tier\n2012,ARG,2\n{line}\n"))
