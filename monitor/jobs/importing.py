"""Reads saved files as if they had been fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.domain.change import Change
from monitor.domain.document import IMPORT, Document, Edition
from monitor.domain.reading import DocumentKind
from monitor.domain.source import Snapshot
from monitor.extraction import read
from monitor.fetching.failures import FetchFailed
from monitor.fetching.report import NarrativeText
from monitor.fetching.saved import read_saved
from monitor.jobs.outcome import Outcome, Reader
from monitor.jobs.progress import Progress, quiet
from monitor.jobs.recording import Found, record_edition, record_narratives
from monitor.storage.documents import StoredDocument, narratives_of
from monitor.storage.editions import editions
from monitor.storage.snapshots import keep_snapshot

_LARGEST_FILE = 200 * 1024 * 1024
_MOST_AT_ONCE = 250


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
    texts: list[_Saved] = []
    for done, path in enumerate(files, start=1):
        try:
            texts += _texts(path, reader, edition, country)
        except FetchFailed as failure:
            outcome.failures.append(str(failure))
        except OSError as error:
            outcome.failures.append(f"{path}: {error.strerror or error}: give a readable file")
        progress("files", done, len(files))
    # What changed between editions of one import is history but in the newest of them.
    newest = max((each.text.edition for each in texts if each.text.edition is not None), default=0)
    waiting: dict[tuple[str, int], _Read] = {}
    for done, saved in enumerate(texts, start=1):
        try:
            found = _read(saved, reader)
        except FetchFailed as failure:
            outcome.failures.append(str(failure))
        else:
            key = (found.found.country, found.found.edition)
            if key in waiting or len(waiting) >= _MOST_AT_ONCE:
                _record(list(waiting.values()), newest, reader, outcome)
                waiting = {}
            waiting[key] = found
        progress("narratives", done, len(texts))
    _record(list(waiting.values()), newest, reader, outcome)
    return outcome


@dataclass(frozen=True, slots=True)
class _Saved:
    """A narrative's text in a file whose bytes were kept."""

    path: Path
    text: NarrativeText
    snapshot_sha256: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A narrative that was read out of a file."""

    path: Path
    found: Found


def _files(paths: Iterable[Path], outcome: Outcome) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            files = sorted(
                found for found in path.rglob("*") if found.is_file() and not found.name.startswith(".")
            )
            if not files:
                outcome.failures.append(f"{path}: no file is in this folder: check the path")
            yield from files
        elif path.exists():
            yield path
        else:
            outcome.failures.append(f"{path}: no such file: check the path")


def _texts(path: Path, reader: Reader, edition: int | None, country: str | None) -> list[_Saved]:
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
    with reader.database.transaction() as session:
        keep_snapshot(session, snapshot)
    found = read_saved(path, content, reader.countries, reader.sites, edition=edition, country=country)
    return [_Saved(path, text, snapshot.sha256) for text in found]


def _read(saved: _Saved, reader: Reader) -> _Read:
    path, text = saved.path, saved.text
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
        snapshot_sha256=saved.snapshot_sha256,
        country=reading.country,
        edition=text.edition,
    )
    return _Read(path, Found(document, reading))


def _record(waiting: Sequence[_Read], newest: int, reader: Reader, outcome: Outcome) -> None:
    """Store narratives with all that follows from them, in one transaction."""
    if not waiting:
        return
    again = reader.present().beside(each.found.document for each in waiting)
    with reader.database.transaction() as session:
        known = narratives_of(session, [(each.found.country, each.found.edition) for each in waiting])
        taken = [each for each in waiting if not _would_lose_its_tier(each, known, reader, outcome)]
        newest = max([newest, *(each.year for each in editions(session))])
        published: list[Change] = []
        for year in sorted({each.found.edition for each in taken}):
            url = next(each.found.document.url for each in taken if each.found.edition == year)
            edition = Edition(year, url, f"{year} Trafficking in Persons Report")
            published += record_edition(session, edition, newest=newest, now=reader.now())
        recorded = record_narratives(
            session,
            [each.found for each in taken],
            countries=reader.countries,
            newest=newest,
            now=reader.now(),
            rules=reader.tier_rules,
            again=again,
        )
    outcome.editions += len(published)
    outcome.changes += published
    for each, result in zip(taken, recorded, strict=True):
        outcome.narratives += outcome.count(result, each.found.reading, where=str(each.path))
        if each.found.reading.tier is None and result.new:
            outcome.failures.append(
                f"{each.path}: no tier is found in it: its figures were stored, its tier stays unknown"
            )


def _would_lose_its_tier(
    each: _Read, known: Mapping[tuple[str, int], StoredDocument], reader: Reader, outcome: Outcome
) -> bool:
    """Whether a narrative without a tier would replace another text, which is then kept."""
    stored = known.get((each.found.country, each.found.edition))
    if each.found.reading.tier or stored is None or stored.document.text == each.found.document.text:
        return False
    name = reader.countries.name_of(each.found.country)
    failure = FetchFailed(
        str(each.path),
        f"no tier is found in it, and {name} {each.found.edition} is stored with one",
        hint="the stored narrative was kept; import a page of the TIP Report",
    )
    outcome.failures.append(str(failure))
    return True
