"""The shipped vocabulary, compiled once."""

from __future__ import annotations

import pytest

from monitor.extraction import Language
from monitor.settings.tables import load_tables


@pytest.fixture(scope="session")
def language() -> Language:
    return Language.from_tables(load_tables())
