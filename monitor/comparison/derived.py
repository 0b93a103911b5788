"""Works out numbers that no text prints: they are told as derived, and never stored as observed."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.comparison.headline import headline_figure
from monitor.domain.figure import Figure, Form, Measure, Qualifier, Status


def total_of_parts(figures: Iterable[Figure], measure: Measure) -> int | None:
    """Return the sum of both forms where the text prints both exactly, in one unit, and no total.

    It is a total of what is printed by form: a text may count more without saying of which form.
    """
    found = tuple(figures)
    if headline_figure(found, measure, Form.ALL) is not None:
        return None
    sex = headline_figure(found, measure, Form.SEX)
    labor = headline_figure(found, measure, Form.LABOR)
    if sex is None or labor is None or not (_is_exact(sex) and _is_exact(labor)):
        return None
    if (sex.unit, sex.stage) != (labor.unit, labor.stage):
        return None
    return (sex.value or 0) + (labor.value or 0)


def conviction_rate(figures: Iterable[Figure]) -> float | None:
    """Return convictions per prosecution of the same edition and unit, to three digits.

    It may exceed 1: a conviction may end a prosecution of an earlier year. None where either is not
    printed exactly or nobody was prosecuted.
    """
    found = tuple(figures)
    convictions = headline_figure(found, Measure.CONVICTIONS, Form.ALL)
    prosecutions = headline_figure(found, Measure.PROSECUTIONS, Form.ALL)
    if convictions is None or prosecutions is None:
        return None
    if not (_is_exact(convictions) and _is_exact(prosecutions)) or convictions.unit is not prosecutions.unit:
        return None
    if not prosecutions.value:
        return None
    return round((convictions.value or 0) / prosecutions.value, 3)


def _is_exact(figure: Figure) -> bool:
    return figure.status is Status.REPORTED and figure.qualifier is Qualifier.EXACT
