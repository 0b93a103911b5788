"""Writes the headline of a change: one plain English line."""

from __future__ import annotations

from monitor.domain.change import Direction
from monitor.domain.figure import Figure, Form, Measure, Qualifier
from monitor.domain.tier import Tier

_NOUNS = {
    Measure.INVESTIGATIONS: ("investigation", "investigations"),
    Measure.PROSECUTIONS: ("prosecution", "prosecutions"),
    Measure.CONVICTIONS: ("conviction", "convictions"),
    Measure.VICTIMS_IDENTIFIED: ("victim", "victims"),
    Measure.ARRESTS: ("arrest", "arrests"),
    Measure.SENTENCES: ("sentence", "sentences"),
    Measure.VICTIMS_ASSISTED: ("victim", "victims"),
    Measure.INSPECTIONS: ("inspection", "inspections"),
    Measure.PENALTY_YEARS: ("year of penalty", "years of penalty"),
    Measure.FUNDING: ("unit of funding", "units of funding"),
}
_FORMS = {Form.ALL: "", Form.SEX: "sex trafficking ", Form.LABOR: "labor trafficking "}
_VICTIMS = {Measure.VICTIMS_IDENTIFIED: "identified ", Measure.VICTIMS_ASSISTED: "assisted "}
_QUALIFIERS = {
    Qualifier.EXACT: "",
    Qualifier.AT_LEAST: "at least ",
    Qualifier.AT_MOST: "at most ",
    Qualifier.ABOUT: "about ",
}
_ORDER = [Tier.THREE, Tier.TWO_WATCH_LIST, Tier.TWO, Tier.ONE]


def counted(measure: Measure, form: Form, value: int, qualifier: Qualifier = Qualifier.EXACT) -> str:
    """Return ``17 convictions``, ``no sex trafficking convictions``, ``about 1,200 identified victims``."""
    singular, plural = _NOUNS[measure]
    number = "no" if value == 0 else f"{value:,}"
    noun = singular if value == 1 else plural
    return f"{_QUALIFIERS[qualifier]}{number} {_VICTIMS.get(measure, '')}{_FORMS[form]}{noun}"


def quantity(figure: Figure) -> str:
    """Return the bare number of a reported figure: ``17``, ``at least 30``, ``zero``."""
    return f"{_QUALIFIERS[figure.qualifier]}{figure.value:,}" if figure.value else "zero"


def measure_words(measure: Measure, form: Form) -> str:
    """Return ``convictions`` or ``sex trafficking convictions``."""
    return f"{_VICTIMS.get(measure, '')}{_FORMS[form]}{_NOUNS[measure][1]}"


def figure_words(figure: Figure) -> str:
    """Return the counted words of a reported figure, ``no figure on convictions`` of an unreported one."""
    if figure.value is None:
        return f"no figure on {measure_words(figure.measure, figure.form)}"
    return counted(figure.measure, figure.form, figure.value, figure.qualifier)


def period(figure: Figure, edition: int) -> str:
    """Return the year that the text names, else the edition: a year is never worked out."""
    return f"in {figure.year}" if figure.year else f"in the {edition} report"


def difference(old: Figure, way: Direction | None) -> str:
    """Return ``down from 31``, ``up from about 31``, or ``after at least 31`` where the way is not sure."""
    words = {Direction.UP: "up from", Direction.DOWN: "down from", None: "after"}[way]
    number = "none" if old.value == 0 else f"{_QUALIFIERS[old.qualifier]}{old.value:,}"
    return f"{words} {number}"


def direction_of(old: int, new: int) -> Direction | None:
    if old == new:
        return None
    return Direction.UP if new > old else Direction.DOWN


def tier_steps(old: Tier, new: Tier) -> int | None:
    """Return by how many ranks a placement moved, below zero for a downgrade.

    None between a ranked tier and Special Case, which is no rank, and where nothing moved.
    """
    if old not in _ORDER or new not in _ORDER or old is new:
        return None
    return _ORDER.index(new) - _ORDER.index(old)


def tier_direction(old: Tier, new: Tier) -> Direction | None:
    """Return the way of a placement; None between a ranked tier and Special Case, which is no rank."""
    steps = tier_steps(old, new)
    return None if steps is None else Direction.UP if steps > 0 else Direction.DOWN


def tier_words(old: Tier, new: Tier) -> str:
    """Return ``upgraded from Tier 3 to Tier 2 Watch List``."""
    verb = {Direction.UP: "upgraded", Direction.DOWN: "downgraded", None: "moved"}[tier_direction(old, new)]
    return f"{verb} from {old.label} to {new.label}"
