"""Sends the logs of commands that run jobs to stderr: for people on a terminal, else JSON lines."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any, Literal

import structlog

from monitor.domain.masking import masked

_SECRET = re.compile(r"(?i)(password|passwd|secret|token|authorization|api_?key)")
_QUIET = ("apscheduler", "procrastinate", "httpx", "httpcore", "alembic")


def log_to_stderr(form: Literal["auto", "people", "json"] = "auto", *, least: int = logging.INFO) -> None:
    """Configure the logs of this process, those of libraries too, from level ``least`` on."""
    people = form == "people" or (form == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_secrets,
    ]
    ending: list[structlog.typing.Processor] = (
        [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,  # the rich one shows values
            )
        ]
        if people
        else [
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    structlog.configure(
        processors=[*shared, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    logging.basicConfig(handlers=[handler], level=least, force=True)
    for name in _QUIET:
        # What they say of every job and request we say ourselves, in one line each.
        logging.getLogger(name).setLevel(max(least, logging.WARNING))
    logging.getLogger("psycopg.pool").setLevel(
        max(least, logging.ERROR)
    )  # it tells of every try, over three lines


def without_secrets(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Mask passwords in addresses, and whatever is called a secret."""
    for key, value in event.items():
        if _SECRET.search(key):
            event[key] = "***"
        elif isinstance(value, str):
            event[key] = masked(value)
    return event
