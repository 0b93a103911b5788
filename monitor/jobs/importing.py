"""Reads saved files as if they had been fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.domain.document import Document, Edition
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.source import Snapshot
from monitor.extraction import read
from monitor.fetching.failures import FetchFailed
from monitor.fetching.report import NarrativeText
from monitor.fetching.saved import read_saved
from monitor.jobs.outcome import Outcome, Reader
from monitor.jobs.page import keep
from monitor.jobs.progress import Progress, quiet
from monitor.jobs.recording import Recorded, record_edition, record_narrative
from monitor.storage.documents import narrative
from monitor.storage.editions import editions

IMPORT = "import"
"""The source key of documents that came from files."""

_LARGEST_FILE = 200 * 1024 * 1024


def import_files(
    paths: Iterable[Path],
    reader: Reader,
    *,
    edition: int | None = None,
    country: str | None = None,
    progress: Progress = quiet,
) -> Outcome:
    """Store the narratives of files and of folders' files, counting in the outcome returned.

    ``edition`` and ``country`` win over what a file says of itself.
    """
    outcome = Outcome(IMPORT)
    files = list(_files(paths, outcome))
    for done, path in enumerate(files, start=1):
        try:
            _import_file(path, reader, outcome, edition, country)
        except FetchFailed as failure:
            outcome.failures.append(str(failure))
        except OSError as error:
            outcome.failures.append(f"{path}: {error.strerror or error}: give a readable file")
        progress("files", done, len(files))
    return outcome


def _files(paths: Iterable[Path], outcome: Outcome) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                found for found in path.rglob("*") if found.is_file() and not found.name.startswith(".")
            )
        elif path.exists():
            yield path
        else:
            outcome.failures.append(f"{path}: no such file: check the path")


def _import_file(
    path: Path, reader: Reader, outcome: Outcome, edition: int | None, country: str | None
) -> None:
    if path.stat().st_size > _LARGEST_FILE:
        raise FetchFailed(
            str(path), "it is larger than 200 MiB", hint="split it, or import single narratives"
        )
    content = path.read_bytes()
    snapshot = Snapshot(
        url=path.resolve().as_uri(),
        final_url=path.resolve().as_uri(),
        fetched_at=reader.now(),
        media_type="application/octet-stream",
        content=content,
    )
    keep(reader.database, snapshot)
    for text in read_saved(path, content, reader.countries, reader.sites, edition=edition, country=country):
        try:
            recorded, reading = _store(path, text, snapshot, reader, outcome)
        except FetchFailed as failure:
            outcome.failures.append(str(failure))
        else:
            outcome.narratives += outcome.count(recorded, reading, where=str(path))


def _store(
    path: Path, text: NarrativeText, snapshot: Snapshot, reader: Reader, outcome: Outcome
) -> tuple[Recorded, Reading]:
    reading = read(
        text.text,
        kind=DocumentKind.NARRATIVE,
        country=text.country,
        edition=text.edition,
        language=reader.language,
    )
    if reading.country is None:
        raise FetchFailed(str(path), "no country is named in it", hint="give --country ISO3")
    if text.edition is None:
        raise FetchFailed(str(path), "no edition is named in it", hint="give --edition YEAR")
    document = Document(
        kind=DocumentKind.NARRATIVE,
        url=text.url,
        title=text.title,
        text=text.text,
        source_key=IMPORT,
        snapshot_sha256=snapshot.sha256,
        country=reading.country,
        edition=text.edition,
    )
    name = reader.countries.name_of(reading.country)
    with reader.database.transaction() as session:
        known = narrative(session, reading.country, text.edition)
        if reading.tier is None and known is not None and known.document.text != text.text:
            raise FetchFailed(
                str(path),
                f"no tier is found in it, and {name} {text.edition} is stored with one",
                hint="the stored narrative was kept; import a page of the TIP Report",
            )
        newest = max([each.year for each in editions(session)] + [text.edition])
        published = record_edition(
            session,
            Edition(text.edition, text.url, f"{text.edition} Trafficking in Persons Report"),
            newest=newest,
            now=reader.now(),
        )
        recorded = record_narrative(
            session,
            document,
            reading,
            countries=reader.countries,
            newest=newest,
            now=reader.now(),
            rules=reader.tier_rules,
        )
    outcome.editions += len(published)
    outcome.changes += published
    if reading.tier is None and recorded.new:
        outcome.failures.append(
            f"{path}: no tier is found in it: its figures were stored, its tier stays unknown"
        )
    return recorded, reading
