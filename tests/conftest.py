"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.postgresql import running_postgresql

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the shared texts in a checkout that stands alone."""
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason="the shared reference texts are not beside this checkout")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of reference texts beside the checkout."""
    return SHARED


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The socket of a PostgreSQL that lives as long as the test session."""
    with running_postgresql() as socket:
        yield socket
