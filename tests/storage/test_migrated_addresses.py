"""Addresses that an older version stored with a login come through without it."""

from __future__ import annotations

import hashlib

from alembic import command
from sqlalchemy import text

from monitor.storage.changes import change
from monitor.storage.database import Database
from monitor.storage.documents import article, narrative
from monitor.storage.editions import editions
from monitor.storage.schema import configuration, migrate
from tests.storage.builders import NOW

_BEFORE = "0005"
_GUID = "https://ana:hush@news.example/raid/"
_ROWS = (
    """INSERT INTO snapshot (sha256, size, media_type, url, final_url, fetched_at, compressed)
       VALUES ('s', 1, 'text/html', 'https://ana:hush@report.example/', 'https://report.example/@a',
               :now, :bytes)""",
    """INSERT INTO edition (year, url, title, first_seen_at)
       VALUES (2013, 'https://ana:hush@report.example/2013/', 'report', :now)""",
    """INSERT INTO document (id, subject_key, revision, kind, country, edition, identity, url, title, body,
       body_sha256, source_key, snapshot_sha256, first_seen_at)
       VALUES (1, 'narrative:ARG:2013', 1, 'narrative', 'ARG', 2013, NULL,
               'https://ana@report.example/2013/argentina/', 't', 'b', 'h', 'tip', 's', :now),
              (2, :key, 1, 'news', NULL, NULL, :guid, :guid, 't', 'b', 'h', 'news', 's', :now)""",
    """INSERT INTO change (sequence, id, kind, status, headline, source_url, source_url_old, detail,
       created_at, significance)
       VALUES (1, 'c', 'claim_made', 'published', 'h', :guid, 'https://report.example/@a', :detail,
               :now, 0.1)""",
)


def test_logins_are_taken_out_of_what_is_shown(empty_database: Database) -> None:
    key = hashlib.sha256(_GUID.encode()).hexdigest()
    values = {
        "now": NOW,
        "bytes": b"x",
        "guid": _GUID,
        "key": f"article:{key}",
        "detail": f'{{"sources": [{{"url": "{_GUID}", "sentence": "Write to a@b.example."}}]}}',
    }
    with empty_database.migrating() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, _BEFORE)
        for statement in _ROWS:
            connection.execute(text(statement), values)
    migrate(empty_database)
    clean = "https://news.example/raid/"
    with empty_database.reading() as session:
        kept, item = narrative(session, "ARG", 2013), article(session, clean)
        assert kept is not None
        assert item is not None
        assert kept.document.url == "https://report.example/2013/argentina/"
        assert (item.id, item.document.url, item.document.identity) == (2, clean, clean)
        assert [each.url for each in editions(session)] == ["https://report.example/2013/"]
        found = change(session, "c")
        assert found is not None
        assert (found.source_url, found.source_url_old) == (clean, "https://report.example/@a")
        assert found.detail == {"sources": [{"url": clean, "sentence": "Write to a@b.example."}]}
        urls = session.execute(text("SELECT url, final_url FROM snapshot")).one()
        assert tuple(urls) == ("https://report.example/", "https://report.example/@a")
