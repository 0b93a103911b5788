"""A small store with two editions and an article, for the tests of this layer. All sentences are ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.comparison.editions import compare_editions, edition_published
from monitor.comparison.state import ReadDocument
from monitor.domain.change import Cause, Change, ChangeKind, ChangeStatus, Direction, change_id
from monitor.domain.country import Countries, Country
from monitor.domain.document import Document, Edition
from monitor.domain.figure import (
    Accused,
    Evidence,
    Figure,
    Form,
    Group,
    Measure,
    Qualifier,
    Relation,
    Status,
    Unit,
)
from monitor.domain.reading import DocumentKind, Reading
from monitor.domain.source import Snapshot
from monitor.domain.tier import Movement, Tier, TierPlacement, TierReading
from monitor.storage.changes import record_changes
from monitor.storage.database import Database, Session
from monitor.storage.documents import add_document
from monitor.storage.editions import add_edition
from monitor.storage.observations import record_reading
from monitor.storage.placements import add_baseline
from monitor.storage.snapshots import keep_snapshot

NOW = datetime(2013, 7, 2, 6, 0, tzinfo=UTC)
PUBLIC_URL = "https://tip.example.org"
SECRET = "a secret for tests"
COUNTRIES = Countries(
    [
        Country("ARG", "Argentina", "WHA", ("Argentine Republic",), ("Argentine",)),
        Country("BOL", "Bolivia", "WHA", ("Plurinational State of Bolivia",), ("Bolivian",)),
        Country("BRA", "Brazil", "WHA", (), ("Brazilian",)),
        Country("CIV", "Côte d'Ivoire", "AF", ("Ivory Coast",), ("Ivorian",)),
        Country("GIN", "Guinea", "AF"),
        Country("GNB", "Guinea-Bissau", "AF"),
        Country("TUR", "Türkiye", "EUR", ("Turkey",), ("Turkish",)),
    ]
)
HOSTILE = "<script>alert(1)</script> \u202eevil\u202c & <b>bold</b>"
ARTICLE_SENTENCE = "Prosecutors told this paper that 40 traffickers had been convicted."


def figure(text: str, sentence: str, measure: Measure, value: int | None, **fields: object) -> Figure:
    """A figure whose evidence is ``sentence`` in ``text``."""
    start = text.index(sentence)
    values: dict[str, object] = {
        "country": "ARG",
        "unit": Unit.PERSONS if measure is Measure.VICTIMS_IDENTIFIED else Unit.CASES,
        "status": Status.UNREPORTED if value is None else Status.REPORTED,
    }
    return Figure(
        measure=measure,
        value=value,
        evidence=Evidence(sentence, start, start + len(sentence)),
        **(values | fields),  # type: ignore[arg-type]
    )


def narrative(
    country: str, edition: int, text: str, tier: Tier, *figures: Figure, **tier_fields: object
) -> ReadDocument:
    """A narrative whose first line is its tier heading, with what was read in it."""
    heading = text.split("\n", 1)[0]
    name = COUNTRIES.name_of(country)
    document = Document(
        kind=DocumentKind.NARRATIVE,
        url=f"https://www.state.gov/reports/{edition}-trafficking-in-persons-report/{country.lower()}/",
        title=f"{name} {edition}",
        text=text,
        source_key="tip",
        snapshot_sha256=snapshot(f"{country} {edition} {text}").sha256,
        country=country,
        edition=edition,
    )
    tier_reading = TierReading(tier, Evidence(heading, 0, len(heading)), **tier_fields)  # type: ignore[arg-type]
    return ReadDocument(document, Reading(document.kind, country, edition, tier_reading, figures, ()))


def snapshot(content: str) -> Snapshot:
    return Snapshot(
        url="https://www.state.gov/",
        final_url="https://www.state.gov/",
        fetched_at=NOW,
        media_type="text/html",
        content=content.encode(),
    )


def argentina_2012() -> ReadDocument:
    text = (
        "ARGENTINA (Tier 2 Watch List)\n"
        "Courts handed down 31 convictions, 29 for sex trafficking and two for labor trafficking.\n"
        "The ministry did not report how many victims it had identified.\n"
        "Police opened no investigations."
    )
    convictions, victims, investigations = text.split("\n")[1:]
    return narrative(
        "ARG",
        2012,
        text,
        Tier.TWO_WATCH_LIST,
        figure(text, convictions, Measure.CONVICTIONS, 31),
        figure(text, convictions, Measure.CONVICTIONS, 29, form=Form.SEX),
        figure(text, convictions, Measure.CONVICTIONS, 2, form=Form.LABOR),
        figure(text, victims, Measure.VICTIMS_IDENTIFIED, None),
        figure(text, investigations, Measure.INVESTIGATIONS, 0),
        watch_list_years=2,
    )


def argentina_2013() -> ReadDocument:
    text = (
        "ARGENTINA (Tier 2)\n"
        "Authorities opened 368 investigations in 2012.\n"
        "Judges convicted 17 traffickers, 15 for sex trafficking and two for labor trafficking, "
        "compared with 33 in 2011.\n"
        "Officials identified at least 1,204 victims.\n"
        "Prosecutors filed 71 cases against complicit officials.\n"
        "The new law sets penalties of four to 15 years."
    )
    opened, convicted, identified, officials, law = text.split("\n")[1:]
    return narrative(
        "ARG",
        2013,
        text,
        Tier.TWO,
        figure(text, opened, Measure.INVESTIGATIONS, 368, year=2012),
        figure(text, convicted, Measure.CONVICTIONS, 17),
        figure(text, convicted, Measure.CONVICTIONS, 15, form=Form.SEX),
        figure(text, convicted, Measure.CONVICTIONS, 2, form=Form.LABOR),
        figure(text, convicted, Measure.CONVICTIONS, 33, relation=Relation.PREVIOUS, year=2011),
        figure(text, identified, Measure.VICTIMS_IDENTIFIED, 1204, qualifier=Qualifier.AT_LEAST),
        figure(text, identified, Measure.VICTIMS_IDENTIFIED, 40, group=Group.GIRLS),
        figure(text, officials, Measure.PROSECUTIONS, 71, accused=Accused.OFFICIALS),
        figure(text, law, Measure.PENALTY_YEARS, 4, maximum=15, unit=Unit.YEARS),
        movement=Movement.UPGRADED,
    )


def bolivia(edition: int, tier: Tier, sentence: str, value: int) -> ReadDocument:
    text = f"BOLIVIA ({tier.label})\n{sentence}"
    return narrative(
        "BOL", edition, text, tier, figure(text, sentence, Measure.CONVICTIONS, value, country="BOL")
    )


def claim() -> Change:
    return Change(
        id=change_id(ChangeKind.CLAIM_MADE, "ARG", 40),
        kind=ChangeKind.CLAIM_MADE,
        cause=None,
        country="ARG",
        edition=2013,
        headline="Argentina: a news article states 40 convictions, the 2013 report 17",
        created_at=NOW + timedelta(hours=2),
        measure=Measure.CONVICTIONS,
        form=Form.ALL,
        old=17,
        new=40,
        direction=Direction.UP,
        source_url="https://news.example.org/argentina?id=1",
        source_url_old="https://www.state.gov/reports/2013-trafficking-in-persons-report/arg/",
        evidence_old="Judges convicted 17 traffickers.",
        evidence_new=ARTICLE_SENTENCE,
        detail={"relation": "differs"},
    )


def revision() -> Change:
    return Change(
        id=change_id(ChangeKind.NARRATIVE_REVISED, "BOL", 2013),
        kind=ChangeKind.NARRATIVE_REVISED,
        cause=Cause.SOURCE_REVISED,
        country="BOL",
        edition=2013,
        headline="Bolivia: the 2013 narrative was edited after it was published",
        created_at=NOW + timedelta(hours=3),
        source_url="https://www.state.gov/reports/2013-trafficking-in-persons-report/bol/",
        detail={"sentences": {"removed": ["Courts convicted six."], "added": ["Courts convicted five."]}},
    )


def hostile_change(number: int = 0, **fields: object) -> Change:
    values: dict[str, object] = {
        "id": change_id("hostile", number),
        "kind": ChangeKind.FIGURE_CHANGED,
        "cause": Cause.NEW_EDITION,
        "country": "BRA",
        "edition": 2013,
        "headline": f"Brazil: {HOSTILE}",
        "created_at": NOW - timedelta(days=1),
        "measure": Measure.CONVICTIONS,
        "form": Form.ALL,
        "old": 1,
        "new": 2,
        "direction": Direction.UP,
        "source_url": "javascript:alert(1)",
        "source_url_old": 'https://example.org/"onmouseover="alert(1)',
        "evidence_old": HOSTILE,
        "evidence_new": HOSTILE,
    }
    return Change(**(values | fields))  # type: ignore[arg-type]


def many_changes() -> list[Change]:
    """More changes of Brazil than a page holds."""
    return [
        hostile_change(n, headline=f"Brazil: change {n}", kind=ChangeKind.FIGURE_CHANGED)
        for n in range(100, 175)
    ]


def fill(database: Database) -> None:
    """Store two editions, what they changed, a claim, a revision, and what must never be shown."""
    pairs = (
        (argentina_2012(), argentina_2013()),
        (
            bolivia(2012, Tier.TWO, "Courts convicted seven traffickers.", 7),
            bolivia(2013, Tier.TWO_WATCH_LIST, "Courts convicted five traffickers.", 5),
        ),
    )
    with database.transaction() as session:
        add_baseline(session, [TierPlacement("ARG", 2010, Tier.TWO), TierPlacement("BRA", 2013, Tier.ONE)])
        for year in (2012, 2013):
            edition = Edition(
                year, f"https://www.state.gov/reports/{year}/", f"{year} Trafficking in Persons Report"
            )
            add_edition(session, edition, NOW)
            status = ChangeStatus.PUBLISHED if year == 2013 else ChangeStatus.HISTORY
            record_changes(session, [edition_published(edition, now=NOW, status=status)])
        for old, new in pairs:
            for each in (old, new):
                store(session, each)
            country = COUNTRIES.name_of(new.document.country)
            record_changes(
                session,
                compare_editions(old, new, country_name=country, now=NOW, status=ChangeStatus.PUBLISHED),
            )
        keep_snapshot(session, snapshot(ARTICLE_SENTENCE))
        document, reading = article()
        stored = add_document(session, document, NOW)
        assert stored is not None
        record_reading(session, stored, reading, "1", NOW)
        record_changes(
            session,
            [
                claim(),
                revision(),
                hostile_change(),
                hostile_change(1, headline="Brazil: a held change", status=ChangeStatus.HELD),
                hostile_change(2, headline="Brazil: a rejected change", status=ChangeStatus.REJECTED),
            ],
        )


def article() -> tuple[Document, Reading]:
    """An article that states a number of convictions, with a title that means harm."""
    document = Document(
        kind=DocumentKind.NEWS,
        url="https://news.example.org/argentina?id=1",
        title=f"=HYPERLINK({HOSTILE})",
        text=ARTICLE_SENTENCE,
        source_key="news",
        snapshot_sha256=snapshot(ARTICLE_SENTENCE).sha256,
        identity="https://news.example.org/argentina?id=1",
        published_at=NOW,
    )
    stated = figure(ARTICLE_SENTENCE, ARTICLE_SENTENCE, Measure.CONVICTIONS, 40, report_edition=2013)
    return document, Reading(document.kind, None, None, None, (stated,), ())


def store(session: Session, read: ReadDocument) -> None:
    document = read.document
    keep_snapshot(session, snapshot(f"{document.country} {document.edition} {document.text}"))
    stored = add_document(session, document, NOW)
    assert stored is not None
    record_reading(session, stored, read.reading, "1", NOW)


TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "web"
