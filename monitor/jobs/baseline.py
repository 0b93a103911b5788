"""Loads the shipped baseline of placements, so that the first run already knows history."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from monitor.domain.tier import Tier, TierPlacement
from monitor.storage.database import Database
from monitor.storage.placements import add_baseline
from monitor.storage.shipped import remember_version, shipped_version

_NAME = "baseline/tiers.csv"


def load_baseline(database: Database, path: Path, *, now: datetime) -> int:
    """Make the placements of the file at ``path`` the baseline; return how many are new or changed.

    A file that the database holds already costs its hash and one query. A placement that a newer file
    lacks stays.

    Raises:
        ValueError: the file is not a table of edition, iso3 and tier.
    """
    content = path.read_bytes()
    version = hashlib.sha256(content).hexdigest()
    with database.reading() as session:
        if shipped_version(session, _NAME) == version:
            return 0
    placements = list(read_baseline(content.decode("utf-8")))
    with database.transaction() as session:
        changed = add_baseline(session, placements)
        remember_version(session, _NAME, version, now)
    return changed


def read_baseline(text: str) -> Iterator[TierPlacement]:
    """Read the placements of a CSV file with the columns edition, iso3 and tier.

    Raises:
        ValueError: a line of it is none; the message names the line.
    """
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        try:
            yield TierPlacement(row["iso3"], int(row["edition"]), Tier(row["tier"]), secondary=True)
        except (KeyError, ValueError) as error:
            raise ValueError(f"baseline, line {number}: {error} is no edition, iso3, tier") from None
