"""Decides which numbers that an article gives a country are no numbers of their own.

Articles say a thing twice: the headline rounds what the text counts, or leaves out that it was counted
over years. And they split by place: what one province or city counted is a part of what the country did.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence

from monitor.domain.figure import Form, Measure, Qualifier, Relation, Unit
from monitor.extraction.drafts import Draft


def without_retold(drafts: Sequence[Draft], is_local: Callable[[Draft], bool]) -> list[Draft]:
    """Return the drafts of one country without rounded repeats, forgotten periods and parts by place.

    Args:
        drafts: what an article counts of one country, in order.
        is_local: whether a number is a place's within the country.
    """
    alike: dict[Measure, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.value:
            alike[draft.measure].append(draft)
    dropped: set[int] = set()
    for told in alike.values():
        _relate_last_year(told)
        dropped |= {draft.source for draft in (*_rounded(told), *_forgotten(told), *_local(told, is_local))}
    return [
        draft
        for draft in drafts
        if draft.source not in dropped
        and draft.basis not in dropped
        and (draft.parent is None or draft.parent.source not in dropped)
    ]


def _relate_last_year(told: Sequence[Draft]) -> None:
    """Beside what was counted this year, last year's count is of the year before."""
    current = [d for d in told if d.relation is Relation.CURRENT]
    if any(d.when == "this" for d in current):
        for draft in current:
            if draft.when == "last" and draft.year is None:
                draft.relation = Relation.PREVIOUS


def _rounded(told: Sequence[Draft]) -> list[Draft]:
    """ "More than 700" beside 712."""
    exact: dict[Relation, list[int]] = defaultdict(list)
    for draft in told:
        if draft.qualifier is Qualifier.EXACT:
            exact[draft.relation].append(draft.value or 0)
    for values in exact.values():
        values.sort()
    return [draft for draft in told if _stands_for(draft, exact[draft.relation])]


def _forgotten(told: Sequence[Draft]) -> list[Draft]:
    """ "631 convictions" in a headline, where the text counts them over years."""
    totals = sorted(d.value or 0 for d in told if d.relation is Relation.CUMULATIVE)
    known = set(totals)
    undated = (d for d in told if d.relation is Relation.CURRENT and d.year is None)
    return [draft for draft in undated if draft.value in known or _stands_for(draft, totals)]


def _local(told: Sequence[Draft], is_local: Callable[[Draft], bool]) -> list[Draft]:
    """What a place counted beside a larger number of its country."""
    whole = [d for d in told if d.form is Form.ALL and d.relation is Relation.CURRENT and d.parent is None]
    national: dict[Unit, int] = {}
    local: list[Draft] = []
    for draft in whole:
        if is_local(draft):
            local.append(draft)
        else:
            national[draft.unit] = max(draft.value or 0, national.get(draft.unit, 0))
    return [draft for draft in local if (draft.value or 0) < national.get(draft.unit, 0)]


def _stands_for(draft: Draft, exact: Sequence[int]) -> bool:
    """Whether "more than 700" may stand for one of the sorted numbers, as for 712 but not for 812."""
    value = draft.value or 0
    if draft.qualifier is Qualifier.EXACT:
        return False
    step = 1
    while value % (step * 10) == 0:
        step *= 10
    least = value + 1 if draft.qualifier is Qualifier.AT_LEAST else value - step + 1
    most = value - 1 if draft.qualifier is Qualifier.AT_MOST else value + step - 1
    after = bisect_right(exact, most)
    nearest = exact[after - 1] if after else None
    return step > 1 and nearest is not None and nearest >= least and nearest != value
