"""A figure as one line: measure, value, unit, form, relation, year, then what differs from the default."""

from __future__ import annotations

from pathlib import Path

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


def cases_of(name: str) -> list[tuple[str, str, list[str]]]:
    """The cases of a file: the heading over each, its text (after ``>``), its records (a line each)."""
    cases: list[tuple[str, str, list[str]]] = []
    heading = ""
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            heading = line.removeprefix("== ")
        elif line.startswith("> "):
            cases.append((heading, line.removeprefix("> "), []))
        elif line and not line.startswith("#"):
            cases[-1][2].append(line)
    return cases
