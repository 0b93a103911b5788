"""Decides what is told where a change already told proved wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.comparison.significance import weighed
from monitor.comparison.wording import measure_words
from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus, change_id
from monitor.domain.figure import Form

_STANDING = (ChangeStatus.PUBLISHED, ChangeStatus.HISTORY, ChangeStatus.HELD)
_TOLD = (ChangeStatus.PUBLISHED, ChangeStatus.HISTORY)


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of changes once their figures are read anew.

    ``wrong`` are stored changes that no longer hold, each with the status it gets. ``new`` are to be
    stored; among them the corrections.
    """

    wrong: tuple[tuple[Change, ChangeStatus], ...]
    new: tuple[Change, ...]


def settle(
    stored: Sequence[Change],
    found: Iterable[Change],
    *,
    country_name: str,
    now: datetime,
    alert: bool,
    reason: str,
) -> Settled:
    """Set what a comparison finds now against what it had found before.

    A change that still holds stays as it is. One that was told and no longer holds stays as
    ``corrected``; with ``alert`` a correction tells it, and what holds instead is history, since the
    correction says it. One that was held is rejected, and what holds instead takes its place: as the
    news that it was to be, where ``alert`` is set. With ``alert`` a change that had no predecessor is
    told as news; without, nobody is told anything.

    What is doubtful in itself waits for a person, unless it follows from a person's word: until it is
    approved, what was told before stands, and the detail's ``replaces`` ``{"changes", "alert"}`` names it.
    """
    standing = [change for change in stored if change.status in _STANDING]
    kept = {_fact(change) for change in standing}
    borne_out = _borne_out(standing, now_found := list(found))
    now_found = [change for change in now_found if change.id not in borne_out]
    still = {_fact(change) for change in now_found}
    wrong = [change for change in standing if _fact(change) not in still and change.id not in borne_out]
    rights = [change for change in now_found if _fact(change) not in kept]
    new: list[Change] = []
    waiting: set[str] = set()
    for right in rights:
        replaced = [each for each in wrong if _right_of(each, rights) is right]
        if right.status is ChangeStatus.HELD and right.cause is not Cause.CORRECTED:
            told = [each for each in replaced if each.status in _TOLD]
            waiting |= {each.id for each in told}
            new.append(_waiting(right, replaced, told, alert=alert))
        else:
            new.append(_told_as(right, replaced, alert=alert))
    wrong = [each for each in wrong if each.id not in waiting]
    if alert:
        new += [
            correction(
                each,
                _right_of(each, rights),
                country_name=country_name,
                now=now,
                reason=reason,
            )
            for each in wrong
            if each.status is ChangeStatus.PUBLISHED
        ]
    return Settled(tuple((each, _ending(each)) for each in wrong), tuple(new))


def correction(
    wrong: Change, right: Change | None, *, country_name: str, now: datetime, reason: str
) -> Change:
    """Return the change that replaces ``wrong``, which was told; ``right`` is None where nothing changed.

    ``old`` is the value told, ``new`` the right one; both are null where they are the same, since
    then the other side was wrong.
    """
    true_value = right.new if right else wrong.old
    sides = (wrong.new, true_value) if wrong.new != true_value else (None, None)
    rest = wrong.headline.removeprefix(f"{country_name}: ")
    change = Change(
        id=change_id(ChangeKind.CORRECTION, wrong.id, *((right.old, right.new) if right else ())),
        kind=ChangeKind.CORRECTION,
        cause=Cause.CORRECTED,
        country=wrong.country,
        edition=wrong.edition,
        headline=f"{right.headline if right else _nothing(wrong, country_name)}; told before: {rest}",
        created_at=now,
        measure=wrong.measure,
        form=wrong.form,
        old=sides[0],
        new=sides[1],
        source_url=right.source_url if right else wrong.source_url,
        source_url_old=wrong.source_url,
        evidence_old=wrong.evidence_new,
        evidence_new=right.evidence_new if right else wrong.evidence_new,
        snapshot_old=wrong.snapshot_new,
        snapshot_new=right.snapshot_new if right else wrong.snapshot_new,
        corrects=wrong.id,
        detail={"told": wrong.headline, "told_at": wrong.created_at.isoformat(), "reason": reason},
    )
    return weighed(change)


def _nothing(wrong: Change, country_name: str) -> str:
    what = measure_words(wrong.measure, wrong.form or Form.ALL) if wrong.measure else "the tier"
    if wrong.kind is ChangeKind.CLAIM_MADE:
        return f"{country_name}: no such claim on {what} was made"
    return f"{country_name}: no such change of {what}"


def _right_of(wrong: Change, rights: Sequence[Change]) -> Change | None:
    """What holds instead of a change: of the same form where that is told, else of the same measure."""
    about = [right for right in rights if _subject(right) == _subject(wrong)]
    return next((right for right in about if right.form is wrong.form), about[0] if about else None)


def _told_as(right: Change, replaced: Sequence[Change], *, alert: bool) -> Change:
    statuses = {each.status for each in replaced}
    if right.status is ChangeStatus.HELD and not statuses & set(_STANDING):
        return _waiting(right, replaced, (), alert=alert)
    is_news = alert and _is_news(right, replaced) and ChangeStatus.PUBLISHED not in statuses
    return replace(right, status=ChangeStatus.PUBLISHED if is_news else ChangeStatus.HISTORY)


def _waiting(right: Change, replaced: Sequence[Change], told: Sequence[Change], *, alert: bool) -> Change:
    """A doubtful change, with what it becomes when it is approved."""
    was_held = any(each.status is ChangeStatus.HELD for each in replaced)
    is_news = (alert or was_held) and _is_news(right, replaced) and not told
    status = ChangeStatus.PUBLISHED if is_news else ChangeStatus.HISTORY
    detail = dict(right.detail) | {"if_approved": status.value}
    if told:
        detail["replaces"] = {"changes": [each.id for each in told], "alert": alert}
    return replace(right, detail=detail)


def _is_news(right: Change, replaced: Sequence[Change]) -> bool:
    """Whether it would be told but for what it replaces: held news stays news, whatever came since."""
    return right.status is ChangeStatus.PUBLISHED or any(
        each.detail.get("if_approved") == ChangeStatus.PUBLISHED.value
        for each in (right, *(each for each in replaced if each.status is ChangeStatus.HELD))
    )


def _borne_out(standing: Sequence[Change], found: Sequence[Change]) -> frozenset[str]:
    """The ids of told movements without an old tier, and of what now shows the same with one.

    What was told holds: saying it again, or correcting it, would only double it.
    """
    return frozenset(
        each.id
        for told in standing
        for shown in found
        if told.detail.get("stated") and told.status in _TOLD and shown.kind is ChangeKind.TIER_CHANGED
        if (told.kind, told.new, told.direction) == (shown.kind, shown.new, shown.direction)
        if shown.id != told.id
        for each in (told, shown)
    )


def _ending(wrong: Change) -> ChangeStatus:
    return ChangeStatus.CORRECTED if wrong.status in _TOLD else ChangeStatus.REJECTED


def _fact(change: Change) -> tuple[object, ...]:
    return change.kind, change.measure, change.form, change.old, change.new


def _subject(change: Change) -> tuple[object, ...]:
    """What a change is about, its kind aside: a figure that changed may turn out to have vanished."""
    return change.kind is ChangeKind.FIGURE_RESTATED, change.measure
