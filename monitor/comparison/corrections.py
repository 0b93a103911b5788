"""Decides what is told where a change already told proved wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from monitor.comparison.significance import weighed
from monitor.comparison.wording import measure_words
from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus, change_id
from monitor.domain.figure import Form, Measure

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
    corrections: Sequence[Change] = (),
    new_side_stands: bool = False,
) -> Settled:
    """Set what a comparison finds now against what it had found before.

    ``corrections`` are those stored of ``stored`` changes, and of one another. One whose word no longer
    holds (number A, then B, then A again) is corrected in its turn, to those who got it; what holds
    again is news to those alone who were told none of ``instead_of``, a list of ids in its detail.
    Where only the old side was read anew, ``new_side_stands``.

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
    all_found = list(found)
    borne_out = _borne_out(standing, now_found := all_found)
    now_found = [change for change in now_found if change.id not in borne_out]
    still = {_fact(change) for change in now_found}
    wrong = [change for change in standing if _fact(change) not in still and change.id not in borne_out]
    rights = [change for change in now_found if _fact(change) not in kept]
    words = _words_told(stored, corrections)
    outdated = [each for each in words if each.is_outdated(all_found, rights)]
    new: list[Change] = []
    waiting: set[str] = set()
    for right in rights:
        replaced = [each for each in wrong if _right_of(each, rights) is right]
        told_wrongly = [
            each.change
            for each in outdated
            if each.right(rights, ()) is right and each.change.status is ChangeStatus.PUBLISHED
        ]
        if right.status is ChangeStatus.HELD and right.cause is not Cause.CORRECTED:
            told = [each for each in replaced if each.status in _TOLD] + told_wrongly
            waiting |= {each.id for each in told}
            waiting |= {each.change.id for each in outdated if each.right(rights, ()) is right}
            new.append(_waiting(right, replaced, told, alert=alert))
        else:
            known = sorted({each.root.id for each in words if each.is_about(right)})
            new.append(_told_as(right, replaced, alert=alert, known=known))
    wrong = [each for each in wrong if each.id not in waiting]
    outdated = [each for each in outdated if each.change.id not in waiting]
    if alert:
        new += [
            correction(
                each,
                _right_of(each, rights),
                country_name=country_name,
                now=now,
                reason=reason,
                new_side_stands=new_side_stands,
            )
            for each in wrong
            if each.status is ChangeStatus.PUBLISHED
        ]
        new += _again(outdated, all_found, rights, corrections, country_name, now, reason, new_side_stands)
    wrong += [each.change for each in outdated if each.change.status is ChangeStatus.PUBLISHED]
    return Settled(tuple((each, _ending(each)) for each in wrong), tuple(new))


class _Fact(NamedTuple):
    """What a change says, whenever and wherever it was found."""

    kind: ChangeKind
    measure: Measure | None
    form: Form | None
    old: int | str | None
    new: int | str | None


@dataclass(frozen=True, slots=True)
class _Word:
    """What subscribers were told and is no news any more: a correction, or a change that one corrects.

    ``root`` is the change that the corrections began with. ``fact`` is what the word says, None where
    it says that nothing changed.
    """

    change: Change
    root: Change
    fact: _Fact | None

    def is_about(self, right: Change) -> bool:
        return _subject(right) == _subject(self.root) and (
            right.form is self.root.form or Form.ALL in (right.form, self.root.form)
        )

    def right(self, rights: Sequence[Change], found: Sequence[Change]) -> Change | None:
        """What holds instead: first among what is new, of the same form before the total."""
        for among in (rights, found):
            about = [each for each in among if self.is_about(each)]
            if about:
                return next((each for each in about if each.form is self.root.form), about[0])
        return None

    def is_outdated(self, found: Sequence[Change], rights: Sequence[Change]) -> bool:
        if self.fact is None:
            return any(self.is_about(right) for right in rights)
        return self.fact not in {_fact(each) for each in found}


_QUIET = (ChangeStatus.HISTORY, ChangeStatus.CORRECTED)


def _words_told(stored: Sequence[Change], corrections: Sequence[Change]) -> list[_Word]:
    known = {each.id: each for each in (*stored, *corrections)}
    changes = {each.id for each in stored}
    corrected = {each.corrects for each in corrections}
    words = [
        _Word(each, each, _fact(each))
        for each in stored
        if each.status is ChangeStatus.CORRECTED and each.id in corrected
    ]
    # What holds instead is told to those whom the wrong thing had not reached yet.
    instead = {each.detail.get("right"): each.detail.get("root") for each in corrections}
    words += [
        _Word(each, known.get(str(instead[each.id]), each), _fact(each))
        for each in stored
        if each.id in instead and each.id not in corrected and each.status in _QUIET
    ]
    for each in corrections:
        root = each
        while root.corrects is not None and root.corrects in known and root.id not in changes:
            root = known[root.corrects]
        is_told = each.status in (ChangeStatus.PUBLISHED, ChangeStatus.CORRECTED)
        # Corrections of older versions do not say what they hold.
        if is_told and root.id in changes and "holds" in each.detail:
            words.append(_Word(each, root, _stated(each)))
    return words


def _stated(correction: Change) -> _Fact | None:
    holds = correction.detail["holds"]
    if not isinstance(holds, list):
        return None
    kind, measure, form, old, new = holds
    return _Fact(
        ChangeKind(kind), Measure(measure) if measure else None, Form(form) if form else None, old, new
    )


def _again(
    outdated: Sequence[_Word],
    found: Sequence[Change],
    rights: Sequence[Change],
    corrections: Sequence[Change],
    country_name: str,
    now: datetime,
    reason: str,
    new_side_stands: bool,
) -> list[Change]:
    """The corrections of words that no longer hold, but of those whose correction stands and holds."""
    gone = {each.change.id for each in outdated}
    answered = {
        each.corrects for each in corrections if each.status is ChangeStatus.PUBLISHED and each.id not in gone
    }
    return [
        correction(
            replace(each.change, headline=each.change.headline.partition(_BEFORE)[0]),
            each.right(rights, found),
            country_name=country_name,
            now=now,
            reason=reason,
            root=each.root,
            said=each.fact.new if each.fact else each.root.old,
            new_side_stands=new_side_stands,
        )
        for each in outdated
        if each.change.id not in answered
    ]


def said_once(changes: Sequence[Change]) -> list[Change]:
    """Return ``changes`` without corrections of one change that say the same to different people.

    Of those found at once the one stays whose receivers were told last.
    """
    last: dict[tuple[object, ...], Change] = {}
    for each in changes:
        if "root" in each.detail:
            key = each.created_at, each.detail["root"]
            known = last.setdefault(key, each)
            if str(each.detail.get("told_at")) >= str(known.detail.get("told_at")):
                last[key] = each
    kept = {each.id for each in last.values()}
    return [each for each in changes if "root" not in each.detail or each.id in kept]


_BEFORE = "; told before: "


def correction(
    wrong: Change,
    right: Change | None,
    *,
    country_name: str,
    now: datetime,
    reason: str,
    root: Change | None = None,
    said: int | str | None = None,
    new_side_stands: bool = False,
) -> Change:
    """Return the change that replaces ``wrong``, which was told; ``right`` is None where nothing changed.

    ``old`` is the value told, ``new`` the right one; both are null where they are the same, since
    then the other side was wrong: so where nothing changed and ``new_side_stands``. Where ``wrong`` is a
    correction itself, ``root`` is the change that the first one corrected, and ``said`` the value that
    ``wrong`` told. The detail's ``holds`` is what is right, ``[kind, measure, form, old, new]``, or null
    where nothing changed; its ``right`` is the id of that, its ``root`` that of the first change.
    """
    root, told = (root, said) if root else (wrong, wrong.new)
    true_value = right.new if right else told if new_side_stands else root.old
    sides = (told, true_value) if told != true_value else (None, None)
    rest = wrong.headline.removeprefix(f"{country_name}: ")
    change = Change(
        id=change_id(ChangeKind.CORRECTION, wrong.id, *((right.old, right.new) if right else ())),
        kind=ChangeKind.CORRECTION,
        cause=Cause.CORRECTED,
        country=wrong.country,
        edition=wrong.edition,
        headline=f"{right.headline if right else _nothing(root, country_name)}{_BEFORE}{rest}",
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
        detail={
            "told": wrong.headline,
            "told_at": wrong.created_at.isoformat(),
            "reason": reason,
            "holds": _holds(right),
            "right": right.id if right else None,
            "root": root.id,
        },
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


def _told_as(right: Change, replaced: Sequence[Change], *, alert: bool, known: Sequence[str] = ()) -> Change:
    statuses = {each.status for each in replaced}
    if right.status is ChangeStatus.HELD and not statuses & set(_STANDING):
        return _waiting(right, replaced, (), alert=alert)
    is_news = alert and _is_news(right, replaced) and ChangeStatus.PUBLISHED not in statuses
    if is_news and known:
        right = replace(right, detail=dict(right.detail) | {"instead_of": list(known)})
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


def _holds(right: Change | None) -> list[object] | None:
    if right is None:
        return None
    measure, form = right.measure, right.form
    return [
        right.kind.value,
        measure.value if measure else None,
        form.value if form else None,
        right.old,
        right.new,
    ]


def _fact(change: Change) -> _Fact:
    return _Fact(change.kind, change.measure, change.form, change.old, change.new)


def _subject(change: Change) -> tuple[object, ...]:
    """What a change is about, its kind aside: a figure that changed may turn out to have vanished."""
    return change.kind is ChangeKind.FIGURE_RESTATED, change.measure
