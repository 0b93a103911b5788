"""How long comparing takes, and asking: ``python -m tests.benchmarks.comparison [--asking] [--postgresql]``.

Comparing: an edition of 190 countries with 12 figures each against 25 stored ones, compared anew (as
``replay`` does) and stored and compared for the first time (as ``check`` and ``import`` do), with the
number of queries, and the same for 19 countries. Asking: ``figures`` and ``changes`` of a store of
10,000 observations and of 1,000,000, answers of the same size. Figures are made up; nothing is asserted.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median

from sqlalchemy import event

from monitor.bootstrap import shipped_countries, tier_rules
from monitor.domain.change import Cause
from monitor.domain.country import Countries
from monitor.domain.document import Document, Edition
from monitor.domain.figure import CORE_MEASURES, Evidence, Figure, Form, Relation
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.source import Snapshot
from monitor.domain.tier import Tier, TierReading
from monitor.jobs.recomparing import recompare
from monitor.jobs.recording import Found, record_narratives
from monitor.storage.changes import changes
from monitor.storage.database import Database, Session
from monitor.storage.documents import add_document
from monitor.storage.editions import add_edition
from monitor.storage.observations import figures, record_reading
from monitor.storage.schema import migrate
from monitor.storage.snapshots import keep_snapshot
from tests.benchmarks import store
from tests.storage.postgresql import administer, database_url, running_postgresql

_NEW = 2026
_STORED = range(_NEW - 25, _NEW)
_NOW = datetime(2026, 7, 1, tzinfo=UTC)
_SNAPSHOT = Snapshot("https://report.example/", "https://report.example/", _NOW, "text/html", b"made up")

Databases = Callable[[], AbstractContextManager[Database]]
"""Gives an empty database."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--asking", action="store_true", help="measure figures and changes of large stores")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL; else on SQLite")
    wanted = parser.parse_args()
    measure = _asking if wanted.asking else _comparing
    if not wanted.postgresql:
        measure(_sqlite)
        return
    names = count(1)

    @contextmanager
    def database() -> Iterator[Database]:
        name = f"bench_{next(names)}"
        administer(socket, f"CREATE DATABASE {name}")
        found = Database(database_url(socket, name))
        try:
            yield found
        finally:
            found.dispose()

    with running_postgresql() as socket:
        measure(database)


def _comparing(databases: Databases) -> None:
    for number in (19, 190):
        with databases() as database:
            codes = list(shipped_countries())[:number]
            _fill(database, codes)
            at_once = _measured(database, _at_once, codes)
            recorded = _measured(database, _recorded, codes)
            for name, (seconds, processor, queries, found) in (
                ("stored and compared again", at_once),
                ("new, stored and compared", recorded),
            ):
                print(
                    f"{number} countries, 12 figures, 25 stored editions, {name}: "
                    f"{seconds:.2f} s ({processor:.2f} s of processor), {queries} queries, {found} changes"
                )


def _asking(databases: Databases) -> None:
    countries = shipped_countries()
    # So that both stores hold as much of Argentina, the small one holds fewer countries beside it.
    few = Countries([countries["ARG"], countries["BOL"]])
    with databases() as small, databases() as large:
        store.fill(small, few, 10_000)
        store.fill(large, countries, 1_000_000)
        for database in (small, large):
            if not database.is_sqlite:
                # What autovacuum does within the hour on a server that runs.
                with database.engine.connect() as connection:
                    connection.exec_driver_sql("ANALYZE")
                    connection.commit()
        for name, ask in _QUESTIONS.items():
            times: dict[Database, list[float]] = {small: [], large: []}
            rows = {}
            # In turns, so that whatever else the machine does slows both alike.
            for database in (small, large) * _TURNS:
                with database.reading() as session:
                    start = time.perf_counter()
                    rows[database] = ask(session)
                    times[database].append(time.perf_counter() - start)
            fast, slow = (median(times[database]) * 1000 for database in (small, large))
            print(
                f"{name}: 10,000 observations {fast:.1f} ms ({rows[small]} rows), "
                f"1,000,000 {slow:.1f} ms ({rows[large]} rows): {slow / fast:.2f} times"
            )


_TURNS = 15
_QUESTIONS: dict[str, Callable[[Session], int]] = {
    "figures ARG": lambda session: len(figures(session, country="ARG")),
    "changes, the newest 100": lambda session: len(changes(session, limit=100)),
    "changes of ARG, the newest 100": lambda session: len(changes(session, countries=["ARG"], limit=100)),
}


def _at_once(session: Session, codes: list[str]) -> int:
    found = recompare(
        session,
        _NEW,
        set(codes),
        countries=shipped_countries(),
        rules=tier_rules(),
        cause=Cause.NEW_EDITION,
        now=_NOW,
        alert=True,
        reason="measured",
    )
    return len(found)


def _recorded(session: Session, codes: list[str]) -> int:
    found = [Found(*_narrative(code, _NEW + 1)) for code in codes]
    recorded = record_narratives(
        session, found, countries=shipped_countries(), newest=_NEW + 1, now=_NOW, rules=tier_rules()
    )
    return sum(len(each.changes) for each in recorded)


def _measured(
    database: Database, work: Callable[[Session, list[str]], int], codes: list[str]
) -> tuple[float, float, int, int]:
    noted = 0

    def note(*_: object) -> None:
        nonlocal noted
        noted += 1

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.transaction() as session:
            start, begun = time.perf_counter(), time.process_time()
            found = work(session, codes)
            return time.perf_counter() - start, time.process_time() - begun, noted, found
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _fill(database: Database, codes: list[str]) -> None:
    migrate(database)
    with database.transaction() as session:
        keep_snapshot(session, _SNAPSHOT)
        for edition in (*_STORED, _NEW):
            add_edition(session, Edition(edition, _SNAPSHOT.url, f"{edition}"), _NOW)
            for code in codes:
                document, reading = _narrative(code, edition)
                stored = add_document(session, document, _NOW)
                if stored is not None:
                    record_reading(session, stored, reading, "1", _NOW)


def _narrative(code: str, edition: int) -> tuple[Document, Reading]:
    chance = random.Random(f"{code}{edition}")  # noqa: S311 - made-up figures, the same in every run
    document = Document(
        kind=DocumentKind.NARRATIVE,
        url=f"{_SNAPSHOT.url}{edition}/{code}",
        title=code,
        text=f"{code} {edition}",
        source_key="tip",
        snapshot_sha256=_SNAPSHOT.sha256,
        country=code,
        edition=edition,
    )
    evidence = Evidence(document.text, 0, len(document.text))
    found = tuple(
        Figure(
            country=code,
            measure=measure,
            form=form,
            relation=relation,
            value=chance.randrange(400),
            evidence=evidence,
        )
        for measure in CORE_MEASURES
        for form, relation in (
            (Form.ALL, Relation.CURRENT),
            (Form.SEX, Relation.CURRENT),
            (Form.ALL, Relation.PREVIOUS),
        )
    )
    tier = TierReading(chance.choice(list(Tier)), evidence)
    return document, Reading(DocumentKind.NARRATIVE, code, edition, tier, found, ())


@contextmanager
def _sqlite() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{Path(place) / 'monitor.db'}")
        try:
            yield database
        finally:
            database.dispose()


if __name__ == "__main__":
    main()
