"""Chooses the headline figure: the one that stands for (country, edition, measure, form).

The rule, in order of weight, among figures that count everyone accused, all victims, and that the
government gives:

1. a number before the word that there is none;
2. the unit: persons before cases for prosecutions, convictions and victims, cases before persons
   for investigations;
3. a total over stages before new cases, new before continued ones;
4. exact before bounded or rounded;
5. read with high confidence before low;
6. the larger number, since a total is never smaller than its part;
7. the place in the text, so that the choice never depends on the order of reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from monitor.domain.figure import (
    Accused,
    Confidence,
    Figure,
    Form,
    Group,
    Measure,
    Qualifier,
    Relation,
    Reporter,
    Stage,
    Status,
    Unit,
)

_STAGES: dict[str, int] = {Stage.ANY: 0, Stage.NEW: 1, Stage.CONTINUED: 2}


def candidates(
    figures: Iterable[Figure], measure: Measure, form: Form, relation: Relation
) -> tuple[Figure, ...]:
    """Return the figures that may stand for the measure, best first."""
    fitting = [
        figure
        for figure in figures
        if figure.measure is measure
        and figure.form is form
        and figure.relation is relation
        and figure.accused is Accused.ANY
        and figure.group is Group.ALL
        and figure.reporter is Reporter.GOVERNMENT
    ]
    return tuple(sorted(fitting, key=_rank))


def headline_figure(
    figures: Iterable[Figure], measure: Measure, form: Form, relation: Relation = Relation.CURRENT
) -> Figure | None:
    """Return the figure that stands for the measure, or None where the text is silent."""
    found = candidates(figures, measure, form, relation)
    return found[0] if found else None


def comparable_pair(
    old: Sequence[Figure], new: Sequence[Figure], may_pair: Callable[[Figure, Figure], bool]
) -> tuple[Figure, Figure] | None:
    """Return the best old and new figure, in the same unit and stage where both sides have one.

    ``old`` and ``new`` come best first. None where no two numbers ``may_pair``.
    """
    pairs = [
        (
            (before.unit is not after.unit, before.stage is not after.stage, rank_old + rank_new, rank_old),
            before,
            after,
        )
        for rank_old, before in enumerate(old)
        for rank_new, after in enumerate(new)
        if before.status is Status.REPORTED and after.status is Status.REPORTED and may_pair(before, after)
    ]
    if not pairs:
        return None
    _, before, after = min(pairs, key=lambda pair: pair[0])
    return before, after


def rank_of_number(
    measure: str, *, unit: str, stage: str, qualifier: str, confidence: str, value: int
) -> tuple[int | bool, ...]:
    """Return where a number stands among those of its measure and form: the least is the headline.

    Takes the enums or their values, so that stored numbers need not become figures first.
    """
    preferred = Unit.CASES if measure == Measure.INVESTIGATIONS else Unit.PERSONS
    return (
        unit != preferred,
        _STAGES[stage],
        qualifier != Qualifier.EXACT,
        confidence == Confidence.LOW,
        -value,
    )


def _rank(figure: Figure) -> tuple[int | bool, ...]:
    number = rank_of_number(
        figure.measure,
        unit=figure.unit,
        stage=figure.stage,
        qualifier=figure.qualifier,
        confidence=figure.confidence,
        value=figure.value or 0,
    )
    return (figure.status is Status.UNREPORTED, *number, figure.evidence.start, figure.evidence.end)
