"""Loads what is known of countries over the years, once per run and country."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from monitor.comparison.derived import conviction_rate
from monitor.comparison.headline import headline_figure
from monitor.domain.change import UNREPORTED
from monitor.domain.figure import CORE_MEASURES, Figure, Form
from monitor.domain.history import CountryHistory
from monitor.storage.database import Database
from monitor.storage.observations import figures
from monitor.storage.placements import placements


class Histories:
    """The histories of countries, loaded when they are first asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, CountryHistory] = {}

    def of(self, countries: Iterable[str | None]) -> dict[str, CountryHistory]:
        """Return the histories of ``countries``."""
        wanted = {country for country in countries if country is not None}
        if missing := wanted - self._known.keys():
            with self._database.reading() as session:
                for country in sorted(missing):
                    self._known[country] = load_history(session, country)
        return {country: self._known[country] for country in wanted}


def load_history(session: Session, country: str) -> CountryHistory:
    """Return what the store knows of ``country``."""
    by_edition: dict[int, list[Figure]] = {}
    for observed in figures(session, country=country):
        if observed.edition is not None and observed.figure.measure in CORE_MEASURES:
            by_edition.setdefault(observed.edition, []).append(observed.figure)
    runs = {}
    for measure in CORE_MEASURES:
        for form in Form:
            found = {year: headline_figure(read, measure, form) for year, read in by_edition.items()}
            if any(found.values()):
                runs[measure, form] = tuple((year, _value(found[year])) for year in sorted(found))
    rates = {year: rate for year, read in by_edition.items() if (rate := conviction_rate(read)) is not None}
    return CountryHistory(
        placements=tuple(placements(session, country=country)), figures=runs, conviction_rates=rates
    )


def _value(figure: Figure | None) -> int | str | None:
    if figure is None:
        return None
    return UNREPORTED if figure.value is None else figure.value
