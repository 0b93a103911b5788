"""A served site over a filled store, and Debian's Chromium to look at it; skipped where there is none."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import uvicorn
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, sync_playwright

from monitor.bootstrap import tier_rules
from monitor.delivery.digest_mail import DigestRenderer
from monitor.delivery.mail_templates import load_mail_templates
from monitor.delivery.maildir import MaildirMailer
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Signer
from monitor.jobs.digests import compile_digests
from monitor.jobs.sending import send_deliveries
from monitor.settings.files import shipped
from monitor.storage.database import Database
from monitor.web.app import create_app
from tests.web.conftest import database, stores  # noqa: F401 - fixtures
from tests.web.samples import COUNTRIES, SECRET, TEMPLATES

PASSWORD = "correct horse battery staple"
SENDER = "TIP Monitor <alerts@example.org>"
CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs Chromium where there is none."""
    if CHROMIUM:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed: apt-get install chromium"))


@dataclass(frozen=True, slots=True)
class Site:
    """The running site; ``mail`` is the Maildir in which its messages end."""

    url: str
    database: Database
    mail: Path
    presentation: Presentation

    def deliver(self, *, days_on: int = 0) -> list[EmailMessage]:
        """Compile digests, send what is queued ``days_on`` from now; return all mail, the oldest first."""
        mailer = MaildirMailer(self.mail, sender=SENDER)
        now = datetime.now(UTC) + timedelta(days=days_on)
        compile_digests(self.database, DigestRenderer(self.presentation), now=now)

        def send() -> None:
            asyncio.run(send_deliveries(self.database, mailer, now=lambda: now))

        # In a thread of its own: Playwright's loop runs in this one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(send).result()
        files = sorted((self.mail / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """A new page of a reader with a phone's width to spare; a script that fails fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda said: (
            problems.append(said.text) if said.type == "error" and "status of" not in said.text else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            problems.append(f"asked {request.url}") if not request.url.startswith(site.url) else None
        ),
    )
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:  # noqa: F811 - the imported fixture
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    presentation = Presentation(
        templates=load_mail_templates(shipped("templates") / "email"),
        countries=COUNTRIES,
        public_url=url,
        sender=SENDER,
        signer=Signer(SECRET),
    )
    app = create_app(
        database=database,
        countries=COUNTRIES,
        public_url=url,
        templates=TEMPLATES,
        secret=SECRET,
        presentation=presentation,
        admin_password_hash=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD),
        rules=tier_rules(),
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    yield Site(url, database, tmp_path / "mail", presentation)
    server.should_exit = True
    thread.join(10)
