"""Decides how a country's past reads beside a change: tier strip, run of a figure, conviction rate."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from monitor.delivery import wording
from monitor.domain.change import Change, ChangeKind
from monitor.domain.figure import Form, Measure
from monitor.domain.history import CountryHistory

_LEVELS = "▁▂▃▄▅▆▇█"
_MOST_EDITIONS = 10
_RATED = (Measure.CONVICTIONS, Measure.PROSECUTIONS)
_RUNNING = (
    ChangeKind.FIGURE_CHANGED,
    ChangeKind.FIGURE_APPEARED,
    ChangeKind.FIGURE_VANISHED,
    ChangeKind.FIGURE_RESTATED,
)


@dataclass(frozen=True, slots=True)
class TierRun:
    """Consecutive editions with one tier: ``2009-2011``, ``Tier 2``."""

    years: str
    label: str
    tier: str


@dataclass(frozen=True, slots=True)
class FigureRun:
    """A figure over the editions: a line of blocks, and the same in words."""

    editions: str
    blocks: str
    values: str


def tier_strip(history: CountryHistory, *, until: int | None) -> tuple[TierRun, ...]:
    """Return the tiers of ten editions, oldest first, the last one that of ``until``.

    Nothing where there is no past to show. Without ``until`` the last one is the newest known.
    Editions that are missing in between part a run, so that no tier is said of a year that has none.
    """
    known = [each for each in history.placements if until is None or each.edition <= until]
    placed = sorted(known, key=lambda placement: placement.edition)[-_MOST_EDITIONS:]
    runs = groupby(enumerate(placed), key=lambda pair: (pair[1].tier, pair[1].edition - pair[0]))
    strip = []
    for (tier, _), members in runs:
        editions = [placement.edition for _, placement in members]
        strip.append(TierRun(_span(editions[0], editions[-1]), tier.label, tier.value))
    return tuple(strip) if len(placed) > 1 else ()


def figure_run(change: Change, history: CountryHistory) -> FigureRun | None:
    """Return how the figure went over ten editions up to the change's; None with fewer than three numbers.

    A block's height is the number's share of the largest; silence and "not reported" leave a gap.
    Where editions in between were not read, each number carries the edition that has it.
    """
    if change.measure is None or change.kind not in _RUNNING:
        return None
    known = history.figures.get((change.measure, change.form or Form.ALL), ())
    series = [each for each in known if change.edition is None or each[0] <= change.edition][-_MOST_EDITIONS:]
    numbers = [value for _, value in series if isinstance(value, int)]
    if len(numbers) < 3:
        return None
    largest = max(numbers) or 1
    values = [(edition, wording.value_words(value, change.kind)) for edition, value in series]
    has_gaps = series[-1][0] - series[0][0] >= len(series)
    return FigureRun(
        editions=_span(series[0][0], series[-1][0]),
        blocks="".join(_block(value, largest) for _, value in series),
        values=", ".join(f"{words} ({edition})" if has_gaps else words for edition, words in values),
    )


def rate_words(change: Change, history: CountryHistory) -> str | None:
    """Return convictions per prosecution, of this edition and the one before where it is known.

    It is worked out and not read, and says so; null of what is neither convictions nor prosecutions.
    """
    if change.measure not in _RATED or change.edition is None or change.kind not in _RUNNING:
        return None
    rate = history.conviction_rates.get(change.edition)
    if rate is None:
        return None
    before = history.conviction_rates.get(change.edition - 1)
    than = f", {before:.3f} in the {change.edition - 1} report" if before is not None else ""
    return f"Convictions per prosecution (worked out): {rate:.3f} in the {change.edition} report{than}"


def _block(value: int | str | None, largest: int) -> str:
    if not isinstance(value, int):
        return "·"
    return _LEVELS[round(value / largest * (len(_LEVELS) - 1))]


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
