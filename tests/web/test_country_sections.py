"""What takes long on a country's page is made once, before anybody asks, and anew when it is read anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from sqlalchemy import event

from monitor.storage.database import Database
from monitor.storage.placements import placements
from monitor.web.country_sections import CountrySections, known_years
from monitor.web.rendering import Pages
from tests.web.samples import COUNTRIES, PUBLIC_URL, TEMPLATES


def sections() -> CountrySections:
    return CountrySections(Pages(TEMPLATES, countries=COUNTRIES, public_url=PUBLIC_URL, sample=False))


@contextmanager
def figures_asked(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM observation" in statement:
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)


def argentina(kept: CountrySections, database: Database) -> bytes:
    with database.reading() as session:
        placed = placements(session, country="ARG")
        return kept.section(session, COUNTRIES["ARG"], placed, known_years(session))


def test_what_was_prepared_asks_for_no_figure_again(database: Database) -> None:
    kept = sections()
    kept.prepare(database, COUNTRIES, Event())

    with figures_asked(database) as asked:
        shown = argentina(kept, database)
    assert asked == []
    assert b'id="convictions-2013-1"' in shown


def test_preparing_ends_when_the_server_does(database: Database) -> None:
    stop = Event()
    stop.set()
    with figures_asked(database) as asked:
        sections().prepare(database, COUNTRIES, stop)
    assert asked == []


def test_a_database_without_tables_is_no_reason_to_fail_at_start(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'bare.db'}")
    sections().prepare(database, COUNTRIES, Event())
    database.dispose()
