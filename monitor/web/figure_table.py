"""Decides how a country's figures are shown: by measure, edition and form, each with its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.comparison.derived import conviction_rate
from monitor.comparison.headline import candidates, headline_figure
from monitor.comparison.wording import figure_words
from monitor.delivery.wording import value_words
from monitor.domain.change import UNREPORTED, ChangeKind
from monitor.domain.figure import (
    CORE_MEASURES,
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
)
from monitor.storage.observations import ObservedFigure

_SHOWN_PER_CELL = 3
_RELATIONS = {
    Relation.CURRENT: "",
    Relation.PREVIOUS: "the year before: ",
    Relation.EARLIER: "an earlier year: ",
    Relation.CUMULATIVE: "over several years: ",
}


@dataclass(frozen=True, slots=True)
class Value:
    """One number as shown, or the text's word that there is none.

    ``number`` is null where the text says that there is none. ``look`` is ``number``, ``zero`` or
    ``unreported``; ``note`` what limits the number; ``anchor`` the place of its sentence on the page.
    """

    number: int | None
    words: str
    look: str
    note: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What a report gives for one measure and form: of its own period, and of the one before.

    Both are empty where the text does not mention it.
    """

    values: tuple[Value, ...]
    previous: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One edition's cells, in the order total, sex trafficking, labor trafficking."""

    edition: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A passage of a report, with what was read in it."""

    anchor: str
    text: str
    read: tuple[str, ...]
    source_url: str


@dataclass(frozen=True, slots=True)
class EditionSentences:
    edition: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """One measure over the editions, the newest first, and the sentences behind it."""

    measure: Measure
    rows: tuple[Row, ...]
    sentences: tuple[EditionSentences, ...]

    @property
    def is_silent(self) -> bool:
        """Whether no edition mentions the measure at all."""
        return not any(cell.values or cell.previous for row in self.rows for cell in row.cells)


@dataclass(frozen=True, slots=True)
class Rate:
    """Convictions per prosecution in one edition: worked out here, printed nowhere."""

    edition: int
    words: str
    convictions: str
    prosecutions: str


def conviction_rates(observed: Iterable[ObservedFigure]) -> tuple[Rate, ...]:
    """Return the rate of each edition that prints both numbers exactly, the newest first."""
    by_edition = _by_edition(observed)
    found = []
    for edition in sorted(by_edition, reverse=True):
        figures = [each.figure for each in by_edition[edition]]
        rate = conviction_rate(figures)
        if rate is not None:
            convicted = headline_figure(figures, Measure.CONVICTIONS, Form.ALL)
            prosecuted = headline_figure(figures, Measure.PROSECUTIONS, Form.ALL)
            if convicted and prosecuted:
                found.append(Rate(edition, f"{rate:.1%}", figure_words(convicted), figure_words(prosecuted)))
    return tuple(found)


def measure_tables(observed: Iterable[ObservedFigure], editions: Iterable[int]) -> tuple[MeasureTable, ...]:
    """Return one table per core measure.

    ``editions`` are those whose narrative was read: one that gives no figure still has its row, so
    that its silence shows.
    """
    found = [each for each in observed if each.edition is not None]
    years = sorted({*editions, *(each.edition for each in found if each.edition)}, reverse=True)
    return tuple(
        _measure_table(measure, _by_edition(each for each in found if _is_shown(each.figure, measure)), years)
        for measure in CORE_MEASURES
    )


@dataclass(frozen=True, slots=True)
class NewestNumber:
    """What the newest edition read gives for a measure; ``parts`` are by form, ``values`` the total.

    Both are empty where it does not mention the measure.
    """

    measure: Measure
    edition: int
    values: tuple[Value, ...]
    parts: tuple[tuple[str, Value], ...]


def newest_numbers(tables: Iterable[MeasureTable]) -> tuple[NewestNumber, ...]:
    """Return the newest row of each measure; nothing where no edition was read."""
    return tuple(
        NewestNumber(
            table.measure,
            table.rows[0].edition,
            table.rows[0].cells[0].values[:1],
            tuple(
                (form, cell.values[0])
                for form, cell in zip(("sex", "labor"), table.rows[0].cells[1:], strict=True)
                if cell.values
            ),
        )
        for table in tables
        if table.rows
    )


def other_sentences(observed: Iterable[ObservedFigure]) -> tuple[EditionSentences, ...]:
    """Return the passages behind all that the tables leave out: officials, groups, arrests, laws."""
    left = [
        each
        for each in observed
        if each.edition is not None and not any(_is_shown(each.figure, measure) for measure in CORE_MEASURES)
    ]
    by_edition = _by_edition(left)
    return tuple(_sentences("other", year, by_edition[year]) for year in sorted(by_edition, reverse=True))


def _is_shown(figure: Figure, measure: Measure) -> bool:
    return (
        figure.measure is measure
        and figure.accused is Accused.ANY
        and figure.group is Group.ALL
        and figure.reporter is Reporter.GOVERNMENT
    )


def _by_edition(observed: Iterable[ObservedFigure]) -> dict[int, list[ObservedFigure]]:
    found: dict[int, list[ObservedFigure]] = {}
    for each in observed:
        if each.edition is not None:
            found.setdefault(each.edition, []).append(each)
    return found


def _measure_table(
    measure: Measure, observed: Mapping[int, Sequence[ObservedFigure]], years: Sequence[int]
) -> MeasureTable:
    sentences = {year: _sentences(measure.value, year, observed.get(year, ())) for year in years}
    rows = []
    for year in years:
        anchors = {sentence.text: sentence.anchor for sentence in sentences[year].sentences}
        figures = [each.figure for each in observed.get(year, ())]
        cells = tuple(
            Cell(
                _values(candidates(figures, measure, form, Relation.CURRENT), anchors),
                _values(candidates(figures, measure, form, Relation.PREVIOUS), anchors),
            )
            for form in Form
        )
        rows.append(Row(year, cells))
    return MeasureTable(measure, tuple(rows), tuple(s for s in sentences.values() if s.sentences))


def _values(figures: Sequence[Figure], anchors: dict[str, str]) -> tuple[Value, ...]:
    """The different numbers among ``figures``, best first; where there is a number, its lack is no news."""
    numbers = [figure for figure in figures if figure.status is Status.REPORTED] or figures[:1]
    shown: dict[tuple[str, str], Value] = {}
    for figure in numbers:
        value = Value(
            figure.value, _words(figure), _look(figure), _note(figure), anchors[figure.evidence.text]
        )
        shown.setdefault((value.words, value.note), value)
    return tuple(shown.values())[:_SHOWN_PER_CELL]


def _words(figure: Figure) -> str:
    value = UNREPORTED if figure.value is None else figure.value
    return value_words(value, ChangeKind.FIGURE_CHANGED, figure.qualifier)


def _look(figure: Figure) -> str:
    if figure.value is None:
        return "unreported"
    return "zero" if figure.value == 0 and figure.qualifier is Qualifier.EXACT else "number"


def _note(figure: Figure) -> str:
    if figure.value is None:
        return ""
    parts = [figure.unit.value] if figure.measure is not Measure.VICTIMS_IDENTIFIED else []
    if figure.stage is not Stage.ANY:
        parts.append(figure.stage.value)
    if figure.year is not None:
        parts.append(f"in {figure.year}")
    if figure.confidence is Confidence.LOW:
        parts.append("unsure reading")
    return ", ".join(parts)


def _sentences(name: str, edition: int, observed: Iterable[ObservedFigure]) -> EditionSentences:
    by_text: dict[str, list[ObservedFigure]] = {}
    for each in sorted(observed, key=lambda each: each.figure.evidence.start):
        by_text.setdefault(each.figure.evidence.text, []).append(each)
    return EditionSentences(
        edition,
        tuple(
            Sentence(
                anchor=f"{name}-{edition}-{number}",
                text=text,
                read=tuple(dict.fromkeys(read_words(each.figure) for each in found)),
                source_url=found[0].url,
            )
            for number, (text, found) in enumerate(by_text.items(), 1)
        ),
    )


def read_words(figure: Figure) -> str:
    """Return what was read, in full: ``the year before: 31 convictions in 2011 (cases)``."""
    words = _law_words(figure) or figure_words(figure)
    if figure.year is not None:
        words += f" in {figure.year}"
    limits = [
        figure.unit.value if figure.value is not None and figure.measure in CORE_MEASURES else None,
        figure.stage.value if figure.stage is not Stage.ANY else None,
        "accused officials" if figure.accused is Accused.OFFICIALS else None,
        figure.group.value if figure.group is not Group.ALL else None,
        "not counted by the government" if figure.reporter is Reporter.OTHER else None,
        "unsure reading" if figure.confidence is Confidence.LOW else None,
    ]
    noted = ", ".join(limit for limit in limits if limit)
    return f"{_RELATIONS[figure.relation]}{words}" + (f" ({noted})" if noted else "")


def _law_words(figure: Figure) -> str | None:
    if figure.measure is Measure.PENALTY_YEARS:
        span = f"{figure.value} to {figure.maximum}" if figure.maximum is not None else f"{figure.value}"
        return f"penalties of {span} years"
    if figure.measure is Measure.FUNDING and figure.value is not None:
        return f"funding of {figure.currency or ''} {figure.value:,}".replace("  ", " ")
    return None
