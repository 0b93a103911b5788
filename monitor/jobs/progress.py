"""How long work says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done, of how many."""


def quiet(label: str, done: int, total: int) -> None:
    """Show no progress."""
    del label, done, total
