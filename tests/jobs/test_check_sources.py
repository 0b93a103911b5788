"""Many sources are checked at once, each as if it were alone."""

from __future__ import annotations

from dataclasses import replace

from monitor.domain.source import Source
from monitor.jobs.check_sources import check_sources
from monitor.storage.database import Database
from monitor.storage.sources import source_states, sync_sources
from tests.fakes import ReportWeb
from tests.jobs.conftest import NEWS

FEEDS = 60
ABOUT = "Prosecutors said that courts convicted 4 traffickers of forced labor in Bolivia in 2024."


def papers(database: Database, web: ReportWeb, count: int = FEEDS) -> list[Source]:
    """Sources whose feed has an item about our subject and one about another; the last is no feed."""
    sources = [
        replace(NEWS, key=f"paper-{number}", url=f"https://paper-{number}.example/feed/", follow=False)
        for number in range(count)
    ]
    with database.transaction() as session:
        sync_sources(session, sources)
    for source in sources[:-1]:
        items = "".join(
            f"<item><title>{title}</title><link>{source.url}{title}</link><description>{text}</description></item>"
            for title, text in (("Trial", f"{source.key}: {ABOUT}"), ("Harbour", f"{source.key} got cranes."))
        )
        web.put(source.url, f"<rss version='2.0'><channel>{items}</channel></rss>", media_type="text/xml")
    web.put(sources[-1].url, "<html><h1>Moved</h1></html>")
    return sources


async def test_each_source_has_its_outcome_and_its_health(web, checker, database) -> None:
    sources = papers(database, web)
    outcomes = await check_sources(sources, checker)
    assert [outcome.source for outcome in outcomes] == [source.key for source in sources]
    assert {(each.articles, each.passed, len(each.failures)) for each in outcomes[:-1]} == {(1, 1, 0)}
    assert len(outcomes[-1].failures) == 1
    with database.reading() as session:
        states = source_states(session)
    assert [state.failures for state in states] == [0] * (FEEDS - 1) + [1]
    assert {state.last_checked_at for state in states} == {checker.reader.now()}


async def test_what_stays_the_same_is_asked_under_conditions_and_read_once(web, checker, database) -> None:
    sources = papers(database, web, 3)
    await check_sources(sources, checker)
    outcomes = await check_sources(sources, checker)
    assert [(each.articles, each.unchanged, each.passed) for each in outcomes] == [(0, 0, 0)] * 3


async def test_progress_counts_sources_where_there_are_several(web, checker, database) -> None:
    told: list[tuple[str, int, int]] = []
    await check_sources(papers(database, web, 3), checker, progress=lambda *step: told.append(step))
    assert told == [("sources", 1, 3), ("sources", 2, 3), ("sources", 3, 3)]
