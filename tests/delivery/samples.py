"""Changes, a digest and a presentation for the tests of this layer. All sentences are ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.delivery.mail_templates import load_mail_templates
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Signer
from monitor.domain.change import UNREPORTED, Cause, Change, ChangeKind, Direction, change_id
from monitor.domain.country import Countries, Country
from monitor.domain.figure import Form, Measure
from monitor.domain.subscription import Cadence, Digest, Subscription

NOW = datetime(2013, 7, 2, 6, 0, tzinfo=UTC)
TEMPLATES = load_mail_templates(Path(__file__).resolve().parents[2] / "templates" / "email")
COUNTRIES = Countries(
    [
        Country("ARG", "Argentina", "Western Hemisphere"),
        Country("BOL", "Bolivia", "Western Hemisphere"),
        Country("BRA", "Brazil", "Western Hemisphere"),
        Country("GTM", "Guatemala", "Western Hemisphere"),
        Country("TUR", "Türkiye", "Europe"),
    ]
)
PRESENTATION = Presentation(
    templates=TEMPLATES,
    countries=COUNTRIES,
    public_url="https://tip.example.org",
    sender="TIP Monitor <alerts@example.org>",
    signer=Signer("secret of tests"),
)
SUBSCRIPTION = Subscription(
    address="reader@example.net",
    created_at=NOW - timedelta(days=30),
    cadence=Cadence.DAILY,
    timezone="America/La_Paz",
    hour=8,
    confirmed_at=NOW - timedelta(days=30),
)
REPORT = "https://www.state.gov/reports/{}-trafficking-in-persons-report/{}/"


def change(kind: ChangeKind, country: str | None, headline: str, **fields: object) -> Change:
    """A change of the 2013 edition, found at 02:12 UTC on the morning of ``NOW``."""
    slug = COUNTRIES.name_of(country).lower()
    values: dict[str, object] = {
        "id": change_id(kind, ascii(country), ascii(headline)),
        "kind": kind,
        "cause": Cause.NEW_EDITION,
        "country": country,
        "edition": 2013,
        "headline": headline,
        "created_at": datetime(2013, 7, 2, 2, 12, tzinfo=UTC),
        "source_url": REPORT.format(2013, slug),
        "source_url_old": REPORT.format(2012, slug),
    }
    return Change(**(values | fields))  # type: ignore[arg-type]


CONVICTIONS_DOWN = change(
    ChangeKind.FIGURE_CHANGED,
    "ARG",
    "Argentina: 17 convictions in 2012, down from 31",
    measure=Measure.CONVICTIONS,
    form=Form.ALL,
    old=31,
    new=17,
    direction=Direction.DOWN,
    evidence_old="Courts convicted 31 traffickers in 2011.",
    evidence_new="Courts secured 17 convictions, 15 for sex trafficking and two for labor trafficking,"
    " compared with 31 the year before.",
    detail={
        "qualifier_old": "exact",
        "qualifier_new": "exact",
        "split": {"old": {}, "new": {"sex": 15, "labor": 2}},
    },
)
TIER_DOWN = change(
    ChangeKind.TIER_CHANGED,
    "BOL",
    "Bolivia: downgraded from Tier 2 to Tier 2 Watch List in the 2013 report",
    old="2",
    new="2WL",
    direction=Direction.DOWN,
    evidence_old="Bolivia is placed on Tier 2.",
    evidence_new="For want of greater efforts, Bolivia is placed on Tier 2 Watch List.",
    detail={"movement": "downgraded", "watch_list_years": None},
)
TIER_UP = change(
    ChangeKind.TIER_CHANGED,
    "TUR",
    "Türkiye: upgraded from Tier 2 Watch List to Tier 2 in the 2013 report",
    old="2WL",
    new="2",
    direction=Direction.UP,
    evidence_old="Türkiye remained on Tier 2 Watch List for a second year.",
    evidence_new="Türkiye was upgraded to Tier 2.",
    detail={"movement": "upgraded", "watch_list_years": None},
)
RESTATED = change(
    ChangeKind.FIGURE_RESTATED,
    "BOL",
    "Bolivia: the 2013 report puts the year before at 9 convictions;"
    " the 2012 report had printed 7 convictions",
    measure=Measure.CONVICTIONS,
    form=Form.ALL,
    old=7,
    new=9,
    direction=Direction.UP,
    evidence_old="The government reported seven convictions.",
    evidence_new="There were five convictions, compared with nine in 2011.",
)
VANISHED = change(
    ChangeKind.FIGURE_VANISHED,
    "GTM",
    "Guatemala: 18 investigations in 2011; the 2013 report says they were not reported",
    measure=Measure.INVESTIGATIONS,
    form=Form.ALL,
    old=18,
    new=UNREPORTED,
    evidence_old="Police opened 18 investigations.",
    evidence_new="The government did not report how many investigations it opened.",
)
TO_ZERO = change(
    ChangeKind.FIGURE_CHANGED,
    "GTM",
    "Guatemala: no labor trafficking convictions in 2012, down from 2",
    measure=Measure.CONVICTIONS,
    form=Form.LABOR,
    old=2,
    new=0,
    direction=Direction.DOWN,
    evidence_old="Two men were convicted of forced labor.",
    evidence_new="Courts convicted no one of forced labor.",
)
APPEARED = change(
    ChangeKind.FIGURE_APPEARED,
    "BRA",
    "Brazil: at least 9 prosecutions in 2012, where the 2012 report said nothing of prosecutions",
    measure=Measure.PROSECUTIONS,
    form=Form.ALL,
    old=None,
    new=9,
    evidence_new="Prosecutors opened at least nine cases of sex trafficking across the country.",
    detail={"qualifier_new": "at_least"},
)
CLAIM = change(
    ChangeKind.CLAIM_MADE,
    "ARG",
    "Argentina: a news article states 21 convictions in 2012, which differs from the official 17 of the"
    " 2013 report",
    measure=Measure.CONVICTIONS,
    form=Form.ALL,
    old=17,
    new=21,
    direction=Direction.UP,
    source_url="https://news.example.com/2013/argentina-trafficking",
    source_url_old=REPORT.format(2013, "argentina"),
    evidence_old="Courts secured 17 convictions.",
    evidence_new="Argentine courts handed down 21 trafficking convictions last year, officials say.",
    detail={
        "relation": "differs",
        "article": "Trafficking in the north",
        "year": 2012,
        "qualifier_new": "exact",
    },
)
REVISED = change(
    ChangeKind.NARRATIVE_REVISED,
    "BRA",
    "Brazil: the 2013 narrative was revised: the wording changed, no figure did",
    cause=Cause.SOURCE_REVISED,
    evidence_old="Shelters lacked beds.",
    evidence_new="Shelters lacked beds and staff.",
    detail={
        "sentences": {
            "removed": ["Shelters lacked beds."],
            "added": ["Shelters lacked beds and staff.", "Two shelters closed."],
        },
        "figures": [],
    },
)
EDITION = change(
    ChangeKind.EDITION_PUBLISHED,
    None,
    "The 2013 Trafficking in Persons Report has been published",
    new="2013",
    source_url="https://www.state.gov/reports/2013-trafficking-in-persons-report/",
    source_url_old=None,
)
ALL = (
    EDITION,
    CLAIM,
    CONVICTIONS_DOWN,
    REVISED,
    APPEARED,
    TO_ZERO,
    VANISHED,
    RESTATED,
    TIER_UP,
    TIER_DOWN,
)


def digest(*changes: Change, **subscription: object) -> Digest:
    """A daily digest of ``changes`` up to ``NOW``."""
    return Digest(
        subscription=replace(SUBSCRIPTION, **subscription),  # type: ignore[arg-type]
        start=NOW - timedelta(days=1),
        end=NOW,
        changes=changes,
    )
