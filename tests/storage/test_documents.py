"""Narratives and articles as revisions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from monitor.storage.database import Database
from monitor.storage.documents import (
    StoredDocument,
    add_document,
    article,
    document,
    narrative,
    narratives,
)
from monitor.storage.snapshots import keep_snapshot
from tests.storage.builders import HOUR, NOW, make_article, make_narrative, make_snapshot, store


def test_a_narrative_comes_back_as_it_was_stored(database: Database) -> None:
    with database.transaction() as session:
        stored = store(session, make_narrative())
    assert stored == StoredDocument(stored.id, make_narrative(), 1, NOW)
    with database.reading() as session:
        assert narrative(session, "ARG", 2026) == stored
        assert document(session, stored.id) == stored
        assert narrative(session, "ARG", 2025) is None
        assert document(session, stored.id + 1) is None


def test_the_same_text_again_adds_nothing(database: Database) -> None:
    """Neither another address nor another snapshot of the same words is a revision."""
    with database.transaction() as session:
        stored = store(session, make_narrative())
        assert add_document(session, make_narrative(url="https://example.org/moved/"), NOW + HOUR) is None
        assert narrative(session, "ARG", 2026) == stored


def test_a_text_that_changes_and_returns_is_three_revisions(database: Database) -> None:
    with database.transaction() as session:
        revisions = [store(session, make_narrative(words), NOW + n * HOUR) for n, words in enumerate("ABA")]
        assert [stored.revision for stored in revisions] == [1, 2, 3]
        assert narrative(session, "ARG", 2026) == revisions[-1]
        assert [document(session, stored.id) for stored in revisions] == revisions


def test_an_article_is_known_by_its_identity_wherever_it_lies(database: Database) -> None:
    with database.transaction() as session:
        first = store(session, make_article())
        assert add_document(session, make_article(url="https://news.example.org/b"), NOW) is None
        other = store(session, make_article(identity="guid-2"))
        assert article(session, "guid-1") == first
        assert article(session, "guid-2") == other
        assert article(session, "guid-3") is None


def test_the_narratives_of_an_edition_come_in_one_query(database: Database, statements) -> None:
    with database.transaction() as session:
        for country in ("BRA", "ARG", "BOL"):
            store(session, make_narrative(country=country))
        store(session, make_narrative(edition=2025))
        store(session, make_narrative("Revised.", country="BOL"))
    with database.reading() as session, statements() as noted:
        found = narratives(session, 2026)
    assert [(stored.document.country, stored.revision) for stored in found] == [
        ("ARG", 1),
        ("BOL", 2),
        ("BRA", 1),
    ]
    assert len(noted) == 1


def test_characters_that_databases_refuse_are_replaced_one_for_one(database: Database) -> None:
    """Offsets of evidence still hold, and the same text again is still the same."""
    hostile = make_narrative("a\x00b\ud800c \N{MATHEMATICAL BOLD SMALL A}", title="t\x00")
    with database.transaction() as session:
        stored = store(session, hostile)
        assert add_document(session, hostile, NOW) is None
    assert stored.document.text == "a\ufffdb\ufffdc \N{MATHEMATICAL BOLD SMALL A}"


@pytest.mark.parametrize(
    "lacking", [make_narrative(country=None), make_narrative(edition=None), make_article(identity=None)]
)
def test_a_document_that_says_not_what_it_is_is_refused(database: Database, lacking) -> None:
    with database.transaction() as session, pytest.raises(ValueError, match=" needs "):
        add_document(session, lacking, NOW)


def test_no_document_without_its_bytes(database: Database) -> None:
    def forget_the_snapshot() -> None:
        with database.transaction() as session:
            add_document(session, make_narrative(), NOW)

    with pytest.raises(IntegrityError):
        forget_the_snapshot()


def test_two_workers_with_the_same_news_store_one_revision(database: Database) -> None:
    with database.transaction() as session:
        keep_snapshot(session, make_snapshot())

    def add(words: str) -> bool:
        with database.transaction() as session:
            return add_document(session, make_narrative(words), NOW) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, ["A"] * 8)) == [False] * 7 + [True]
        assert sorted(pool.map(add, ["B"] * 8)) == [False] * 7 + [True]
    with database.reading() as session:
        current = narrative(session, "ARG", 2026)
    assert current is not None
    assert (current.document.text, current.revision) == ("B", 2)
