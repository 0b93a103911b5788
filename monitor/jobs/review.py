"""A person decides: approve, reject or correct a change; corrections travel as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlmodel import Session

from monitor.comparison.claim_answers import is_answer
from monitor.comparison.correcting import apply_corrections, find_sentence
from monitor.comparison.corrections import correction as correction_of
from monitor.comparison.revision import moved_by
from monitor.domain.change import UNREPORTED, Cause, Change, ChangeKind, ChangeStatus
from monitor.domain.country import Countries
from monitor.domain.figure import Form, Measure, Relation
from monitor.domain.review import Correction, Decision, Review
from monitor.domain.tier import Tier
from monitor.domain.watch_list import TierRules
from monitor.jobs.answering import answer_stored_claims, take_back_answers
from monitor.jobs.recomparing import base_version, corrected_version, recompare, recompare_next
from monitor.storage.changes import approve_change, change, record_changes, set_status
from monitor.storage.documents import narrative
from monitor.storage.editions import editions
from monitor.storage.observations import raw_reading_of, record_reading, version_in_force
from monitor.storage.reviews import add_correction, all_corrections, corrections, record_review


class ReviewRefused(Exception):  # noqa: N818
    """The decision cannot be taken. The message is one line: what, and what to do."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides, why and when (UTC), and what the decision needs to compare anew."""

    name: str
    reason: str
    now: datetime
    countries: Countries
    rules: TierRules


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a person read instead. What is None is taken from the change.

    ``value`` is a number, ``"unreported"``, a tier, or None where the text gives no such figure.
    ``sentence`` is the passage that says so, ``edition`` that of its narrative.
    """

    value: int | str | None
    measure: Measure | None = None
    form: Form | None = None
    sentence: str | None = None
    edition: int | None = None


def approve(session: Session, change_id: str, reviewer: Reviewer) -> Change:
    """Let a held change out: it is told from now on, unless it was no news when found.

    Where it replaces what was told before, that is taken back now, and a correction tells so; where it
    is a page's revision, what was told of the next edition against the old text is compared anew.

    Raises:
        ReviewRefused: there is no such change, or it is not held.
    """
    found = _known(session, change_id)
    if found.status is not ChangeStatus.HELD:
        raise ReviewRefused(f"{change_id}: is {found.status.value}, not held: there is nothing to approve")
    _decide(session, change_id, Decision.APPROVED, reviewer)
    status = ChangeStatus(str(found.detail.get("if_approved", ChangeStatus.PUBLISHED.value)))
    _take_back_replaced(session, found, reviewer)
    approved = approve_change(session, change_id, status, reviewer.now)
    if approved.kind is ChangeKind.CLAIM_MADE and approved.country and not is_answer(approved):
        every = {(approved.country, each.year) for each in editions(session)}
        answer_stored_claims(
            session,
            every,
            countries=reviewer.countries,
            now=reviewer.now,
            status=status,
            cause=Cause.NEW_EDITION,
        )
    if approved.kind is ChangeKind.NARRATIVE_REVISED and approved.country and approved.edition:
        answer_stored_claims(
            session,
            {(approved.country, approved.edition)},
            countries=reviewer.countries,
            now=reviewer.now,
            status=status,
            cause=Cause.SOURCE_REVISED,
        )
        recompare_next(
            session,
            approved.edition,
            {approved.country: moved_by(approved)},
            countries=reviewer.countries,
            rules=reviewer.rules,
            now=reviewer.now,
        )
    return approved


def _take_back_replaced(session: Session, right: Change, reviewer: Reviewer) -> None:
    replaces = right.detail.get("replaces")
    if not isinstance(replaces, dict):
        return
    name = reviewer.countries.name_of(right.country)
    for replaced in replaces["changes"]:
        wrong = change(session, str(replaced))
        if wrong is None or wrong.status not in (ChangeStatus.PUBLISHED, ChangeStatus.HISTORY):
            continue
        set_status(session, wrong.id, ChangeStatus.CORRECTED)
        if replaces["alert"] and wrong.status is ChangeStatus.PUBLISHED:
            told = correction_of(
                wrong, right, country_name=name, now=reviewer.now, reason=reviewer.reason or _READ_AGAIN
            )
            record_changes(session, [told])


_READ_AGAIN = "the text was read again"


def reject(session: Session, change_id: str, reviewer: Reviewer) -> list[Change]:
    """Take a change back. One that was told stays as corrected, and a correction tells so; return that.

    Raises:
        ReviewRefused: there is no such change, it was taken back before, or no reason is given.
    """
    found = _standing(session, change_id)
    _expect_reason(change_id, reviewer)
    _decide(session, change_id, Decision.REJECTED, reviewer)
    answers = take_back_answers(
        session,
        found,
        countries=reviewer.countries,
        now=reviewer.now,
        alert=found.status is ChangeStatus.PUBLISHED,
        reason=reviewer.reason,
    )
    if found.status is ChangeStatus.PUBLISHED:
        set_status(session, change_id, ChangeStatus.CORRECTED)
        name = reviewer.countries.name_of(found.country)
        told = correction_of(found, None, country_name=name, now=reviewer.now, reason=reviewer.reason)
        return [*record_changes(session, [told]), *answers]
    ending = ChangeStatus.CORRECTED if found.status is ChangeStatus.HISTORY else ChangeStatus.REJECTED
    set_status(session, change_id, ending)
    return []


def correct(session: Session, change_id: str, amendment: Amendment, reviewer: Reviewer) -> list[Change]:
    """Read a change's narrative as a person does, and compare it anew; return the changes that are new.

    Raises:
        ReviewRefused: there is no such change, it is a claim or an event, no reason is given, or
            nothing says which sentence and figure are meant.
    """
    found = _standing(session, change_id)
    _expect_reason(change_id, reviewer)
    made = _correction(session, found, amendment, reviewer)
    _decide(session, change_id, Decision.CORRECTED, reviewer)
    if found.kind is ChangeKind.NARRATIVE_REVISED and found.status is ChangeStatus.HELD:
        set_status(session, change_id, ChangeStatus.REJECTED)
    add_correction(session, made)
    new = _apply(session, made, reviewer, alert=True)
    settled = _known(session, change_id)
    if settled.status is ChangeStatus.HELD:
        # The change itself stands as it was told, now on a person's word.
        status = ChangeStatus(str(settled.detail.get("if_approved", ChangeStatus.PUBLISHED.value)))
        new = [*new, approve_change(session, change_id, status, reviewer.now)]
    return new


def export_corrections(session: Session) -> Iterator[str]:
    """Give every correction in force as a JSON line."""
    for each in all_corrections(session):
        yield json.dumps(
            {
                "country": each.country,
                "edition": each.edition,
                "measure": each.measure.value if each.measure else None,
                "form": each.form.value,
                "relation": each.relation.value,
                "value": each.value,
                "original": each.original,
                "sentence": each.sentence,
                "reviewer": each.reviewer,
                "decided_at": each.decided_at.isoformat(),
                "reason": each.reason,
            },
            ensure_ascii=False,
        )


def read_corrections(lines: Iterable[str]) -> list[Correction]:
    """Read what ``export_corrections`` gave.

    Raises:
        ReviewRefused: a line is no correction; the message names the line, and nothing is imported.
    """
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_read_correction(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ReviewRefused(
                f"line {number}: is no correction ({type(error).__name__}: {error}): "
                "give a file of `review export`"
            ) from None
    return found


def import_corrections(session: Session, made: Iterable[Correction], reviewer: Reviewer) -> int:
    """Store corrections and apply them to stored narratives, telling nobody; return how many are new.

    One of a narrative that is not stored yet is kept, and applied when it comes.
    """
    count = 0
    for each in made:
        if add_correction(session, each):
            count += 1
            if narrative(session, each.country, each.edition) is not None:
                _apply(session, each, reviewer, alert=False)
    return count


def _apply(session: Session, made: Correction, reviewer: Reviewer, *, alert: bool) -> list[Change]:
    stored = narrative(session, made.country, made.edition)
    if stored is None:
        raise ReviewRefused(f"{made.country} {made.edition}: no narrative is stored; fetch or import it")
    reading, version = raw_reading_of(session, stored.id), version_in_force(session, stored.id)
    if reading is None or version is None:
        raise ReviewRefused(f"{made.country} {made.edition}: was never read; run replay --apply")
    kept = corrections(session, made.country, made.edition)
    corrected = apply_corrections(stored.document.text, reading, kept)
    if not corrected.applied:
        return []
    named = corrected_version(base_version(version), corrected.applied)
    record_reading(session, stored, corrected.reading, named, reviewer.now)
    return recompare(
        session,
        made.edition,
        {made.country},
        countries=reviewer.countries,
        rules=reviewer.rules,
        cause=Cause.CORRECTED,
        now=reviewer.now,
        alert=alert,
        reason=made.reason,
        about=frozenset({made.measure}),
    )


def _correction(session: Session, found: Change, amendment: Amendment, reviewer: Reviewer) -> Correction:
    if found.country is None or found.edition is None or found.kind in _UNCORRECTABLE:
        raise ReviewRefused(
            f"{found.id}: is {found.kind.value}, which states nothing of a narrative: approve or reject it"
        )
    edition = amendment.edition if amendment.edition is not None else found.edition
    is_old_side = edition == found.edition - 1
    sentence = amendment.sentence or (found.evidence_old if is_old_side else found.evidence_new)
    if not sentence:
        raise ReviewRefused(f"{found.id}: it quotes no sentence of edition {edition}: give --sentence TEXT")
    stored = narrative(session, found.country, edition)
    if stored is None:
        raise ReviewRefused(f"{found.country} {edition}: no narrative is stored; fetch or import it")
    if find_sentence(stored.document.text, sentence) is None:
        raise ReviewRefused(
            f"{found.country} {edition}: its narrative has no such sentence: {sentence[:80]!r}"
        )
    is_tier = found.kind is ChangeKind.TIER_CHANGED and amendment.measure is None
    measure = None if is_tier else amendment.measure or found.measure
    if not is_tier and measure is None:
        raise ReviewRefused(f"{found.id}: give --measure, since the change is about several figures")
    relation = Relation.PREVIOUS if _is_restated(found, is_old_side) else Relation.CURRENT
    return Correction(
        country=found.country,
        edition=edition,
        measure=measure,
        form=amendment.form or found.form or Form.ALL,
        relation=relation,
        value=_checked(amendment.value, is_tier=is_tier),
        original=found.old if is_old_side else found.new,
        sentence=sentence,
        reviewer=reviewer.name,
        decided_at=reviewer.now,
        reason=reviewer.reason,
    )


_UNCORRECTABLE = (ChangeKind.CLAIM_MADE, ChangeKind.EDITION_PUBLISHED, ChangeKind.CORRECTION)


def _is_restated(found: Change, is_old_side: bool) -> bool:
    return found.kind is ChangeKind.FIGURE_RESTATED and not is_old_side


def _checked(value: int | str | None, *, is_tier: bool) -> int | str | None:
    if is_tier:
        named = str(value).upper()
        if named not in {tier.value for tier in Tier}:
            raise ReviewRefused(f"{value!r} is no tier; there are 1, 2, 2WL, 3 and SC")
        return named
    if isinstance(value, str) and value != UNREPORTED:
        raise ReviewRefused(f"{value!r} is no number; write a number, unreported, or none")
    return value


def _decide(session: Session, change_id: str, decision: Decision, reviewer: Reviewer) -> None:
    record_review(session, Review(change_id, decision, reviewer.name, reviewer.now, reviewer.reason))


def _expect_reason(change_id: str, reviewer: Reviewer) -> None:
    if not reviewer.reason:
        raise ReviewRefused(f"{change_id}: the reason is empty: say why, it is kept and told")


def _known(session: Session, change_id: str) -> Change:
    found = change(session, change_id)
    if found is None:
        raise ReviewRefused(f"{change_id}: no change has this id; `tip-monitor review list` names those held")
    return found


def _standing(session: Session, change_id: str) -> Change:
    found = _known(session, change_id)
    if found.status in (ChangeStatus.REJECTED, ChangeStatus.CORRECTED):
        raise ReviewRefused(f"{change_id}: is {found.status.value} already: nothing was changed")
    return found


def _read_correction(shape: dict[str, object]) -> Correction:
    value, original = shape["value"], shape["original"]
    for each in (value, original):
        if isinstance(each, bool) or not (each is None or isinstance(each, (int, str))):
            raise ValueError(f"{each!r} is no value")
    measure = shape["measure"]
    made = Correction(
        country=str(shape["country"]),
        edition=int(str(shape["edition"])),
        measure=Measure(str(measure)) if measure is not None else None,
        form=Form(str(shape["form"])),
        relation=Relation(str(shape["relation"])),
        value=value if isinstance(value, (int, str)) else None,
        original=original if isinstance(original, (int, str)) else None,
        sentence=str(shape["sentence"]),
        reviewer=str(shape["reviewer"]),
        decided_at=datetime.fromisoformat(str(shape["decided_at"])),
        reason=str(shape["reason"]),
    )
    try:
        _checked(made.value, is_tier=made.measure is None)
    except ReviewRefused as refused:
        raise ValueError(str(refused)) from None
    if made.decided_at.tzinfo is None:
        raise ValueError("decided_at has no time zone")
    return replace(made, decided_at=made.decided_at.astimezone(UTC))
