"""Rounds over a real SQLite store, a Maildir and a web behind MockTransport."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.bootstrap import digest_renderer, retention
from monitor.bootstrap.mail import mailer
from monitor.jobs.outcome import Checker
from monitor.queueing.local import LocalQueue
from monitor.scheduler.rounds import Rounds
from monitor.settings.configuration import load_configuration
from tests.jobs.conftest import checker, clock, database, reader, web, words

__all__ = ["checker", "clock", "database", "reader", "web", "words"]


@pytest.fixture
def rounds(checker: Checker, tmp_path: Path) -> Rounds:
    settings = load_configuration(None, {"TIP_MONITOR_DATA_DIR": str(tmp_path)})
    return Rounds(checker, digest_renderer(settings), mailer(settings), LocalQueue(), retention(settings))
