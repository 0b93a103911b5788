"""Decides the JSON that the API answers with: typed shapes of what ``monitor.jobs.interchange`` writes."""

from __future__ import annotations

from collections.abc import Iterable
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
from monitor.jobs.interchange import change_json, figure_json, instant_json, public_address
from monitor.jobs.tables import ColumnKind, Table
from monitor.storage.observations import ObservedFigure
from monitor.storage.observed_pages import Passage

_SNAPSHOT = "SHA-256 of the bytes that were read: /api/v1/snapshots/{snapshot}"
_IMPORTED = "The page's address; null where it was imported from a file"
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
    url: str | None = Field(description=_IMPORTED)
    title: str

    @classmethod
    def of(cls, edition: Edition) -> EditionResource:
        return cls(year=edition.year, url=public_address(edition.url), title=edition.title)


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
    source_url: str | None = Field(description=_IMPORTED)
    snapshot: str = Field(description=_SNAPSHOT)
    seen_at: str = Field(description="RFC 3339, UTC")
    extractor_version: str

    @classmethod
    def of(cls, observed: ObservedFigure) -> FigureResource:
        return cls.model_validate(_figure_shape(observed) | {"edition": observed.edition})


class ClaimResource(FigureResource):
    """A figure of a news article: ``edition`` is null, ``report_edition`` what the article names."""

    article: str = Field(description="The article's title")
    published_at: str | None = Field(description="When the article was published, where it says so")

    @classmethod
    def of(cls, observed: ObservedFigure) -> ClaimResource:
        published = instant_json(observed.published_at) if observed.published_at else None
        shape = {"edition": None, "article": observed.title, "published_at": published}
        return cls.model_validate(_figure_shape(observed) | shape)


class PassageResource(BaseModel):
    """A passage of a narrative, and all that was read in it."""

    country: str
    edition: int
    text: str
    start: int = Field(description="In characters of the document's text")
    end: int
    document_id: int
    source_url: str | None = Field(description=_IMPORTED)
    snapshot: str = Field(description=_SNAPSHOT)
    figures: list[FigureResource]

    @classmethod
    def of(cls, passage: Passage) -> PassageResource:
        country, edition, document_id, start, end = passage.place
        document = passage.figures[0]
        return cls(
            country=country,
            edition=edition,
            text=passage.evidence.text,
            start=start,
            end=end,
            document_id=document_id,
            source_url=public_address(document.url),
            snapshot=document.snapshot_sha256,
            figures=[FigureResource.of(observed) for observed in passage.figures],
        )


class ColumnResource(BaseModel):
    name: str
    type: ColumnKind
    description: str


class TableResource(BaseModel):
    name: str
    description: str
    columns: list[ColumnResource]


class DictionaryResource(BaseModel):
    """The data dictionary of the tables, and their citation."""

    citation: str
    tables: list[TableResource]

    @classmethod
    def of(cls, tables: Iterable[Table], citation: str) -> DictionaryResource:
        return cls(
            citation=citation,
            tables=[
                TableResource(
                    name=table.name,
                    description=table.description,
                    columns=[
                        ColumnResource(name=each.name, type=each.kind, description=each.description)
                        for each in table.columns
                    ],
                )
                for table in tables
            ],
        )


def _figure_shape(observed: ObservedFigure) -> dict[str, object]:
    return figure_json(observed.figure) | {
        "source_url": public_address(observed.url),
        "snapshot": observed.snapshot_sha256,
        "seen_at": instant_json(observed.seen_at),
        "extractor_version": observed.extractor_version,
    }


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
    source_url: str | None = Field(description=_IMPORTED)
    evidence_old: str | None
    evidence_new: str | None
    headline: str

    @classmethod
    def of(cls, change: Change) -> ChangeResource:
        shape = {"source_url": public_address(change.source_url)}
        return cls.model_validate(change_json(change) | shape)


class Listing(BaseModel, Generic[Item]):
    """One page of a listing."""

    items: list[Item]
    next: str | None = Field(description="The cursor of the next page; null on the last one")


class Problem(BaseModel):
    """What went wrong, in words."""

    detail: str
