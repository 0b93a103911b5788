"""Compiles digests: what each subscriber is told for a period, queued as one delivery.

1. read what was published lately, and a page of subscriptions to look at;
2. decide what each is told, and render what those who are told the same share;
3. commit, for the whole page: digests, that their changes are told, deliveries, and up to when
   each subscription was looked at.

Unique keys make a second run, or a second process, add nothing: where two meet, one undoes its page
and looks at it anew. Memory holds one page of subscriptions, however many there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from monitor.comparison.corrections import said_once
from monitor.comparison.reversal import fold_reversals
from monitor.delivery.digest_mail import DigestRenderer, Personal
from monitor.delivery.ordering import by_country
from monitor.domain.change import Change, ChangeKind, ChangeStatus
from monitor.domain.history import CountryHistory, Survey
from monitor.domain.subscription import Bulletin, Cadence, Digest, Subscription
from monitor.jobs.due import due_period_end, next_due
from monitor.jobs.histories import Histories
from monitor.jobs.interchange import change_json, instant_json
from monitor.jobs.progress import Progress, quiet
from monitor.storage.changes import changes_of
from monitor.storage.database import Database
from monitor.storage.digests import (
    Candidate,
    Covered,
    DueSubscription,
    QueuedDigest,
    UnreadableSubscription,
    candidate_changes,
    due_subscriptions,
    earliest_covered,
    held_changes,
    keep_bulletin,
    mark_covered,
    one_due,
    published_mark,
    put_off,
    record_digests,
    told_changes,
)
from monitor.storage.receipts import receivers
from monitor.storage.sources import source_states

_PAGE = 1000
_MARGIN = timedelta(days=2)
"""How long after its time a change may still become visible: a transaction that commits late, and
clocks of several machines that differ. What was told already is known by its key."""
_PUT_OFF = timedelta(hours=1)
"""When a subscription that cannot be read is looked at, and told to the operator, again."""
_MOST_TRIES = 5
_MOST_BULLETINS = 256
_STALE_AFTER = 3
"""A source is stale when it was not checked for this many of its intervals."""


RenderDigest = DigestRenderer


@dataclass(slots=True)
class Compiled:
    """What a run compiled: how many digests, over how many renderings, for how many looked at.

    ``failures`` has a line for each subscription that cannot be read; the others are told.
    """

    digests: int = 0
    bulletins: int = 0
    looked_at: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What one subscriber is told: ``changes`` are ids; empty with ``end`` is an empty digest."""

    due: DueSubscription
    end: datetime | None
    changes: tuple[str, ...] = ()
    is_told: bool = False


@dataclass(slots=True)
class _Run:
    """One run, with what all its pages share."""

    render: DigestRenderer
    now: datetime
    mark: str
    candidates: list[Candidate]
    held: list[Change]
    histories: Histories
    survey: Survey
    by_id: dict[str, Change] = field(init=False)
    bulletins: dict[tuple[str, Subscription, datetime, tuple[str, ...]], Bulletin] = field(
        default_factory=dict
    )
    _shared: tuple[str, Subscription] | None = None
    _wanted: tuple[Subscription, list[Candidate], list[Candidate]] | None = None

    def __post_init__(self) -> None:
        self.by_id = {each.change.id: each.change for each in self.candidates}

    def shared(self, due: DueSubscription) -> Subscription:
        """Return what ``due`` has in common with all of its group; groups come one after the other."""
        if self._shared is None or not due.group_key or self._shared[0] != due.group_key:
            self._shared = due.group_key, due.subscription.as_shared()
        return self._shared[1]

    def wanted(self, due: DueSubscription) -> tuple[list[Candidate], list[Candidate]]:
        """Return what the filter lets through, and all corrections: they follow what they correct."""
        key = self.shared(due)
        if self._wanted is None or (self._wanted[0] is not key and self._wanted[0] != key):
            corrections = [each for each in self.candidates if each.change.kind is ChangeKind.CORRECTION]
            others = [
                each
                for each in self.candidates
                if each.change.kind is not ChangeKind.CORRECTION and self.is_wanted(key, each.change)
            ]
            self._wanted = key, others, corrections
        return self._wanted[1], self._wanted[2]

    def is_wanted(self, subscription: Subscription, change: Change) -> bool:
        country = self.render.countries.get(change.country or "")
        return subscription.wants(change, country.region if country else None)

    def digest(self, decided: _Decided, subscription: Subscription, end: datetime) -> Digest:
        told = fold_reversals([self.by_id[change] for change in decided.changes])
        held = sum(self.is_wanted(subscription, change) for change in self.held)
        return Digest(subscription, decided.due.covered_until, end, told.changes, told.folded, held)

    def bulletin(self, decided: _Decided, end: datetime) -> Bulletin:
        key = decided.due.group_key, self.shared(decided.due), end, decided.changes
        if key not in self.bulletins:
            if len(self.bulletins) >= _MOST_BULLETINS:
                self.bulletins.pop(next(iter(self.bulletins)))
            digest = self.digest(decided, key[1], end)
            self.bulletins[key] = self.render.bulletin(
                digest,
                self.histories.of(change.country for change in digest.changes),
                survey=None if digest.changes else self.survey,
                payload=payload_of(digest, self.render),
            )
        return self.bulletins[key]


def compile_digests(
    database: Database, render: DigestRenderer, *, now: datetime, progress: Progress = quiet
) -> Compiled:
    """Queue a digest for every subscriber whose period is over and who has news, or asked for word.

    Missed runs collapse into one digest of all that was missed. Progress counts subscribers. One whose
    stored subscription cannot be read is told in ``failures`` and looked at again in an hour.
    """
    compiled = Compiled()
    run = _begin(database, render, now)
    if run is None:
        return compiled
    after = ("", 0)
    while True:
        last = _compile_page(database, run, after, compiled)
        if last is None:
            return compiled
        after = last
        progress("subscribers", compiled.looked_at, compiled.looked_at)


def preview_digest(
    database: Database, render: DigestRenderer, address: str, *, now: datetime
) -> tuple[Digest, dict[str, CountryHistory]] | None:
    """Return what a subscriber would be told now and the histories beside it; None where nobody has it."""
    with database.reading() as session:
        due = one_due(session, address)
        if due is None:
            return None
        run = _run(_floor(due), database, render, now)
        told = told_changes(session, [due.id], _tellable(run, [due]))
        received = receivers(session, _corrected(run))
    decided = _decided(run, due, now, told.get(due.id, set()), received)
    digest = run.digest(decided, due.subscription, now)
    return digest, run.histories.of(change.country for change in digest.changes)


def payload_of(digest: Digest, render: DigestRenderer) -> str:
    """Return the JSON object that a webhook gets; each change has the id that it has everywhere."""
    ordered = [change for group in by_country(digest.changes, render.countries) for change in group.changes]
    return json.dumps(
        {
            "schema": 1,
            "type": "digest",
            "end": instant_json(digest.end),
            "held": digest.held,
            "changes": [change_json(each) | {"url": render.page_of(each.id)} for each in ordered],
            "folded": [each.id for each in digest.folded],
        },
        ensure_ascii=False,
    )


def _floor(due: DueSubscription) -> datetime:
    """Return since when changes may be told: when it was last looked at, and somewhat before."""
    told_from = due.subscription.told_from or due.subscription.created_at
    return max(told_from, due.covered_until - _MARGIN)


def _begin(database: Database, render: DigestRenderer, now: datetime) -> _Run | None:
    with database.reading() as session:
        covered = earliest_covered(session, now)
    return None if covered is None else _run(covered - _MARGIN, database, render, now)


def _run(since: datetime, database: Database, render: DigestRenderer, now: datetime) -> _Run:
    with database.reading() as session:
        candidates = candidate_changes(session, since, now)
        return _Run(
            render=render,
            now=now,
            mark=published_mark(session),
            candidates=[*candidates, *_instead(session, candidates)],
            held=held_changes(session),
            histories=Histories(database),
            survey=_survey(session, now),
        )


def _instead(session: Session, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return what holds instead of corrected changes, for those whom these had not reached yet.

    Each stands where the change stood: who was told that gets the correction, and nobody hears of
    it who would not have heard of the change.
    """
    corrections = [each.change for each in candidates if "right" in each.change.detail]
    ids = {str(each.detail[key]) for each in corrections for key in ("right", "root") if each.detail[key]}
    known = {each.id: each for each in changes_of(session, ids)}
    found: dict[str, Candidate] = {}
    for each in corrections:
        right, root = known.get(str(each.detail["right"])), known.get(str(each.detail["root"]))
        if right is None or root is None or right.status is not ChangeStatus.HISTORY:
            continue
        detail = dict(right.detail) | {"instead_of": [root.id, *_instead_of(right)]}
        found[right.id] = Candidate(replace(right, detail=detail), root.created_at)
    return list(found.values())


def _survey(session: Session, now: datetime) -> Survey:
    states = [state for state in source_states(session) if state.enabled]
    stale = [
        state.source.key
        for state in states
        if state.last_checked_at is None or state.last_checked_at < now - _STALE_AFTER * state.source.every
    ]
    failed = [state.source.key for state in states if state.failures and state.source.key not in stale]
    return Survey(len(states) - len(stale), tuple(failed), tuple(stale))


def _compile_page(
    database: Database, run: _Run, after: tuple[str, int], compiled: Compiled
) -> tuple[str, int] | None:
    """Compile one page of subscriptions; return its last group key and id, or None at the end."""
    for attempt in range(1, _MOST_TRIES + 1):
        with database.reading() as session:
            page = due_subscriptions(session, run.now, run.mark, after=after, limit=_PAGE)
            told = told_changes(session, [due.id for due in page.readable], _tellable(run, page.readable))
            received = receivers(session, _corrected(run))
        if page.last is None:
            return None
        decided = [
            _decided(
                run,
                due,
                due_period_end(due.subscription, due.covered_until, run.now),
                told.get(due.id),
                received,
            )
            for due in page.readable
        ]
        batches = _batches(run, [each for each in decided if each.is_told])
        try:
            count = _commit(database, run, decided, batches, page.unreadable)
        except IntegrityError:
            # Another run told one of them, or one has left, since the page was read.
            if attempt == _MOST_TRIES:
                raise
            continue
        compiled.digests += count
        compiled.bulletins += len(batches)
        compiled.looked_at += len(page.readable) + len(page.unreadable)
        compiled.failures += [each.reason for each in page.unreadable]
        return page.last
    return None


def _tellable(run: _Run, page: Sequence[DueSubscription]) -> set[str]:
    """Return what has to be asked for: whether anyone of the page was told it."""
    floor = min((_floor(due) for due in page), default=run.now)
    recent = [each.change for each in run.candidates if each.published_at > floor]
    return {told for change in recent for told in (change.id, *_instead_of(change))}


def _instead_of(change: Change) -> tuple[str, ...]:
    """Return what, once told, makes ``change`` no news: it was told, and corrections told the rest."""
    ids = change.detail.get("instead_of")
    return tuple(ids) if isinstance(ids, list) else ()


def _corrected(run: _Run) -> set[str]:
    """Return what the corrections at hand correct: they go to those who received that."""
    return {each.change.corrects for each in run.candidates if each.change.corrects}


def _decided(
    run: _Run,
    due: DueSubscription,
    end: datetime | None,
    told: set[str] | None,
    received: Mapping[str, set[int]],
) -> _Decided:
    if end is None:
        return _Decided(due, None)
    told = told or set()
    floor = _floor(due)
    wanted, corrections = run.wanted(due)
    chosen = [
        each.change.id
        for each in wanted
        if floor < each.published_at <= end
        and (not told or told.isdisjoint((each.change.id, *_instead_of(each.change))))
    ]
    theirs = [
        each.change
        for each in corrections
        if floor < each.published_at <= end and due.id in received.get(each.change.corrects or "", ())
    ]
    # Who was told a number and its correction gets one correction more, and not one of each.
    chosen += [each.id for each in said_once(theirs) if each.id not in told]
    asked = due.subscription.also_empty and due.subscription.cadence is not Cadence.INSTANT
    return _Decided(due, end, tuple(chosen), is_told=bool(chosen) or asked)


def _batches(run: _Run, decided: Iterable[_Decided]) -> list[tuple[Bulletin, list[QueuedDigest]]]:
    """Put those together who share a bulletin, each with the end of the message that is their own."""
    found: dict[int, tuple[Bulletin, list[QueuedDigest]]] = {}
    for each in decided:
        if each.end is None:
            continue
        bulletin = run.bulletin(each, each.end)
        own = run.render.personal(Personal(each.due.subscription, each.due.covered_until, each.end))
        found.setdefault(id(bulletin), (bulletin, []))[1].append(
            QueuedDigest(
                each.due.id, each.due.subscription.channel.value, each.due.covered_until, each.end, own
            )
        )
    return list(found.values())


def _commit(
    database: Database,
    run: _Run,
    decided: Sequence[_Decided],
    batches: Sequence[tuple[Bulletin, list[QueuedDigest]]],
    unreadable: Sequence[UnreadableSubscription],
) -> int:
    covered = [
        Covered(
            each.due.id,
            until=max(each.end or each.due.covered_until, each.due.covered_until),
            due_at=next_due(each.due.subscription, run.now),
        )
        for each in decided
    ]
    count = 0
    with database.transaction() as session:
        for bulletin, queued in batches:
            count += record_digests(session, keep_bulletin(session, bulletin, run.now), queued, run.now)
        mark_covered(session, covered, run.mark, run.now)
        put_off(session, unreadable, run.now + _PUT_OFF)
    return count
