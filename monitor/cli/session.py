"""Opens what a command works with, from the configuration in force."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.settings.configuration import Configuration, load_configuration

if TYPE_CHECKING:
    from fastapi import FastAPI

    from monitor.domain.country import Countries
    from monitor.queueing.task import TaskQueue
    from monitor.storage.database import Database


def configuration(context: typer.Context) -> Configuration:
    """Return the configuration in force for this call.

    Raises:
        ConfigurationError: it cannot be used.
    """
    path = context.find_root().params.get("config")
    return load_configuration(Path(path) if path else None, os.environ)


@contextmanager
def opened_database(settings: Configuration) -> Iterator[Database]:
    """Open the database for one command.

    Raises:
        StorageError: it cannot be used.
    """
    from monitor.bootstrap import open_database

    database = open_database(settings)
    try:
        yield database
    finally:
        database.dispose()


def web_app(
    settings: Configuration,
    database: Database,
    countries: Countries,
    *,
    queue: TaskQueue | None = None,
    sample: bool = False,
) -> FastAPI:
    """Wire the pages, feeds and API; ``sample`` marks every page as sample data.

    Through ``queue`` the mails that pages ask for are sent at once, else with the next round.
    """
    from monitor.bootstrap import presentation, tier_rules, utc_now
    from monitor.bootstrap.data_dir import signing_secret
    from monitor.queueing.waking import wait_for_round, waker
    from monitor.settings.files import shipped
    from monitor.web.app import create_app

    return create_app(
        database=database,
        countries=countries,
        public_url=settings.public_url,
        templates=shipped("templates") / "web",
        secret=signing_secret(settings),
        sample=sample,
        presentation=presentation(settings),
        wake=waker(queue, utc_now) if queue is not None else wait_for_round,
        admin_password_hash=settings.admin_password_hash,
        rules=tier_rules(),
        websub_hub=settings.websub_hub,
    )
