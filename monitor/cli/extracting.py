"""Commands that read texts and touch no database: extract."""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import Format, fail, print_json, print_table, refuse
from monitor.domain.reading import DocumentKind, IssueCode

if TYPE_CHECKING:
    from monitor.domain.reading import Reading
    from monitor.extraction import Language

_MANY = 64
"""From this many texts on, starting a second process costs less than it saves."""
_CHUNK = 16

_FIGURE_COLUMNS = ("country", "measure", "form", "value", "unit", "relation", "year", "other", "sentence")


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    app.command()(extract)


def extract(
    path: Annotated[Path | None, typer.Argument(help="A text, HTML or PDF file.")] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help='JSON Lines of {"path", "kind", "country", "edition"}: one object a line comes out.'
        ),
    ] = None,
    kind: Annotated[DocumentKind, typer.Option(help="What the text is.")] = DocumentKind.NARRATIVE,
    country: Annotated[str | None, typer.Option(help="ISO3 code, where the text does not say.")] = None,
    edition: Annotated[int | None, typer.Option(min=2001, max=2100)] = None,
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Read one file, or a batch of them, and print what is in it; touches no database."""
    if (path is None) == (batch is None):
        refuse("give either a PATH or --batch FILE")
    if batch is not None:
        _extract_batch(batch)
        return
    assert path is not None  # noqa: S101 - the check above leaves nothing else
    iso3 = None
    if country:
        # Here, not above: workers of a batch need nothing of the settings that it brings.
        from monitor.cli.querying import known_country

        iso3 = known_country(country)
    try:
        reading = _read_file(path, kind.value, iso3, edition)
    except _unreadable() as error:
        fail([str(error)])
    else:
        _print_reading(reading, output)
        fail(
            [
                f"{path}: {issue.detail}: give a saved page or its text"
                for issue in reading.issues
                if issue.code in {IssueCode.EMPTY_TEXT, IssueCode.NOT_TEXT}
            ]
        )


def _print_reading(reading: Reading, output: Format) -> None:
    from monitor.jobs.interchange import figure_json, reading_json

    if output is Format.JSON:
        print_json(reading_json(reading))
        return
    rows = []
    for figure in reading.figures:
        shape = figure_json(figure)
        shape["value"] = "not reported" if figure.value is None else figure.value
        defaults = {
            "qualifier": "exact",
            "stage": "any",
            "accused": "any",
            "reporter": "government",
            "group": "all",
        }
        shape["other"] = ", ".join(str(shape[key]) for key, usual in defaults.items() if shape[key] != usual)
        shape["sentence"] = figure.evidence.text
        rows.append(shape)
    if output is Format.CSV:
        from monitor.cli.output import print_listing

        print_listing(rows, _FIGURE_COLUMNS, Format.CSV, empty="")
        return
    tier = reading.tier
    typer.echo(f"country: {reading.country or 'unknown'}; edition: {reading.edition or 'unknown'}")
    if tier:
        years = f", {tier.watch_list_years} consecutive years" if tier.watch_list_years else ""
        typer.echo(f"tier: {tier.value.label} ({tier.movement or 'movement not said'}{years})")
    else:
        typer.echo("tier: not said")
    print_table(rows, _FIGURE_COLUMNS, title="1 figure" if len(rows) == 1 else f"{len(rows)} figures")
    if reading.issues:
        issues = [
            {"code": issue.code, "why": issue.detail, "passage": issue.evidence.text}
            for issue in reading.issues
        ]
        passages = "1 passage" if len(issues) == 1 else f"{len(issues)} passages"
        print_table(issues, ("code", "why", "passage"), title=f"{passages} for a person to look at")


def _extract_batch(batch: Path) -> None:
    try:
        # Lines end at line feeds alone: a path may hold what else ends a line in Unicode.
        lines = batch.read_bytes().removeprefix(BOM_UTF8).split(b"\n")
    except OSError as error:
        fail([f"{batch}: {error.strerror}: give a readable file of JSON Lines"])
        return
    if any(b"\0" in line for line in lines):
        fail([f"{batch}: is not UTF-8 text: give a readable file of JSON Lines"])
        return
    jobs = [_job(batch, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    failures = []
    for answer, failure in _answers(jobs):
        typer.echo(answer)
        failures += [failure] if failure else []
    fail(failures)


@dataclass(frozen=True, slots=True)
class _Job:
    """One line of a batch; ``refused`` says why it is none."""

    path: str
    kind: str = DocumentKind.NARRATIVE.value
    country: str | None = None
    edition: int | None = None
    refused: str | None = None


def _job(batch: Path, number: int, line: bytes) -> _Job:
    where = f"{batch}, line {number}"
    try:
        shape = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return _Job("", refused=f"{where}: is not UTF-8 text: {_SHAPE}")
    except (ValueError, RecursionError):
        return _Job("", refused=f"{where}: is no JSON: {_SHAPE}")
    if not isinstance(shape, dict):
        return _Job("", refused=f"{where}: is no JSON object: {_SHAPE}")
    path, country, edition = shape.get("path"), shape.get("country"), shape.get("edition")
    kind = DocumentKind.NARRATIVE.value if shape.get("kind") in (None, "") else shape["kind"]
    wrong = [
        ("path", "a text", isinstance(path, str) and path != "" and "\0" not in path),
        ("kind", "narrative or news", isinstance(kind, str) and kind in set(DocumentKind)),
        ("country", "null or a code such as ARG", country is None or isinstance(country, str)),
        ("edition", "null or a year", edition is None or type(edition) is int),
    ]
    for key, expected, is_right in wrong:
        if not is_right:
            given = json.dumps(shape.get(key), ensure_ascii=False)[:80]
            return _Job("", refused=f"{where}: {key} is {given}: give {expected}")
    return _Job(str(batch.parent / str(path)), kind, country.upper() if country else None, edition)


_SHAPE = 'give {"path", "kind", "country", "edition"}'


def _answers(jobs: list[_Job]) -> Iterable[tuple[str, str | None]]:
    cores = cpu_count() or 1
    if len(jobs) < _MANY or cores == 1:
        yield from map(_answer, jobs)
        return
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_answer, jobs, chunksize=_CHUNK)


def _answer(job: _Job) -> tuple[str, str | None]:
    """Return the JSON line of one text, and the failure line where it could not be read."""
    from monitor.jobs.interchange import reading_json

    failure = job.refused
    if failure is None:
        try:
            read = _read_file(Path(job.path), job.kind, job.country, job.edition)
            return json.dumps(reading_json(read), ensure_ascii=False), None
        except _unreadable() as error:
            failure = str(error)
    issue = {"code": "not_text", "text": "", "start": 0, "end": 0}
    shape = reading_json(_nothing(job.kind, job.country, job.edition)) | {"issues": [issue]}
    return json.dumps(shape, ensure_ascii=False), failure


def _nothing(kind: str, country: str | None, edition: int | None) -> Reading:
    from monitor.domain.reading import Reading

    return Reading(DocumentKind(kind), country, edition, None, (), ())


def _read_file(path: Path, kind: str, country: str | None, edition: int | None) -> Reading:
    from monitor.extraction import read

    language = _language()
    text = "".join(_texts(path, kind, language))
    return read(text, kind=DocumentKind(kind), country=country, edition=edition, language=language)


def _texts(path: Path, kind: str, language: Language) -> Iterator[str]:
    """The text of a file; a plain text as it stands, so that offsets point into the file."""
    from monitor.fetching.failures import FetchFailed

    try:
        content = path.read_bytes()
    except OSError as error:
        raise FetchFailed(
            str(path), error.strerror or "cannot be read", hint="give a readable file"
        ) from None
    suffix = path.suffix.lower()
    if suffix in {".html", ".htm"} and kind == DocumentKind.NEWS.value:
        yield _article_text(path, content)
    elif suffix in {".html", ".htm", ".pdf"}:
        yield "\n".join(_saved_texts(path, content, language))
    else:
        yield _decoded(content)


def _article_text(path: Path, content: bytes) -> str:
    from monitor.bootstrap import utc_now
    from monitor.domain.source import Snapshot
    from monitor.fetching.article import read_article

    url = path.resolve().as_uri()
    return read_article(Snapshot(url, url, utc_now(), "text/html", content)).text


def _saved_texts(path: Path, content: bytes, language: Language) -> Iterator[str]:
    from monitor.fetching.saved import read_saved
    from monitor.fetching.sites import read_sites
    from monitor.settings.files import shipped

    sites = read_sites(shipped("config") / "sites.toml")
    # Extraction only prints: a page of another report is read like any text.
    countries = language.gazetteer.countries
    for narrative in read_saved(path, content, countries, sites, edition=2001, country="USA"):
        yield narrative.text


def _decoded(content: bytes) -> str:
    """Return a text as it stands; a mark of UTF-8 stays, so that offsets count every character."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


@cache
def _language() -> Language:
    """Built here, not by ``bootstrap``: each worker of a batch would wait a second for its imports."""
    from monitor.extraction import Language
    from monitor.settings.tables import load_tables

    return Language.from_tables(load_tables())


def _unreadable() -> type[Exception]:
    from monitor.fetching.failures import FetchFailed

    return FetchFailed
