"""``check`` against a site that has every difficulty at once: one line each, nothing lost, and on it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.storage.database import Database
from tests.cli.conftest import Run
from tests.difficult_site import SWITCHES, DifficultSite

# How each difficulty is told, after the address; null for what costs patience only.
TOLD = {
    "well": None,
    "slow": None,
    "reset": r"the connection failed: it was cut while the answer came",
    "asked too often": r"answered 429 Too Many Requests; asked too often: a longer interval would help",
    "broken once": None,
    "broken": r"answered 500 Internal Server Error",
    "circle": r"redirects in a circle, over http://\S+",
    "other etag": None,
    "difficulties": r'answered a page that says "technical difficulties" instead of the one asked for; .+',
    "cut off": r"the compressed answer ends too early",
}
FAILING = [switch for switch, told in TOLD.items() if told]


def name_of(switch: str) -> str:
    return switch.replace(" ", "-")


@pytest.fixture
def site() -> Iterator[DifficultSite]:
    with DifficultSite().served() as site:
        yield site


def configured(directory: Path, addresses: dict[str, str]) -> Path:
    path = directory / "monitor.toml"
    path.write_text(
        '[fetch]\ncontact = "ops@example.org"\nhost_spacing_seconds = 0\nallow_addresses = ["127.0.0.0/8"]\n'
        + "".join(
            f'[[sources]]\nkey = "{key}"\nkind = "feed"\nevery = "1h"\nurl = "{url}"\n'
            for key, url in addresses.items()
        )
    )
    return path


def articles(data_dir: Path) -> dict[str, int]:
    """How many articles of each source are stored."""
    database = Database(f"sqlite:///{data_dir / 'monitor.db'}")
    with database.reading() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT source_key, count(*) FROM document GROUP BY source_key"
        )
        counts = {str(key): int(count) for key, count in rows}
    database.dispose()
    return counts


def test_every_difficulty_is_one_line_and_costs_no_article(
    run: Run, site: DifficultSite, data_dir: Path, tmp_path: Path
) -> None:
    keys = {switch: name_of(switch) for switch in SWITCHES}
    addresses = {key: site.address(key) for key in keys.values()}
    config = configured(tmp_path, addresses)

    def switched(on: bool) -> None:
        site.switches = {key: switch for switch, key in keys.items()} if on else {}

    switched(True)
    first = run("--config", config, "check")
    assert first.code == 1
    lines = first.err.splitlines()
    assert len(lines) == len(FAILING)
    for switch in FAILING:
        url = re.escape(addresses[keys[switch]])
        assert [line for line in lines if re.fullmatch(f"{url}: {TOLD[switch]}", line)], (switch, lines)
    assert articles(data_dir) == {keys[switch]: 1 for switch in SWITCHES if switch not in FAILING}

    switched(False)
    healed = run("--config", config, "check")
    assert (healed.code, healed.err) == (0, "")
    assert articles(data_dir) == dict.fromkeys(keys.values(), 1)

    site.published = 2
    switched(True)
    again = run("--config", config, "check")
    assert len(again.err.splitlines()) == len(FAILING)
    assert articles(data_dir) == {key: 1 if switch in FAILING else 2 for switch, key in keys.items()}

    switched(False)
    assert run("--config", config, "check").code == 0
    assert articles(data_dir) == dict.fromkeys(keys.values(), 2)


def test_another_etag_for_the_same_bytes_is_nothing_new(
    run: Run, site: DifficultSite, data_dir: Path, tmp_path: Path
) -> None:
    config = configured(tmp_path, {"desk": site.address("desk")})
    site.switches["desk"] = "other etag"
    assert "1 new articles" in run("--config", config, "check").out
    assert run("--config", config, "check").out == "desk: nothing new\n"
    assert articles(data_dir) == {"desk": 1}


def test_a_host_that_refuses_repeatedly_is_left_alone_by_its_other_sources(
    run: Run, site: DifficultSite, tmp_path: Path
) -> None:
    """A Retry-After holds the address, and when another of the host says so too, the host."""
    names = [f"desk-{number}" for number in range(6)]
    config = configured(tmp_path, {name: site.address(name, host="desks") for name in names})
    site.switches = dict.fromkeys(names, "asked too often")
    ran = run("--config", config, "check")
    lines = ran.err.splitlines()
    assert len(lines) == len(names)
    asked = sum(site.asked[name] for name in names)
    assert asked < len(names)
    assert sum("answered 429" in line for line in lines) == asked
    assert sum("asked to be left alone until" in line for line in lines) == len(names) - asked


def test_the_health_of_a_source_says_what_is_wrong_and_is_well_again_afterwards(
    run: Run, site: DifficultSite, tmp_path: Path
) -> None:
    config = configured(tmp_path, {"desk": site.address("desk")})

    def health() -> dict[str, object]:
        (row,) = run("--config", config, "sources", "list", "--format", "json").json
        return {name: row[name] for name in ("state", "failures", "last_error")}

    site.switches["desk"] = "cut off"
    run("--config", config, "check")
    error = f"{site.address('desk')}: the compressed answer ends too early"
    assert health() == {"state": "failing", "failures": 1, "last_error": error}
    site.switches["desk"] = "well"
    run("--config", config, "check")
    assert health() == {"state": "ok", "failures": 0, "last_error": None}
