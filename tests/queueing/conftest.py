"""An empty database of the session's PostgreSQL, with the queue's tables in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from monitor.queueing.schema import migrate_queue
from tests.storage.postgresql import administer, database_url

_numbers = count(1)


@pytest.fixture
def empty_conninfo(postgresql: str) -> Iterator[str]:
    name = f"queue_{next(_numbers)}"
    administer(postgresql, f"CREATE DATABASE {name}")
    yield database_url(postgresql, name)
    administer(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def conninfo(empty_conninfo: str) -> str:
    migrate_queue(empty_conninfo, where="test")
    return empty_conninfo
