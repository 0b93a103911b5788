"""Reads the shipped tables of ``config/``: vocabulary, countries, site addresses."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from monitor.settings.files import shipped


@cache
def load_tables() -> dict[str, dict[str, Any]]:
    """Return every table of ``config/`` by its file's stem; a folder's files merge under its name.

    Read once in a process: whoever gets them leaves them as they are.
    """
    root = shipped("config")
    tables: dict[str, dict[str, Any]] = {}
    for path in sorted(root.rglob("*.toml")):
        relative = path.relative_to(root)
        if relative.parts[0] in {"monitor.toml", "sample"}:
            continue
        name = relative.parts[0].removesuffix(".toml")
        tables.setdefault(name, {}).update(tomllib.loads(path.read_text("utf-8")))
    return tables
