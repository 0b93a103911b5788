"""Logs are JSON in a pipe, and hold no secret, whoever writes them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from monitor.cli.logs import log_to_stderr


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_lines_and_those_of_libraries_are_json_objects(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("json")
    structlog.get_logger().info("checked", source="tip", changes=2)
    logging.getLogger("some.library").warning("it said %s", "so")
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["level"], ours["source"], ours["changes"]) == ("checked", "info", "tip", 2)
    assert (theirs["event"], theirs["level"]) == ("it said so", "warning")
    assert ours["timestamp"].endswith("Z")


def test_passwords_and_secrets_are_masked_in_tracebacks_too(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("json")
    log = structlog.get_logger()
    log.info(
        "asked", url="https://news.example/feed?id=4&api_key=hush: it failed", reason="ftp://a:hu@sh@host/x"
    )
    log.info("connecting", url="postgresql://monitor:hush@db/monitor", api_key="hush", smtp_password="hush")
    try:
        raise ValueError("smtps://user:hush@mail.example refused")
    except ValueError:
        log.exception("failed")
    text = capsys.readouterr().err
    assert "hush" not in text
    assert "sh@host" not in text
    assert "https://news.example/feed?id=4&api_key=***: it failed" in text
    assert "postgresql://monitor:***@db/monitor" in text
    assert "smtps://user:***@mail.example refused" in text


def test_people_read_lines_of_words(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("people")
    structlog.get_logger().info("checked", source="tip")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.split()[1:] == ["[info", "]", "checked", "source=tip"]
