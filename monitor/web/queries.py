"""Checks the parameters of feeds, pages and the API; what is wrong is said in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import HTTPException
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from monitor.comparison.corrections import said_once
from monitor.comparison.wording import measure_words
from monitor.delivery.wording import kind_words, region_words
from monitor.domain.change import Change, ChangeKind
from monitor.domain.country import Countries
from monitor.domain.figure import Form, Measure
from monitor.storage.changes import change, changes
from monitor.storage.database import Session

UNPROCESSABLE = 422
NO_CURSOR = "cursor: it is none of ours; start again without one"
_NOWHERE = "-"
CHANGE_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
"""What an id of a change can look like; nothing else is asked of the database."""


def _at_commas(values: object) -> object:
    """Take ``a,b`` for ``a`` and ``b``; a parameter may be repeated as well."""
    if not isinstance(values, list):
        return values
    return [part for value in values for part in (value.split(",") if isinstance(value, str) else [value])]


def _given(values: object) -> object:
    return [value for value in values if value != ""] if isinstance(values, list) else values


_NUMBER = re.compile(r"\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*")


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("out_of_range", "lies outside the years 1 to 9999") from None


def _no_bare_number(value: object) -> object:
    # Pydantic takes one for the seconds since 1970, which the description does not allow.
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        raise PydanticCustomError(
            "no_instant", "is no date or time, such as 2024-06-30 or 2024-06-30T12:00:00Z"
        )
    return value


CountryCodes = Annotated[
    list[str],
    BeforeValidator(_at_commas),
    Field(description="ISO 3166-1 alpha-3 codes, repeated or with commas; XKX for Kosovo", max_length=300),
]
Regions = Annotated[
    list[Literal["AF", "EAP", "EUR", "NEA", "SCA", "WHA"]],
    BeforeValidator(_at_commas),
    Field(description="Regions of the US Department of State", max_length=100),
]
Kinds = Annotated[
    list[ChangeKind], BeforeValidator(_at_commas), Field(description="Kinds of change", max_length=100)
]
Measures = Annotated[
    list[Measure], BeforeValidator(_at_commas), Field(description="What was counted", max_length=100)
]
Year = Annotated[int, Field(ge=2001, le=2100)]
Editions = Annotated[
    list[Year], BeforeValidator(_at_commas), Field(description="Years of the report", max_length=100)
]
Since = Annotated[
    datetime | None,
    BeforeValidator(_no_bare_number),
    AfterValidator(lambda instant: _in_utc(instant) if instant else None),
    Field(description="Seen at or after this time; a date stands for its midnight in UTC"),
]
Limit = Annotated[int, Field(ge=1, le=500, description="At most so many items in one answer")]
Cursor = Annotated[
    str | None,
    Field(
        pattern="^[0-9A-Za-z_-]{1,100}$",
        description="`next` of the answer before: go on after its last item; 404 where it is none of ours",
    ),
]


class FeedQuery(BaseModel):
    """The filter of a feed. Other parameters are let pass: feed readers and mailers add their own."""

    country: CountryCodes = []
    region: Regions = []
    kind: Kinds = []
    measure: Measures = []
    before: Annotated[str | None, Field(max_length=64, pattern=CHANGE_ID.pattern)] = None


class ChangesPageQuery(BaseModel):
    """The filter of the page of changes; what its form leaves open arrives as an empty text."""

    country: Annotated[CountryCodes, BeforeValidator(_given)] = []
    region: Annotated[Regions, BeforeValidator(_given)] = []
    kind: Annotated[Kinds, BeforeValidator(_given)] = []
    measure: Annotated[Measures, BeforeValidator(_given)] = []
    before: Annotated[str | None, Field(max_length=64)] = None


class CompareQuery(BaseModel):
    """Which countries are compared, in this order."""

    country: Annotated[CountryCodes, BeforeValidator(_given)] = []


class PageQuery(BaseModel):
    """What every listing of the API takes; a parameter that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid")

    limit: Limit = 100
    cursor: Cursor = None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TierFilter(_Strict):
    """Which placements are wanted."""

    country: CountryCodes = []
    edition: Editions = []


class ClaimFilter(_Strict):
    """Which claims are wanted."""

    country: CountryCodes = []
    measure: Measures = []
    since: Since = None


class FigureFilter(_Strict):
    """Which figures are wanted."""

    country: CountryCodes = []
    edition: Editions = []
    measure: Measures = []
    since: Since = None


class ChangeFilter(_Strict):
    """Which changes are wanted."""

    country: CountryCodes = []
    edition: Editions = []
    measure: Measures = []
    kind: Kinds = []
    since: Since = None


class TierQuery(TierFilter, PageQuery):
    """A page of placements."""


class ClaimQuery(ClaimFilter, PageQuery):
    """A page of claims."""


class FigureQuery(FigureFilter, PageQuery):
    """A page of figures, or of the passages behind them."""


class ChangeQuery(ChangeFilter, PageQuery):
    """A page of changes."""


def known_countries(codes: Iterable[str], countries: Countries) -> list[str]:
    """Return ``codes`` in capitals, in alphabetical order, each once.

    Raises:
        HTTPException: one of them is no country of the report.
    """
    wanted = {code.strip().upper() for code in codes}
    for code in sorted(wanted):
        if code not in countries:
            raise HTTPException(
                UNPROCESSABLE,
                f"country: “{code[:20]}” is no ISO 3166-1 alpha-3 code of the report's countries",
            )
    return sorted(wanted)


def within(named: Sequence[str], regions: Sequence[str], countries: Countries) -> list[str]:
    """Return the countries that are named or lie in one of ``regions``."""
    found = {*named, *(code for code, country in countries.items() if country.region in regions)}
    # A region without a country is not the same as no region at all.
    return sorted(found) if found or not regions else [_NOWHERE]


def filter_words(query: FeedQuery | ChangesPageQuery, countries: Countries) -> str:
    """Return a filter in words, ``Bolivia, Africa; tier changed``; empty where it lets all through."""
    names = [countries.name_of(code) for code in known_countries(query.country, countries)]
    limits = [
        ", ".join([*names, *(region_words(region) for region in query.region)]),
        ", ".join(kind_words(kind).lower() for kind in query.kind),
        ", ".join(measure_words(measure, Form.ALL) for measure in query.measure),
    ]
    return "; ".join(limit for limit in limits if limit)


def foreign_cursor() -> HTTPException:
    """Return the answer to a cursor that no answer of ours gave."""
    return HTTPException(404, NO_CURSOR)


def page_of_changes(
    session: Session,
    *,
    limit: int,
    before: str | None = None,
    countries: Collection[str] = (),
    editions: Collection[int] = (),
    kinds: Collection[ChangeKind] = (),
    measures: Collection[Measure] = (),
    since: datetime | None = None,
) -> tuple[list[Change], str | None]:
    """Return published changes and history, newest first, and the cursor of what follows, if anything does.

    Raises:
        HTTPException: ``before`` is no id of a change.
    """
    if before is not None and not (CHANGE_ID.fullmatch(before) and change(session, before)):
        raise foreign_cursor()
    found = changes(
        session,
        since=since,
        kinds=kinds,
        countries=countries,
        measures=measures,
        editions=editions,
        limit=limit + 1,
        before=before,
    )
    return said_once(found[:limit]), found[limit - 1].id if len(found) > limit else None
