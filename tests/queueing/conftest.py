"""An empty database of the session's PostgreSQL, with the queue's tables in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.queueing.schema import migrate_queue
from tests.storage.postgresql import created_database


@pytest.fixture
def empty_conninfo(postgresql: str) -> Iterator[str]:
    with created_database(postgresql) as url:
        yield url


@pytest.fixture
def conninfo(empty_conninfo: str) -> str:
    migrate_queue(empty_conninfo, where="test")
    return empty_conninfo
