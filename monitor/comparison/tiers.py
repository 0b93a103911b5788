"""Compares a country's placement with the edition before: moved, first placed, no longer placed.

The placement before comes from the narrative of the edition before where that is stored, else from
the baseline, which is secondary: where the new narrative's own word on its movement contradicts the
baseline, the narrative is right and nothing has moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.comparison.doubt import doubts_of_tiers, held
from monitor.comparison.significance import weighed
from monitor.comparison.state import CountryRecord, ReadDocument
from monitor.comparison.watch_list import clock_words, watch_list_clock
from monitor.comparison.wording import tier_direction, tier_words
from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus, change_id
from monitor.domain.review import Doubt
from monitor.domain.tier import Tier, TierPlacement

_STRIP = 10


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
    ``history`` ``[[edition, tier], ...]``, ``clock`` on the Watch List, and ``secondary`` where the
    old placement is the baseline's.
    """
    edition, tier = new.document.edition or 0, new.reading.tier
    if tier is None:
        return None
    read_before = old.reading.tier if old else None
    known_before = record.placements.get(edition - 1)
    before = read_before.value if read_before else known_before.tier if known_before else None
    secondary = read_before is None and before is not None
    doubts: tuple[Doubt, ...] = ()
    detail: dict[str, object] = {"movement": tier.movement.value if tier.movement else None}
    if before is None:
        words = _appearance(record, edition, tier.value)
        if words is None:
            return None
        if record.predecessor:
            detail["predecessor"] = record.predecessor
    elif before is tier.value:
        return None
    else:
        words = f"{tier_words(before, tier.value)} in the {edition} report"
        doubts = doubts_of_tiers(before, tier.value, tier.movement)
        if secondary and Doubt.CONFLICTING_CANDIDATES in doubts:
            return None
    stated = tier.watch_list_years
    placements = dict(record.placements) | {edition: _placement(new, edition, tier.value, stated)}
    if before is not None:
        placements[edition - 1] = _placement(new, edition - 1, before, None)
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
    if before is Tier.TWO_WATCH_LIST and tier.value is Tier.THREE:
        ended = watch_list_clock(placements, edition - 1, record.rules)
        if ended and ended.is_due:
            detail["limit_reached"] = ended.years
    if secondary:
        detail["secondary"] = True
    change = Change(
        id=change_id(
            ChangeKind.TIER_CHANGED, new.document.country, edition, None, None, before, tier.value, cause
        ),
        kind=ChangeKind.TIER_CHANGED,
        cause=cause,
        country=new.document.country,
        edition=edition,
        headline=f"{country_name}: {words}",
        created_at=now,
        old=before.value if before else None,
        new=tier.value.value,
        direction=tier_direction(before, tier.value) if before else None,
        status=status,
        source_url=new.document.url,
        source_url_old=old.document.url if old else None,
        evidence_old=read_before.evidence.text if read_before else None,
        evidence_new=tier.evidence.text,
        snapshot_old=old.document.snapshot_sha256 if old else None,
        snapshot_new=new.document.snapshot_sha256,
        detail=detail,
    )
    return weighed(held(change, doubts))


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
