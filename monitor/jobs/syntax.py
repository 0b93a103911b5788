"""How a table is written to a file; apart from what writes it, so that ``--help`` loads no database."""

from __future__ import annotations

from enum import StrEnum


class Syntax(StrEnum):
    """How a table is written; the name is the file's ending too."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
