"""Answers with the pages that people read: home, country, edition and change."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from monitor.comparison.claim_answers import answers_to, is_answer
from monitor.domain.change import Change, ChangeKind, ChangeStatus
from monitor.domain.country import Countries
from monitor.storage.changes import change as change_by_id
from monitor.storage.changes import changes, changes_of, corrections_of
from monitor.storage.database import Database, Session
from monitor.storage.editions import edition_record
from monitor.storage.placements import placements
from monitor.web.change_page import change_page
from monitor.web.country_sections import CountrySections, known_years
from monitor.web.queries import CHANGE_ID, page_of_changes
from monitor.web.rendering import Pages
from monitor.web.search import find_countries
from monitor.web.tier_table import TierTable, newest_movement, tier_table

_CHANGES_PER_PAGE = 30
_CHANGES_AT_HOME = 12
_CLAIMS = 5
_NO_CHANGE = "No change has that address. It may have been mistyped or cut off."
_PUBLIC = (ChangeStatus.PUBLISHED, ChangeStatus.HISTORY, ChangeStatus.CORRECTED)

Before = Annotated[str | None, Query(max_length=64)]


def page_router(
    database: Database, countries: Countries, pages: Pages, sections: CountrySections
) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)

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
        if before is not None:
            return RedirectResponse(f"/changes?{urlencode({'before': before})}", 308)
        with database.reading() as session:
            listed, _ = page_of_changes(session, limit=_CHANGES_AT_HOME)
            years = known_years(session)
            table = _tier_table(session, years[0], countries) if years else None
        return pages.answer(
            request,
            "home.html",
            changes=listed,
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
            years = known_years(session)
            placed = placements(session, country=code)
            section = sections.section(session, country, placed, years)
            listed, following = page_of_changes(
                session, limit=_CHANGES_PER_PAGE, before=before, countries=[code]
            )
            claims = changes(session, kinds=[ChangeKind.CLAIM_MADE], countries=[code], limit=_CLAIMS)
        return pages.answer(
            request,
            "country.html",
            section=section,
            country=country,
            newest=placed[-1] if placed else None,
            movement=newest_movement(placed),
            claims=claims,
            changes=listed,
            older=_older(following),
        )

    @router.get("/editions/{year}")
    def edition_page(request: Request, year: str, before: Before = None) -> Response:
        number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0
        with database.reading() as session:
            years = known_years(session)
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
            is_corrected = found.status is ChangeStatus.CORRECTED
            correction = corrections_of(session, [found.id]).get(found.id) if is_corrected else None
            corrected = change_by_id(session, found.corrects) if found.corrects else None
            claims = _claims_about(session, found)
            given = [str(each["change"]) for each in answers_to(found)]
            answers = [each for each in changes_of(session, given) if each.status in _PUBLIC]
            answered = changes_of(session, [str(found.detail["answers"])]) if is_answer(found) else []
        return pages.answer(
            request,
            "change.html",
            change=found,
            page=change_page(found),
            correction=correction,
            corrected=corrected if corrected and corrected.status in _PUBLIC else None,
            claims=claims,
            answers=answers,
            answered=[each for each in answered if each.status in _PUBLIC],
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


def _tier_table(session: Session, year: int, countries: Countries) -> TierTable:
    return tier_table(
        year, placements(session, edition=year), placements(session, edition=year - 1), countries
    )


def _older(cursor: str | None) -> str | None:
    return f"?{urlencode({'before': cursor})}#changes" if cursor else None
