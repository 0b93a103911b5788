"""Decides which numbers that an article gives a country are no numbers of their own.

Articles say a thing twice: the headline rounds what the text counts, or leaves out that it was counted
over years. And they split by place: what one province or city counted is a part of what the country did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from monitor.domain.figure import Form, Measure, Qualifier, Relation
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
        exact = {(d.value, d.relation) for d in told if d.qualifier is Qualifier.EXACT}
        totals = {value for d in told if d.relation is Relation.CUMULATIVE and (value := d.value)}
        national = max((d.value or 0 for d in told if _is_total(d) and not is_local(d)), default=0)
        for draft in told:
            rounded = draft.qualifier is not Qualifier.EXACT and any(
                relation is draft.relation and _rounds(draft, value or 0) for value, relation in exact
            )
            undated = draft.relation is Relation.CURRENT and draft.year is None
            forgotten = undated and any(value == draft.value or _rounds(draft, value) for value in totals)
            part = draft.form is Form.ALL and (draft.value or 0) < national and is_local(draft)
            if rounded or forgotten or part:
                dropped.add(draft.source)
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


def _is_total(draft: Draft) -> bool:
    return draft.form is Form.ALL and draft.relation is Relation.CURRENT and draft.parent is None


def _rounds(draft: Draft, exact: int) -> bool:
    """Whether "more than 700" may stand for 712, "close to 600" for 593; "over 700" not for 812."""
    value = draft.value or 0
    if draft.qualifier is Qualifier.EXACT or value == exact:
        return False
    step = 1
    while value % (step * 10) == 0:
        step *= 10
    below = {Qualifier.AT_LEAST: 0, Qualifier.AT_MOST: step}.get(draft.qualifier, step)
    above = {Qualifier.AT_LEAST: step, Qualifier.AT_MOST: 0}.get(draft.qualifier, step)
    return step > 1 and value - below < exact < value + above
