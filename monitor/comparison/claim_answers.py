"""Sets stored claims against official figures that came after them.

A claim is looked at again when the report prints, or prints anew, the number of its period. That is told
as a further change of the claim's kind, with the claim's sources and the official sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from monitor.comparison.bounds import sure_direction
from monitor.comparison.claims import ClaimRelation, standing_of
from monitor.comparison.doubt import held
from monitor.comparison.significance import weighed
from monitor.comparison.state import ReadDocument
from monitor.comparison.wording import counted, quantity
from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus, change_id
from monitor.domain.country import Countries
from monitor.domain.figure import Confidence, Evidence, Figure, Form, Qualifier, Relation, Unit
from monitor.domain.review import Doubt

_ANSWERS = (ClaimRelation.AGREES, ClaimRelation.DIFFERS)


def is_answer(change: Change) -> bool:
    """Whether a change of a claim's kind is what the report answered to one, and no claim itself."""
    return "answers" in change.detail


def answers_to(claim: Change) -> list[dict[str, object]]:
    """Return what the report answered to ``claim``, the newest last.

    Each has the answer's id as ``change``, and its ``edition``, ``relation`` and ``official`` number.
    """
    answered = claim.detail.get("answered")
    return answered if isinstance(answered, list) else []


def answer_claims(
    claims: Iterable[Change],
    official: Mapping[str, Sequence[ReadDocument]],
    *,
    editions: Collection[tuple[str, int]],
    countries: Countries,
    now: datetime,
    status: ChangeStatus,
    cause: Cause,
) -> Iterator[Change]:
    """Give what the narratives of ``editions``, each a country and a year, now say to stored ``claims``.

    ``official`` holds all narratives by country. An answer is given where it is another than the claim
    had: the report agrees, or differs. A claim without a year is answered by the edition that follows
    it alone, and only where that agrees: its time is not known. The detail's ``answers`` is the claim's id.
    """
    for claim in claims:
        figure = _figure(claim)
        if figure is None or claim.country is None:
            continue
        narratives = sorted(official.get(claim.country, ()), key=lambda each: each.document.edition or 0)
        standing = standing_of(figure, narratives)
        narrative, number = standing.narrative, standing.official
        if standing.relation not in _ANSWERS or narrative is None or number is None:
            continue
        edition = narrative.document.edition or 0
        if (claim.country, edition) not in editions or _last(claim) == (standing.relation, number.value):
            continue
        is_dated = figure.year is not None or figure.report_edition is not None
        if not is_dated and (claim.edition is None or edition not in (claim.edition, claim.edition + 1)):
            continue
        yield _answer(
            claim,
            figure,
            standing.relation,
            number,
            narrative,
            name=countries.name_of(claim.country),
            now=now,
            status=status,
            cause=cause,
        )


def _figure(claim: Change) -> Figure | None:
    """The figure that a claim states, as far as its change keeps it."""
    detail = claim.detail
    if claim.measure is None or not isinstance(claim.new, int):
        return None
    year, report_edition = detail.get("year"), detail.get("report_edition")
    evidence = claim.evidence_new or ""
    return Figure(
        country=claim.country,
        measure=claim.measure,
        value=claim.new,
        evidence=Evidence(evidence, 0, len(evidence)),
        form=claim.form or Form.ALL,
        unit=Unit(str(detail.get("unit", Unit.PERSONS.value))),
        relation=Relation(str(detail.get("period", Relation.CURRENT.value))),
        year=year if isinstance(year, int) else None,
        qualifier=Qualifier(str(detail.get("qualifier_new", Qualifier.EXACT.value))),
        report_edition=report_edition if isinstance(report_edition, int) else None,
    )


def _last(claim: Change) -> tuple[object, object]:
    """The relation and the official number that the claim was last told with."""
    answered = answers_to(claim)
    if answered:
        return answered[-1]["relation"], answered[-1]["official"]
    return claim.detail.get("relation"), claim.old


def _answer(
    claim: Change,
    figure: Figure,
    relation: ClaimRelation,
    number: Figure,
    narrative: ReadDocument,
    *,
    name: str,
    now: datetime,
    status: ChangeStatus,
    cause: Cause,
) -> Change:
    document = narrative.document
    said = counted(figure.measure, figure.form, figure.value or 0, figure.qualifier)
    when = f" in {figure.year}" if figure.year else ""
    if relation is ClaimRelation.AGREES:
        words = f"the {document.edition} report agrees with what a news article stated: {said}{when}"
    else:
        words = (
            f"the {document.edition} report has {quantity(number)} where a news article stated {said}{when}"
        )
    kept = ("article", "year", "qualifier_new", "unit", "period", "report_edition", "sources")
    change = Change(
        id=change_id(
            ChangeKind.CLAIM_MADE,
            "answer",
            claim.id,
            document.edition,
            relation,
            number.value,
            len(answers_to(claim)),
        ),
        kind=ChangeKind.CLAIM_MADE,
        cause=cause,
        country=claim.country,
        edition=document.edition,
        headline=f"{name}: {words}",
        created_at=now,
        measure=claim.measure,
        form=claim.form,
        old=number.value,
        new=claim.new,
        direction=sure_direction(number, figure),
        status=status,
        source_url=claim.source_url,
        source_url_old=document.url,
        evidence_old=number.evidence.text,
        evidence_new=claim.evidence_new,
        snapshot_old=document.snapshot_sha256,
        snapshot_new=claim.snapshot_new,
        detail={key: claim.detail[key] for key in kept if key in claim.detail}
        | {"relation": relation.value, "answers": claim.id},
    )
    doubts = (Doubt.LOW_CONFIDENCE,) if number.confidence is Confidence.LOW else ()
    return weighed(held(change, doubts))
