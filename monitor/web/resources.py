"""Decides the JSON that the API answers with: typed shapes of what ``monitor.jobs.interchange`` writes."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, Field

from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus, Direction
from monitor.domain.country import Country
from monitor.domain.document import Edition
from monitor.domain.figure import (
    Accused,
    Confidence,
    Form,
    Group,
    Measure,
    Qualifier,
    Relation,
    Reporter,
    Stage,
    Status,
    Unit,
)
from monitor.domain.tier import Movement, Tier, TierPlacement
from monitor.jobs.interchange import change_json, figure_json, instant_json
from monitor.storage.observations import ObservedFigure

Item = TypeVar("Item", bound=BaseModel)


class CountryResource(BaseModel):
    iso3: str = Field(description="ISO 3166-1 alpha-3; XKX for Kosovo")
    name: str
    region: str = Field(description="The region of the US Department of State")

    @classmethod
    def of(cls, country: Country) -> CountryResource:
        return cls(iso3=country.iso3, name=country.name, region=country.region)


class EditionResource(BaseModel):
    year: int = Field(description="The year on the cover; the figures mostly count the year before")
    url: str
    title: str

    @classmethod
    def of(cls, edition: Edition) -> EditionResource:
        return cls(year=edition.year, url=edition.url, title=edition.title)


class TierResource(BaseModel):
    country: str
    edition: int
    tier: Tier = Field(description="2WL: Tier 2 Watch List; SC: Special Case")
    movement: Movement | None = Field(description="What the text says; null where it says nothing")
    watch_list_years: int | None = Field(description="Consecutive years on the Watch List, where stated")
    secondary: bool = Field(description="From a secondary source, not read from the report itself")

    @classmethod
    def of(cls, placement: TierPlacement) -> TierResource:
        return cls(
            country=placement.country,
            edition=placement.edition,
            tier=placement.tier,
            movement=placement.movement,
            watch_list_years=placement.watch_list_years,
            secondary=placement.secondary,
        )


class EvidenceResource(BaseModel):
    text: str
    start: int = Field(description="In characters of the document's text")
    end: int


class FigureResource(BaseModel):
    """A figure of a narrative; ``maximum``, ``currency``, ``report_edition`` are left out where not meant."""

    country: str | None
    measure: Measure
    form: Form
    unit: Unit
    relation: Relation
    year: int | None = Field(description="The calendar year that the text itself names for the number")
    value: int | None = Field(description="Null exactly where the status is unreported; 0 means none")
    status: Status
    qualifier: Qualifier
    stage: Stage
    accused: Accused
    reporter: Reporter
    group: Group
    confidence: Confidence
    evidence: EvidenceResource
    maximum: int | None = Field(default=None, description="Only of penalty_years")
    currency: str | None = Field(default=None, description="Only of funding: ISO 4217")
    report_edition: int | None = Field(default=None, description="Only where a text names an edition")
    edition: int | None
    source_url: str
    seen_at: str = Field(description="RFC 3339, UTC")

    @classmethod
    def of(cls, observed: ObservedFigure) -> FigureResource:
        shape = figure_json(observed.figure) | {
            "edition": observed.edition,
            "source_url": observed.url,
            "seen_at": instant_json(observed.seen_at),
        }
        return cls.model_validate(shape)


class ChangeResource(BaseModel):
    """A change; fields that its kind has no use for are null."""

    id: str
    kind: ChangeKind
    cause: Cause | None
    country: str | None
    edition: int | None
    measure: Measure | None
    form: Form | None
    old: int | str | None = Field(description="“unreported” where the text says so, null where it is silent")
    new: int | str | None = Field(description="“unreported” where the text says so, null where it is silent")
    direction: Direction | None
    status: ChangeStatus
    created_at: str = Field(description="RFC 3339, UTC")
    source_url: str | None
    evidence_old: str | None
    evidence_new: str | None
    headline: str

    @classmethod
    def of(cls, change: Change) -> ChangeResource:
        return cls.model_validate(change_json(change))


class Listing(BaseModel, Generic[Item]):
    """One page of a listing."""

    items: list[Item]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


class Problem(BaseModel):
    """What went wrong, in words."""

    detail: str
