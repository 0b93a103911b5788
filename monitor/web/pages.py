"""Answers with the pages that people read: home, country, edition and change."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from monitor.domain.change import Change, ChangeKind, ChangeStatus
from monitor.domain.country import Countries, Country
from monitor.domain.tier import TierPlacement
from monitor.storage.changes import change as change_by_id
from monitor.storage.changes import changes, corrections_of
from monitor.storage.database import Database, Session
from monitor.storage.editions import edition_record, editions
from monitor.storage.observations import figures, placed_editions, placements, readings_in_force
from monitor.web.change_page import change_page
from monitor.web.chart import Chart, figure_chart
from monitor.web.figure_table import MeasureTable, conviction_rates, measure_tables, other_sentences
from monitor.web.kept_sections import KeptSections
from monitor.web.queries import CHANGE_ID, page_of_changes
from monitor.web.rendering import Pages
from monitor.web.search import find_countries
from monitor.web.tier_table import TierTable, newest_movement, tier_strip, tier_table

_CHANGES_PER_PAGE = 30
_CLAIMS = 5
_NO_CHANGE = "No change has that address. It may have been mistyped or cut off."
_PUBLIC = (ChangeStatus.PUBLISHED, ChangeStatus.HISTORY, ChangeStatus.CORRECTED)

Before = Annotated[str | None, Query(max_length=64)]


def page_router(database: Database, countries: Countries, pages: Pages) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    sections = KeptSections()

    @router.get("/")
    def home(
        request: Request, q: Annotated[str, Query(max_length=100)] = "", before: Before = None
    ) -> Response:
        searched = q.strip()
        if searched:
            found = find_countries(searched, countries)
            if len(found) == 1:
                return RedirectResponse(f"/countries/{found[0].iso3}", 303)
            return pages.answer(request, "search.html", searched=searched, found=found)
        with database.reading() as session:
            listed, following = page_of_changes(session, limit=_CHANGES_PER_PAGE, before=before)
            years = _known_years(session)
            table = _tier_table(session, years[0], countries) if years else None
        return pages.answer(
            request,
            "home.html",
            changes=listed,
            older=_older(following),
            is_later_page=before is not None,
            years=years,
            table=table,
        )

    @router.get("/countries/{code}")
    def country_page(request: Request, code: str, before: Before = None) -> Response:
        if code not in countries:
            if code.upper() in countries:
                return RedirectResponse(f"/countries/{code.upper()}", 308)
            raise HTTPException(404, "No country of the report has that code. Try the search above.")
        country = countries[code]
        with database.reading() as session:
            years = _known_years(session)
            placed = placements(session, country=code)
            read = readings_in_force(session, code)
            key = (code, read, max(years, default=0))
            if (shown := sections.get(key)) is None:
                shown = sections.keep(key, _figures_section(session, pages, country, placed, years))
            listed, following = page_of_changes(
                session, limit=_CHANGES_PER_PAGE, before=before, countries=[code]
            )
            claims = changes(session, kinds=[ChangeKind.CLAIM_MADE], countries=[code], limit=_CLAIMS)
        return pages.answer(
            request,
            "country.html",
            country=country,
            newest=placed[-1] if placed else None,
            movement=newest_movement(placed),
            strip=tier_strip(placed, max(years, default=0)),
            figures=shown,
            claims=claims,
            changes=listed,
            older=_older(following),
        )

    @router.get("/editions/{year}")
    def edition_page(request: Request, year: str, before: Before = None) -> Response:
        number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0
        with database.reading() as session:
            years = _known_years(session)
            if number not in years:
                raise HTTPException(404, f"No edition {year[:20]} of the report is known here.")
            record = edition_record(session, number)
            listed, following = page_of_changes(
                session, limit=_CHANGES_PER_PAGE, before=before, editions=[number]
            )
            table = _tier_table(session, number, countries)
        return pages.answer(
            request,
            "edition.html",
            year=number,
            record=record,
            earlier=max((each for each in years if each < number), default=None),
            later=min((each for each in years if each > number), default=None),
            table=table if table.groups else None,
            changes=listed,
            older=_older(following),
        )

    @router.get("/changes/{change_id}")
    def one_change(request: Request, change_id: str) -> Response:
        if not CHANGE_ID.fullmatch(change_id):
            raise HTTPException(404, _NO_CHANGE)
        with database.reading() as session:
            found = change_by_id(session, change_id)
            if found is None or found.status not in _PUBLIC:
                raise HTTPException(404, _NO_CHANGE)
            correction = corrections_of(session, [found.id]).get(found.id)
            corrected = change_by_id(session, found.corrects) if found.corrects else None
            claims = _claims_about(session, found)
        return pages.answer(
            request,
            "change.html",
            change=found,
            page=change_page(found),
            correction=correction,
            corrected=corrected if corrected and corrected.status in _PUBLIC else None,
            claims=claims,
        )

    return router


def _claims_about(session: Session, change: Change) -> list[Change]:
    """Return the newest claims about what ``change`` counts, itself left out."""
    if change.country is None or change.measure is None:
        return []
    found = changes(
        session,
        kinds=[ChangeKind.CLAIM_MADE],
        countries=[change.country],
        measures=[change.measure],
        limit=_CLAIMS + 1,
    )
    return [claim for claim in found if claim.id != change.id][:_CLAIMS]


def _figures_section(
    session: Session, pages: Pages, country: Country, placed: list[TierPlacement], years: list[int]
) -> Markup:
    """Return the section of a country's page that holds its figures, which is most of the page."""
    observed = figures(session, country=country.iso3)
    tables = measure_tables(observed, [each.edition for each in placed if not each.secondary])
    return Markup(  # noqa: S704 - made by a template, which escapes what it prints
        pages.text(
            "country_figures.html",
            country=country,
            tables=[(table, _chart(table, years)) for table in tables],
            rates=conviction_rates(observed),
            other=other_sentences(observed),
        )
    )


def _chart(table: MeasureTable, years: list[int]) -> Chart | None:
    """Return the chart from the oldest edition read to the newest known; None where there is none to draw."""
    if not table.rows:
        return None
    return figure_chart(table, first=table.rows[-1].edition, last=max(years[0], table.rows[0].edition))


def _known_years(session: Session) -> list[int]:
    """Return the editions that are listed or have placements, the newest first."""
    years = {edition.year for edition in editions(session)}
    return sorted(years.union(placed_editions(session)), reverse=True)


def _tier_table(session: Session, year: int, countries: Countries) -> TierTable:
    return tier_table(
        year, placements(session, edition=year), placements(session, edition=year - 1), countries
    )


def _older(cursor: str | None) -> str | None:
    return f"?{urlencode({'before': cursor})}#changes" if cursor else None
