"""Makes the part of a country's page that takes long: its tiers and figures over all editions.

It changes only when a narrative of the country is read anew, so it is kept; what is not kept yet can
be made before anybody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

import structlog

from monitor.domain.country import Countries, Country
from monitor.domain.tier import TierPlacement
from monitor.storage.database import Database, Session, StorageError
from monitor.storage.editions import editions
from monitor.storage.observations import figures, readings_in_force
from monitor.storage.placements import placed_editions, placements
from monitor.web.chart import Chart, figure_chart
from monitor.web.figure_table import (
    MeasureTable,
    conviction_rates,
    measure_tables,
    newest_numbers,
    other_sentences,
)
from monitor.web.kept_sections import KeptSections
from monitor.web.rendering import Pages
from monitor.web.tier_table import tier_strip

_log = structlog.get_logger(__name__)


class CountrySections:
    """The sections of all countries."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._kept = KeptSections()

    def section(
        self, session: Session, country: Country, placed: Sequence[TierPlacement], years: Sequence[int]
    ) -> bytes:
        """Return the section of ``country``, as UTF-8.

        ``placed`` are its placements, ``years`` the known editions, the newest first.
        """
        newest = max(years, default=0)
        key = (country.iso3, readings_in_force(session, country.iso3), tuple(placed), newest)
        return self._kept.get(key, lambda: self._text(session, country, placed, newest))

    def prepare(self, database: Database, countries: Countries, stop: Event) -> None:
        """Make the sections of all ``countries`` before anybody asks, until ``stop`` is set."""
        try:
            for code, country in countries.items():
                if stop.is_set():
                    return
                with database.reading() as session:
                    self.section(session, country, placements(session, country=code), known_years(session))
        except StorageError as error:
            # Each page says so itself when it is asked for.
            _log.warning("pages not prepared", error=str(error))

    def _text(self, session: Session, country: Country, placed: Sequence[TierPlacement], newest: int) -> str:
        observed = figures(session, country=country.iso3)
        tables = measure_tables(observed, [each.edition for each in placed if not each.secondary])
        return self._pages.text(
            "country_figures.html",
            country=country,
            strip=tier_strip(placed, newest),
            newest=newest_numbers(tables),
            tables=[(table, _chart(table, newest)) for table in tables],
            rates=conviction_rates(observed),
            other=other_sentences(observed),
        )


def known_years(session: Session) -> list[int]:
    """Return the editions that are listed or have placements, the newest first."""
    years = {edition.year for edition in editions(session)}
    return sorted(years.union(placed_editions(session)), reverse=True)


def _chart(table: MeasureTable, newest: int) -> Chart | None:
    """Return the chart from the oldest edition read to the newest known; None where there is none to draw."""
    if not table.rows:
        return None
    return figure_chart(table, first=table.rows[-1].edition, last=max(newest, table.rows[0].edition))
