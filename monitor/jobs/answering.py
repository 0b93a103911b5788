"""Looks at stored claims again when the report's own number for their period is recorded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from monitor.comparison.claim_answers import answer_claims, answers_to, is_answer
from monitor.comparison.corrections import correction
from monitor.comparison.state import ReadDocument
from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus
from monitor.domain.country import Countries
from monitor.storage.changes import TOLD, add_answers, changes, changes_of, record_changes, set_status
from monitor.storage.comparing import read_narratives


def answer_stored_claims(
    session: Session,
    narratives: Collection[tuple[str, int]],
    *,
    countries: Countries,
    now: datetime,
    status: ChangeStatus,
    cause: Cause,
    misread: str | None = None,
) -> list[Change]:
    """Store what ``narratives``, each a country and an edition, answer to the claims told of their countries.

    The claims gain their answers. One query where no claim was made, five otherwise, however many.
    Where the narratives had been misread, which ``misread`` says why, what the same edition was taken to
    answer is taken back, and corrected where it was told and ``status`` lets the new answer be told.
    """
    wanted = sorted({country for country, _ in narratives})
    if not wanted:
        return []
    made = changes(session, kinds=[ChangeKind.CLAIM_MADE], countries=wanted, statuses=TOLD)
    claims = [each for each in made if not is_answer(each)]
    if not claims:
        return []
    official: dict[str, list[ReadDocument]] = {}
    named = {each.country for each in claims if each.country is not None}
    for (country, _), each in read_narratives(session, None, only=named).items():
        official.setdefault(country, []).append(each)
    answers = list(
        answer_claims(
            claims,
            official,
            editions=set(narratives),
            countries=countries,
            now=now,
            status=status,
            cause=cause,
        )
    )
    corrections: list[Change] = []
    if misread is not None:
        answers, corrections = _instead(
            session, claims, answers, countries=countries, now=now, reason=misread
        )
    recorded = record_changes(session, [*answers, *corrections])
    add_answers(session, answers)
    return recorded


def _instead(
    session: Session,
    claims: Sequence[Change],
    answers: Sequence[Change],
    *,
    countries: Countries,
    now: datetime,
    reason: str,
) -> tuple[list[Change], list[Change]]:
    """Take back the answers that ``answers`` replace; return these, and the corrections that tell of it."""
    given = {claim.id: _last_answer(claim) for claim in claims}
    before = {each.id: each for each in changes_of(session, [each for each in given.values() if each])}
    instead: list[Change] = []
    corrections: list[Change] = []
    for answer in answers:
        wrong = before.get(given[str(answer.detail["answers"])] or "")
        if wrong is None or wrong.edition != answer.edition or wrong.status not in TOLD:
            instead.append(answer)
            continue
        set_status(session, wrong.id, ChangeStatus.CORRECTED)
        is_corrected = ChangeStatus.PUBLISHED is wrong.status is answer.status
        if is_corrected:
            name = countries.name_of(answer.country)
            corrections.append(correction(wrong, answer, country_name=name, now=now, reason=reason))
        instead.append(replace(answer, status=ChangeStatus.HISTORY) if is_corrected else answer)
    return instead, corrections


def _last_answer(claim: Change) -> str | None:
    answered = answers_to(claim)
    return str(answered[-1]["change"]) if answered else None


def take_back_answers(
    session: Session, claim: Change, *, countries: Countries, now: datetime, alert: bool, reason: str
) -> list[Change]:
    """Take back what the report answered to a claim that was never made; return the corrections."""
    corrections = []
    for answer in changes_of(session, [str(each["change"]) for each in answers_to(claim)]):
        if answer.status not in TOLD and answer.status is not ChangeStatus.HELD:
            continue
        is_told = answer.status in TOLD
        set_status(session, answer.id, ChangeStatus.CORRECTED if is_told else ChangeStatus.REJECTED)
        if alert and answer.status is ChangeStatus.PUBLISHED:
            name = countries.name_of(answer.country)
            corrections.append(correction(answer, None, country_name=name, now=now, reason=reason))
    return record_changes(session, corrections)
