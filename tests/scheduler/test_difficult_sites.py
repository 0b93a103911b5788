"""A daemon over a site that has every difficulty: it says so, goes on, and has all when the site is well."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.difficult_site import SWITCHES, DifficultSite
from tests.scheduler.installation import until

FAILING = ("reset", "asked too often", "broken", "circle", "difficulties", "cut off")


class Daemon:
    """``run`` in a process of its own, its log in a file."""

    def __init__(self, directory: Path, addresses: dict[str, str]) -> None:
        config = directory / "monitor.toml"
        config.write_text(
            'log_format = "json"\n[fetch]\ncontact = "ops@example.org"\nhost_spacing_seconds = 0\n'
            'allow_addresses = ["127.0.0.0/8"]\n'
            + "".join(
                f'[[sources]]\nkey = "{key}"\nkind = "feed"\nevery = "1s"\nurl = "{url}"\n'
                for key, url in addresses.items()
            )
        )
        self._data = directory / "data"
        self._log = directory / "log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "monitor", "--config", str(config), "run", "--port", "0"],
                env={**os.environ, "TIP_MONITOR_DATA_DIR": str(self._data)},
                stdout=log,
                stderr=log,
            )

    def said(self, event: str) -> Counter[str]:
        """How often ``event`` was logged of each source."""
        lines = [json.loads(line) for line in self._log.read_text("utf-8").splitlines() if line[:1] == "{"]
        return Counter(str(line.get("source")) for line in lines if line["event"] == event)

    def articles(self) -> dict[str, int]:
        path = f"file:{self._data / 'monitor.db'}?mode=ro"
        try:
            with closing(sqlite3.connect(path, uri=True)) as connection:
                query = "SELECT source_key, count(*) FROM document GROUP BY source_key"
                return dict(connection.execute(query).fetchall())
        except sqlite3.OperationalError:
            return {}  # not there yet


def test_a_daemon_tells_each_difficulty_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    keys = {switch: switch.replace(" ", "-") for switch in SWITCHES}
    failing = {keys[switch] for switch in FAILING}
    with DifficultSite().served() as site:
        site.retry_after = 1
        site.switches = {key: switch for switch, key in keys.items()}
        daemon = Daemon(tmp_path, {key: site.address(key) for key in keys.values()})
        try:
            until(lambda: set(daemon.said("failure")) >= failing, 60, "every failure")
            until(
                lambda: daemon.articles().keys() == set(keys.values()) - failing, 60, "the others' articles"
            )
            site.published = 2
            site.switches = {}
            until(lambda: daemon.articles() == dict.fromkeys(keys.values(), 2), 60, "all articles")
        finally:
            daemon.process.terminate()
        assert daemon.process.wait(20) == 0
    assert set(daemon.said("failure")) == failing
    assert not daemon.said("check_crashed")
    # A failure is one line of a check, and checks of what fails come later and later.
    checked = daemon.said("checked")
    assert all(daemon.said("failure")[key] <= checked[key] for key in failing)
