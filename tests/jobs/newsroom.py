"""A store whose narratives and articles a test writes figure by figure, without an extractor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import event

from monitor.comparison.state import ReadDocument
from monitor.domain.change import Change, ChangeStatus
from monitor.domain.document import Document, Edition
from monitor.domain.figure import Evidence, Figure
from monitor.domain.source import Snapshot
from monitor.domain.tier import Tier, TierPlacement
from monitor.domain.watch_list import NO_RULES, TierRules
from monitor.jobs.recording import Found, Recorded, record_article, record_narratives
from monitor.jobs.review import Reviewer
from monitor.storage.changes import change, changes
from monitor.storage.database import Database, Session
from monitor.storage.editions import add_edition, editions
from monitor.storage.observations import figures
from monitor.storage.placements import add_baseline
from monitor.storage.snapshots import keep_snapshot
from tests.builders import COUNTRIES, article, figure, narrative, tier
from tests.fakes import Clock


@dataclass(slots=True)
class Newsroom:
    database: Database
    clock: Clock
    rules: TierRules = NO_RULES

    def told(self, edition: int, *values: int | None, text: str | None = None, **fields: Any) -> Recorded:
        """Store Argentina's narrative of ``edition``: each value a sentence on convictions."""
        lines = [f"Courts convicted {value} traffickers." for value in values]
        text = text if text is not None else "\n".join(["The law was amended.", *lines])
        found = tuple(
            located(figure(value, sentence=line, **fields), text)
            for value, line in zip(values, lines, strict=True)
        )
        return self.store(narrative(edition, *found, text=text, tier=tier(Tier.TWO)))

    def store(self, read: ReadDocument) -> Recorded:
        return self.store_all([Found(read.document, read.reading)])[0]

    def store_all(self, narratives: Sequence[Found]) -> list[Recorded]:
        """Store narratives in one transaction, as a check does."""
        return self.record(self.kept(narratives))

    def kept(self, narratives: Sequence[Found]) -> list[Found]:
        """Keep the narratives' snapshots and editions, as fetching does."""
        found = []
        with self.database.transaction() as session:
            for each in narratives:
                sha256 = self._snapshot(session, each.document)
                found.append(Found(replace(each.document, snapshot_sha256=sha256), each.reading))
                edition = Edition(each.edition, each.document.url, f"{each.edition} report")
                add_edition(session, edition, self.clock())
        return found

    def record(self, narratives: Sequence[Found]) -> list[Recorded]:
        with self.database.transaction() as session:
            return record_narratives(
                session,
                narratives,
                countries=COUNTRIES,
                newest=max(each.year for each in editions(session)),
                now=self.clock(),
                rules=self.rules,
            )

    def claimed(self, identity: str, *found: Figure) -> Recorded:
        with self.database.transaction() as session:
            read = article(*found, identity=identity)
            document: Document = replace(
                read.document, snapshot_sha256=self._snapshot(session, read.document)
            )
            return record_article(session, document, read.reading, countries=COUNTRIES, now=self.clock())

    def placed(self, **tiers: str) -> None:
        """Put Argentina's placements into the baseline: ``placed(y2012="2WL")``."""
        with self.database.transaction() as session:
            add_baseline(
                session, [TierPlacement("ARG", int(year[1:]), Tier(value)) for year, value in tiers.items()]
            )

    def reviewer(self, reason: str = "looked at the page") -> Reviewer:
        return Reviewer("Ana", reason, self.clock(), COUNTRIES, self.rules)

    def changes(self, *statuses: ChangeStatus) -> list[Change]:
        with self.database.reading() as session:
            return changes(session, statuses=statuses or tuple(ChangeStatus))

    def change(self, change_id: str) -> Change:
        with self.database.reading() as session:
            found = change(session, change_id)
        assert found is not None
        return found

    def values(self, **query: Any) -> list[int | None]:
        with self.database.reading() as session:
            return [each.figure.value for each in figures(session, country="ARG", **query)]

    def _snapshot(self, session: Session, document: Document) -> str:
        content = "".join(f"<p>{line}</p>" for line in document.text.split("\n")).encode()
        snapshot = Snapshot(document.url, document.url, self.clock(), "text/html", content)
        keep_snapshot(session, snapshot)
        return snapshot.sha256


def located(figure: Figure, text: str) -> Figure:
    """Return ``figure`` with its sentence where it stands in ``text``."""
    start = text.index(figure.evidence.text)
    return replace(figure, evidence=Evidence(figure.evidence.text, start, start + len(figure.evidence.text)))


@contextmanager
def noted_statements(database: Database) -> Iterator[list[str]]:
    """Note the statements that the database is sent."""
    noted: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        noted.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
