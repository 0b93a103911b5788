"""A backfill that was killed goes on where it was: a real process, SIGKILL, a site on loopback."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.fakes import ReportWeb
from tests.jobs.test_check_source import told

SLUGS = ("argentina", "bolivia", "brazil", "chile", "ghana", "haiti", "peru", "qatar")
ASKED_BEFORE_THE_KILL = 9
PATIENCE_SECONDS = 60.0


class Site:
    """Serves a report of two editions; after some answers it holds every request until let go."""

    def __init__(self) -> None:
        self.answered: Counter[str] = Counter()
        self.held = threading.Event()
        self.go_on = threading.Event()
        self.most = ASKED_BEFORE_THE_KILL
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that was killed is no error here."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        web = ReportWeb()
        for edition, count in ((2012, 31), (2013, 17)):
            pages = {slug: told("remained on Tier 2", f"convicted {count} traffickers") for slug in SLUGS}
            web.publish(edition, **pages)
        self.pages = {
            url.removeprefix(web.base): body.replace(web.base.encode(), self.address.encode())
            for url, (_, _, body) in web.pages.items()
        }

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = self.pages.get(handler.path)
        if body is not None and not self.go_on.is_set():
            with self._lock:
                is_held = sum(self.answered.values()) >= self.most
                if not is_held:
                    self.answered[handler.path] += 1
            if is_held:
                self.held.set()
                self.go_on.wait(PATIENCE_SECONDS)
                return
        elif body is not None:
            self.answered[handler.path] += 1
        handler.send_response(200 if body is not None else 404)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(body or b"")))
        handler.end_headers()
        handler.wfile.write(body or b"")


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, daemon=True)
    thread.start()
    yield site
    site.go_on.set()
    site.server.shutdown()
    site.server.server_close()
    thread.join()


def fetched(database: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM fetched_page").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_a_killed_backfill_asks_for_no_page_twice(site: Site, tmp_path: Path):
    config = tmp_path / "monitor.toml"
    config.write_text(
        f"""
        [fetch]
        contact = "tests@example.org"
        allow_addresses = ["127.0.0.1/32"]
        host_spacing_seconds = 0
        [[sources]]
        key = "tip"
        kind = "tip-report"
        url = "{site.address}/trafficking-in-persons-report/"
        every = "6h"
        """
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TIP_MONITOR_")}
    environment["TIP_MONITOR_DATA_DIR"] = str(tmp_path / "data")
    command = [sys.executable, "-m", "monitor", "--config", str(config), "backfill", "--format", "json"]
    first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert site.held.wait(PATIENCE_SECONDS)
        until = time.monotonic() + PATIENCE_SECONDS
        while fetched(tmp_path / "data" / "monitor.db") < ASKED_BEFORE_THE_KILL:
            assert time.monotonic() < until
            time.sleep(0.02)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    site.go_on.set()
    second = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (second.returncode, second.stderr) == (0, "")
    assert json.loads(second.stdout) == [
        {"edition": year, "found": 8, "read": 8, "failed": 0, "why": ""} for year in (2012, 2013)
    ]
    assert site.answered == Counter(dict.fromkeys(site.pages, 1))
    assert len(site.pages) == 1 + 2 + 2 * len(SLUGS)
    changes = subprocess.run(
        [*command[:5], "changes", "--format", "json"], env=environment, capture_output=True, check=True
    )
    # The pages remain on Tier 2 where the real report had some of these countries elsewhere in 2011.
    held = [change for change in json.loads(changes.stdout) if change["status"] == "held"]
    assert all("a secondary source, has" in change["headline"] for change in held)
    assert {change["status"] for change in json.loads(changes.stdout)} == {"history", "held"}
