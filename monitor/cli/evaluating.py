"""The command that measures the extractor against labelled passages: evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import Format, fail, print_json, print_listing, print_table

if TYPE_CHECKING:
    from monitor.jobs.evaluation import Evaluation, Miss, Score

_COLUMNS = ("group", "name", "precision", "recall", "f1", "hits", "extra", "missed")


def register(app: typer.Typer) -> None:
    """Add this module's command to ``app``."""
    app.command()(evaluate)


def evaluate(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="labels.jsonl and one ID.txt a passage.")],
    show: Annotated[bool, typer.Option("--show", help="Print every miss in its sentence.")] = False,
    output: Annotated[Format, typer.Option("--format", help="Table for people, json or csv.")] = Format.TABLE,
) -> None:
    """Print precision, recall and F1 against labelled passages, by measure, form, era and kind."""
    from monitor.bootstrap import vocabulary
    from monitor.extraction import read
    from monitor.jobs.evaluation import evaluate as compare
    from monitor.jobs.evaluation import labelled_passages

    labels = directory / "labels.jsonl"
    try:
        passages = labelled_passages(labels.read_text("utf-8").splitlines())
        texts = [(directory / f"{passage.id}.txt").read_bytes().decode("utf-8") for passage in passages]
    except OSError as error:
        fail([f"{error.filename}: {error.strerror}: give a directory with labels.jsonl and its texts"])
        return
    except ValueError as error:
        fail([f"{labels}: {error}: mend that line or text"])
        return
    language = vocabulary().language
    readings = [
        read(text, kind=passage.kind, country=passage.country, edition=passage.edition, language=language)
        for passage, text in zip(passages, texts, strict=True)
    ]
    _print(compare(passages, readings, texts), output, show=show)


def _print(result: Evaluation, output: Format, *, show: bool) -> None:
    rows = [_row("all", "core", result.score)]
    rows += [
        _row(group, name, score) for group, scores in result.by.items() for name, score in scores.items()
    ]
    misses = [_miss(each) for each in result.misses]
    if output is Format.JSON:
        shape = {**_summary(result), "scores": rows}
        print_json(shape | {"misses": misses} if show else shape)
        return
    if output is Format.CSV:
        print_listing(rows, _COLUMNS, output, empty="")
        return
    for name, value in _summary(result).items():
        typer.echo(f"{name}: {'-' if value is None else value}")
    print_table(rows, _COLUMNS)
    if show:
        print_table(misses, ("passage", "what", "measure", "form", "relation", "value", "sentence"))


def _summary(result: Evaluation) -> dict[str, object]:
    return {
        "passages": result.passages,
        "exact_passages": result.exact_passages,
        "passages_with_only_false_alarms": result.passages_with_only_false_alarms,
        "tiers": result.tiers,
        "tier_accuracy": _rounded(result.tier_accuracy),
        **{f"{name}_accuracy": _rounded(value) for name, value in result.side.items()},
    }


def _row(group: str, name: str, score: Score) -> dict[str, object]:
    return {
        "group": group,
        "name": name,
        "precision": _rounded(score.precision),
        "recall": _rounded(score.recall),
        "f1": _rounded(score.f1),
        "hits": score.hits,
        "extra": score.extra,
        "missed": score.missed,
    }


def _miss(miss: Miss) -> dict[str, object]:
    return {
        "passage": miss.passage,
        "what": "wrongly found" if miss.found else "missed",
        "measure": miss.key.measure.value,
        "form": miss.key.form.value,
        "relation": miss.key.relation.value,
        "value": "not reported" if miss.key.value is None else miss.key.value,
        "country": miss.key.country,
        "sentence": miss.sentence,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
