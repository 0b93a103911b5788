"""A figure as one line: measure, value, unit, form, relation, year, then what differs from the default."""

from __future__ import annotations

from monitor.domain.figure import Figure

_DEFAULTS = {
    "qualifier": "exact",
    "stage": "any",
    "accused": "any",
    "reporter": "government",
    "group": "all",
}


def record_of(figure: Figure) -> str:
    value = "unreported" if figure.value is None else str(figure.value)
    parts = [figure.measure, value, figure.unit, figure.form, figure.relation, str(figure.year or "-")]
    parts += [
        f"{name}={getattr(figure, name)}"
        for name, default in _DEFAULTS.items()
        if getattr(figure, name) != default
    ]
    return " ".join(parts)
