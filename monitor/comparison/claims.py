"""Sets the figures of a news article against the official ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.comparison.bounds import may_be_equal, sure_direction
from monitor.comparison.doubt import held
from monitor.comparison.headline import candidates
from monitor.comparison.significance import weighed
from monitor.comparison.state import ReadDocument
from monitor.comparison.wording import counted, measure_words, quantity
from monitor.domain.change import Change, ChangeKind, ChangeStatus, change_id
from monitor.domain.country import Countries
from monitor.domain.figure import (
    CORE_MEASURES,
    Accused,
    Confidence,
    Figure,
    Group,
    Measure,
    Relation,
    Status,
)
from monitor.domain.review import Doubt


class ClaimRelation(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NEWER = "newer_than_official"
    NO_OFFICIAL = "no_official_figure"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands to the official figures: to which one, in which narrative.

    ``newest`` is the newest official figure beside a claim that names no period.
    """

    relation: ClaimRelation
    official: Figure | None = None
    narrative: ReadDocument | None = None
    newest: Figure | None = None


def compare_claims(
    article: ReadDocument,
    official: Mapping[str, Sequence[ReadDocument]],
    *,
    countries: Countries,
    now: datetime,
    status: ChangeStatus,
) -> tuple[Change, ...]:
    """Return one change per country figure that the article states.

    A change is about the fact, not the article: what another article says of the same country,
    measure, form, unit, period and value has the same id, and ``detail["sources"]`` of each names its
    article, for the store to bring them together. Figures read without certainty come back held.

    ``official`` holds the narratives of every country the article names. A claim is set against
    the official figures of its own year only: the year the article names for the number, or the
    edition it attributes it to; a claim with neither agrees with the newest edition or is newer
    than it, and never contradicts it.
    """
    changes: dict[str, Change] = {}
    for claim in article.reading.figures:
        if claim.country is None or not _is_comparable(claim):
            continue
        standing = standing_of(claim, sorted(official.get(claim.country, ()), key=_edition))
        change = _change(
            article, claim, standing, name=countries.name_of(claim.country), now=now, status=status
        )
        changes.setdefault(change.id, change)
    return tuple(changes.values())


def _is_comparable(claim: Figure) -> bool:
    return (
        claim.measure in CORE_MEASURES
        and claim.accused is Accused.ANY
        and claim.group is Group.ALL
        and claim.status is Status.REPORTED
        and (claim.relation is Relation.CURRENT or claim.year is not None)
    )


def standing_of(claim: Figure, narratives: Sequence[ReadDocument]) -> Standing:
    """Return how ``claim`` stands to the narratives of its country, the oldest edition first."""
    if not narratives:
        return Standing(ClaimRelation.NO_OFFICIAL)
    newest = narratives[-1]
    dated = claim.year is not None or claim.report_edition is not None
    of_period = list(_of_period(narratives, claim) if dated else _of_edition(newest, claim))
    # Persons with persons and cases with cases, where the report has both.
    of_period.sort(key=lambda pair: pair[1].unit is not claim.unit)
    agreeing = next((pair for pair in of_period if may_be_equal(claim, pair[1])), None)
    if agreeing:
        return Standing(ClaimRelation.AGREES, agreeing[1], agreeing[0])
    if of_period and dated:
        return Standing(ClaimRelation.DIFFERS, of_period[0][1], of_period[0][0])
    if not dated:
        return Standing(ClaimRelation.NEWER, narrative=newest, newest=of_period[0][1] if of_period else None)
    if claim.year is not None and claim.year >= _edition(newest):
        return Standing(ClaimRelation.NEWER, narrative=newest)
    return Standing(ClaimRelation.NO_OFFICIAL, narrative=newest)


def _of_period(narratives: Sequence[ReadDocument], claim: Figure) -> Iterable[tuple[ReadDocument, Figure]]:
    if claim.report_edition is not None and claim.relation is Relation.CURRENT:
        for narrative in narratives:
            if _edition(narrative) == claim.report_edition:
                yield from _of_edition(narrative, claim)
    elif claim.year is not None:
        yield from _of_year(narratives, claim, claim.year)


def _of_edition(narrative: ReadDocument, claim: Figure) -> Iterable[tuple[ReadDocument, Figure]]:
    return ((narrative, figure) for figure in _current(narrative, claim))


def _of_year(
    narratives: Sequence[ReadDocument], claim: Figure, year: int
) -> Iterable[tuple[ReadDocument, Figure]]:
    """Official figures of a calendar year: named by their text, or implied by the edition after it."""
    for narrative in reversed(narratives):
        for figure in _current(narrative, claim):
            if figure.year == year or (figure.year is None and _edition(narrative) - 1 == year):
                yield narrative, figure
        for figure in candidates(narrative.reading.figures, claim.measure, claim.form, Relation.PREVIOUS):
            if figure.year == year and figure.status is Status.REPORTED:
                yield narrative, figure


def _current(narrative: ReadDocument, claim: Figure) -> list[Figure]:
    found = candidates(narrative.reading.figures, claim.measure, claim.form, Relation.CURRENT)
    return [figure for figure in found if figure.status is Status.REPORTED]


def _edition(narrative: ReadDocument) -> int:
    return narrative.document.edition or 0


def _change(
    article: ReadDocument,
    claim: Figure,
    standing: Standing,
    *,
    name: str,
    now: datetime,
    status: ChangeStatus,
) -> Change:
    value = claim.value or 0
    said = counted(claim.measure, claim.form, value, claim.qualifier)
    if claim.year:
        said += f" in {claim.year}"
    official, source = standing.official, standing.narrative
    change = Change(
        id=change_id(
            ChangeKind.CLAIM_MADE,
            claim.country,
            claim.measure,
            claim.form,
            _unit_of_fact(claim),
            claim.qualifier,
            value,
            claim.year,
            claim.report_edition,
            _undated_period(claim, standing),
        ),
        kind=ChangeKind.CLAIM_MADE,
        cause=None,
        country=claim.country,
        edition=source.document.edition if source else None,
        headline=f"{name}: a news article states {said}, {_against(claim, standing)}",
        created_at=now,
        measure=claim.measure,
        form=claim.form,
        old=official.value if official else None,
        new=value,
        direction=sure_direction(official, claim) if official else None,
        status=status,
        source_url=article.document.url,
        source_url_old=source.document.url if source else None,
        evidence_old=official.evidence.text if official else None,
        evidence_new=claim.evidence.text,
        snapshot_old=source.document.snapshot_sha256 if source else None,
        snapshot_new=article.document.snapshot_sha256,
        detail={
            "relation": standing.relation.value,
            "article": article.document.title,
            "year": claim.year,
            "qualifier_new": claim.qualifier.value,
            "unit": claim.unit.value,
            "period": claim.relation.value,
            "report_edition": claim.report_edition,
            "sources": [_source(article, claim)],
        },
    )
    doubts = (Doubt.LOW_CONFIDENCE,) if claim.confidence is Confidence.LOW else ()
    return weighed(held(change, doubts))


def _unit_of_fact(claim: Figure) -> str:
    """The unit as far as it tells facts apart: "17 convictions" and "convicted 17 people" are one."""
    return "" if claim.measure is Measure.CONVICTIONS else claim.unit.value


def _undated_period(claim: Figure, standing: Standing) -> int | None:
    """What stands for the time of a claim that names none: the newest edition when it was made."""
    if claim.year is not None or claim.report_edition is not None or standing.narrative is None:
        return None
    return standing.narrative.document.edition


def _source(article: ReadDocument, claim: Figure) -> dict[str, object]:
    document = article.document
    return {
        "article": document.identity or document.url,
        "url": document.url,
        "title": document.title,
        "published_at": document.published_at.isoformat() if document.published_at else None,
        "sentence": claim.evidence.text,
        "snapshot": document.snapshot_sha256,
    }


def _against(claim: Figure, standing: Standing) -> str:
    words = measure_words(claim.measure, claim.form)
    if standing.official is not None and standing.narrative is not None:
        verb = "agrees with" if standing.relation is ClaimRelation.AGREES else "differs from"
        number = quantity(standing.official)
        return f"which {verb} the official {number} of the {_edition(standing.narrative)} report"
    if standing.relation is not ClaimRelation.NEWER:
        return f"for which there is no official figure on {words}"
    if claim.year is not None or standing.narrative is None:
        return "newer than the official figures"
    newest = f"the {_edition(standing.narrative)} report"
    if standing.newest is None:
        return f"without a year; {newest} has no figure on {words}"
    return f"without a year; {newest} has {quantity(standing.newest)}"
