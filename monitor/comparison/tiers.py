"""Compares a country's placement with the edition before: moved, first placed, no longer placed.

The placement before comes from the narrative of the edition before where that is stored, else from
the baseline, which is secondary. The new narrative's own word on its movement is first hand: where it
says "remained", nothing has moved, whatever the baseline has: that the two differ is held for a person,
and no news. Where it says "upgraded" or "downgraded" and the placement before contradicts that, the
movement stands without an old tier, held with the doubt in its words; where no placement before is
known at all, it is told on the narrative's word alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.comparison.doubt import doubts_of_tiers, held
from monitor.comparison.significance import weighed
from monitor.comparison.state import CountryRecord, ReadDocument
from monitor.comparison.watch_list import clock_words, watch_list_clock
from monitor.comparison.wording import tier_direction, tier_words
from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus, Direction, change_id
from monitor.domain.review import Doubt
from monitor.domain.tier import Movement, Tier, TierPlacement, TierReading

_STRIP = 10
_SECONDARY = "the list of past placements, a secondary source,"
_WAYS = {Movement.UPGRADED: Direction.UP, Movement.DOWNGRADED: Direction.DOWN}
_IMPOSSIBLE = {(Direction.DOWN, Tier.ONE), (Direction.UP, Tier.THREE)}
"""Movements that no tier was left for: more likely misread."""


def compare_tier(
    old: ReadDocument | None,
    new: ReadDocument,
    *,
    country_name: str,
    record: CountryRecord,
    now: datetime,
    status: ChangeStatus,
    cause: Cause = Cause.NEW_EDITION,
) -> Change | None:
    """Return how the placement of ``new`` differs from the edition before, or None.

    ``old`` is the narrative of the edition before, None where none is stored. The detail holds
    ``history`` ``[[edition, tier], ...]``, ``clock`` on the Watch List, ``secondary`` where the old
    placement is the baseline's, and ``stated`` where the movement is the narrative's word alone, with
    the placement that it ``contradicts`` ``{"edition", "tier"}``.
    """
    edition, tier = new.document.edition or 0, new.reading.tier
    if tier is None:
        return None
    read_before = old.reading.tier if old else None
    known_before = record.placements.get(edition - 1)
    before = read_before.value if read_before else known_before.tier if known_before else None
    secondary = read_before is None and before is not None
    move = _stated(tier, before, record, edition, secondary=secondary) or (
        _appeared(tier, record, edition)
        if before is None
        else _moved(before, tier, edition, secondary=secondary)
    )
    if move is None:
        return None
    detail: dict[str, object] = {"movement": tier.movement.value if tier.movement else None, **move.detail}
    stated = tier.watch_list_years
    placements = dict(record.placements) | {edition: _placement(new, edition, tier.value, stated)}
    if secondary:
        # What the narrative contradicts is no base for a clock or a strip.
        placements.pop(edition - 1, None)
    if move.old is not None:
        placements[edition - 1] = _placement(new, edition - 1, move.old, None)
    clock = watch_list_clock(placements, edition, record.rules, stated=stated)
    detail["watch_list_years"] = stated if stated is not None else clock.years if clock else None
    detail["history"] = _strip(placements, edition)
    if clock:
        detail["clock"] = {
            "years": clock.years,
            "due": edition + 1 if clock.is_due else None,
            "waivable": clock.is_waivable,
            "words": clock_words(clock),
            "statute": clock.rule.statute,
            "source": clock.rule.source,
        }
    if move.old is Tier.TWO_WATCH_LIST and tier.value is Tier.THREE:
        ended = watch_list_clock(placements, edition - 1, record.rules)
        if ended and ended.is_due:
            detail["limit_reached"] = ended.years
    if secondary and move.old is not None:
        detail["secondary"] = True
    change = Change(
        id=change_id(
            ChangeKind.TIER_CHANGED,
            new.document.country,
            edition,
            None,
            None,
            move.old,
            tier.value,
            cause,
            *((move.direction,) if "stated" in move.detail else ()),
        ),
        kind=ChangeKind.TIER_CHANGED,
        cause=cause,
        country=new.document.country,
        edition=edition,
        headline=f"{country_name}: {move.words}",
        created_at=now,
        old=move.old.value if move.old else None,
        new=tier.value.value,
        direction=move.direction,
        status=status if move.is_news else ChangeStatus.HISTORY,
        source_url=new.document.url,
        source_url_old=old.document.url if old else None,
        evidence_old=read_before.evidence.text if read_before else None,
        evidence_new=tier.evidence.text,
        snapshot_old=old.document.snapshot_sha256 if old else None,
        snapshot_new=new.document.snapshot_sha256,
        detail=detail,
    )
    return weighed(held(change, move.doubts))


def placement_vanished(
    before: TierPlacement,
    *,
    country_name: str,
    edition: int,
    url: str,
    successors: Sequence[str],
    now: datetime,
    status: ChangeStatus,
) -> Change:
    """Return that ``edition`` no longer places a country; ``successors`` are names placed in its stead."""
    instead = f"; {_listed(successors)} placed instead" if successors else ""
    change = Change(
        id=change_id(ChangeKind.TIER_CHANGED, before.country, edition, None, None, before.tier, None),
        kind=ChangeKind.TIER_CHANGED,
        cause=Cause.NEW_EDITION,
        country=before.country,
        edition=edition,
        headline=f"{country_name}: no longer placed in the {edition} report, "
        f"{before.tier.label} in the {edition - 1} report{instead}",
        created_at=now,
        old=before.tier.value,
        new=None,
        status=status,
        source_url=url,
        detail={"secondary": True} if before.secondary else {},
    )
    return weighed(change)


@dataclass(frozen=True, slots=True)
class _Move:
    """What happened to a placement; ``old`` is None where there was none, or none that can be relied on."""

    words: str
    old: Tier | None = None
    direction: Direction | None = None
    doubts: tuple[Doubt, ...] = ()
    detail: Mapping[str, object] = field(default_factory=dict)
    is_news: bool = True


def _stated(
    tier: TierReading, before: Tier | None, record: CountryRecord, edition: int, *, secondary: bool
) -> _Move | None:
    """The movement that the narrative states where the placements do not show it, else None.

    Two narratives of different tiers show one, even where its way contradicts the word for it.
    """
    if tier.movement is Movement.REMAINED:
        return _remained(tier, before, edition) if secondary and before is not tier.value else None
    if tier.movement is None or (before is None and record.predecessor):
        return None
    way = _WAYS[tier.movement]
    is_shown = before not in (None, tier.value) and not (secondary and before and _contradicts(before, tier))
    if is_shown:
        return None
    words = f"{tier.movement.value} to {tier.value.label} in the {edition} report, as it says itself"
    detail: dict[str, object] = {"stated": True}
    is_doubtful = (way, tier.value) in _IMPOSSIBLE
    if before is not None:
        source = _SECONDARY if secondary else "the report before"
        known = f"{source} has {before.label} for {edition - 1}"
        detail["contradicts"] = {"edition": edition - 1, "tier": before.value}
        is_doubtful = True
    elif edition - 1 in record.rules.complete:
        known = f"no placement is known for {edition - 1}, whose list is complete"
        is_doubtful = True
    else:
        known = f"its tier in the {edition - 1} report is not known"
    doubts = (Doubt.CONFLICTING_CANDIDATES,) if is_doubtful else ()
    return _Move(f"{words}; {known}", direction=way, doubts=doubts, detail=detail)


def _remained(tier: TierReading, before: Tier | None, edition: int) -> _Move | None:
    """That a narrative has nothing moved where the baseline has another tier: no news, but for a person."""
    if before is None:
        return None
    return _Move(
        f"remained on {tier.value.label} in the {edition} report, as it says itself; "
        f"{_SECONDARY} has {before.label} for {edition - 1}",
        doubts=(Doubt.CONFLICTING_CANDIDATES,),
        detail={"stated": True, "contradicts": {"edition": edition - 1, "tier": before.value}},
        is_news=False,
    )


def _appeared(tier: TierReading, record: CountryRecord, edition: int) -> _Move | None:
    words = _appearance(record, edition, tier.value)
    if words is None:
        return None
    if record.predecessor:
        return _Move(words, detail={"predecessor": record.predecessor})
    has_remained = tier.movement is Movement.REMAINED
    return _Move(words, doubts=(Doubt.CONFLICTING_CANDIDATES,) if has_remained else ())


def _moved(before: Tier, tier: TierReading, edition: int, *, secondary: bool) -> _Move | None:
    if before is tier.value or (secondary and _contradicts(before, tier)):
        return None
    return _Move(
        f"{tier_words(before, tier.value)} in the {edition} report",
        before,
        tier_direction(before, tier.value),
        doubts_of_tiers(before, tier.value, tier.movement),
    )


def _contradicts(before: Tier, tier: TierReading) -> bool:
    return Doubt.CONFLICTING_CANDIDATES in doubts_of_tiers(before, tier.value, tier.movement)


def _appearance(record: CountryRecord, edition: int, tier: Tier) -> str | None:
    """The words of a first placement; None where the edition before is not known in full."""
    earlier = [year for year in record.placements if year < edition]
    if record.predecessor and not earlier:
        before = f"before, with {record.predecessor}"
        return f"first placed on its own in the {edition} report, {tier.label}; {before}"
    if edition - 1 not in record.rules.complete:
        return None
    if earlier:
        return f"placed again in the {edition} report, {tier.label}, for the first time since {max(earlier)}"
    return f"first placed in the {edition} report, {tier.label}"


def _placement(new: ReadDocument, edition: int, tier: Tier, years: int | None) -> TierPlacement:
    return TierPlacement(new.document.country or "", edition, tier, watch_list_years=years)


def _strip(placements: dict[int, TierPlacement], edition: int) -> list[list[int | str]]:
    years = [year for year in sorted(placements) if year <= edition][-_STRIP:]
    return [[year, placements[year].tier.value] for year in years]


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is"
    return f"{', '.join(names[:-1])} and {names[-1]} are"
