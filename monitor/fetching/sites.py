"""Addresses, selectors and phrases of the sites that carry the report, from ``config/sites.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sites:
    """What ``config/sites.toml`` says, validated."""


def read_sites(path: Path) -> Sites:
    """Read ``sites.toml``.

    Raises:
        ValueError: a key is missing or of the wrong type; the message names file and key.
        OSError: the file cannot be read.
    """
    raise NotImplementedError
