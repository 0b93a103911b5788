"""The digest as a mail."""

from __future__ import annotations

import quopri
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from lxml import html as lxml_html

from monitor.delivery.digest_mail import render_digest
from monitor.delivery.mime import mime_message
from monitor.domain.change import Change, ChangeKind
from monitor.domain.subscription import Cadence
from tests.delivery import samples
from tests.delivery.samples import NOW, PRESENTATION, change, digest

HOSTILE = "</p><script>alert(1)</script>\r\nBcc: b@example.net\u202e\x1b[31m {{ 7 * 7 }} <img src=x>"


def test_the_text_of_a_digest() -> None:
    message = render_digest(digest(samples.CLAIM, samples.CONVICTIONS_DOWN), PRESENTATION)
    assert (
        message.text
        == """\
TIP Monitor: 2 changes in 1 country
1 July 2013, 02:00 to 2 July 2013, 02:00 (America/La_Paz)


ARGENTINA
=========

17 convictions in 2012, down from 31

  Convictions: 31 -> 17 (down)
  Each edition's number is for its own reporting period.

  2012 report:
    “Courts convicted 31 traffickers in 2011.”

  2013 report (15 sex trafficking, 2 labor trafficking):
    “Courts secured 17 convictions, 15 for sex trafficking and two for
    labor trafficking, compared with 31 the year before.”

  Found 1 July 2013, 22:12
  Details: https://tip.example.org/changes/51151ef0697b9a78cb68
  2013 report: https://www.state.gov/reports/2013-trafficking-in-persons-report/argentina/
  2012 report: https://www.state.gov/reports/2012-trafficking-in-persons-report/argentina/

A news article states 21 convictions in 2012, which differs from the
official 17 of the 2013 report

  Convictions: 21 (News article); 17 (Official, 2013 report)
  Differs from the official number.
  A news article states this; the report gives another number for the
  same period.

  Official, 2013 report:
    “Courts secured 17 convictions.”

  News article:
    “Argentine courts handed down 21 trafficking convictions last year,
    officials say.”

  Found 1 July 2013, 22:12
  Details: https://tip.example.org/changes/1bb863bb61e6f48491a9
  News article: https://news.example.com/2013/argentina-trafficking
  Official, 2013 report: https://www.state.gov/reports/2013-trafficking-in-persons-report/argentina/

--\x20
You get this mail at reader@example.net because you asked TIP Monitor
for all changes, in all countries, every day at 08:00 (America/La_Paz)
when something changed.
To leave, write to alerts@example.org with the subject “unsubscribe”.
Quotations are the sources' own words; read the source before you cite.
"""
    )


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ([samples.CONVICTIONS_DOWN], "Argentina: 17 convictions in 2012, down from 31"),
        (
            [samples.CLAIM, samples.CONVICTIONS_DOWN],
            "Argentina: 17 convictions in 2012, down from 31, and 1 more change",
        ),
        (
            samples.ALL,
            "Bolivia: downgraded from Tier 2 to Tier 2 Watch List in the 2013 report, and 9 more changes",
        ),
        ([samples.EDITION], "The 2013 Trafficking in Persons Report has been published"),
    ],
)
def test_the_subject_says_the_most_important_thing(changes: list[Change], subject: str) -> None:
    assert render_digest(digest(*changes), PRESENTATION).subject == subject


def test_the_html_says_what_the_text_says() -> None:
    message = render_digest(digest(*samples.ALL), PRESENTATION)
    page = lxml_html.document_fromstring(message.html)
    assert [heading.text_content() for heading in page.iter("h2")] == [
        "Bolivia",
        "Türkiye",
        "Argentina",
        "Guatemala",
        "Brazil",
        "The report",
    ]
    assert [
        " | ".join(" ".join(cell.text_content().split()) for cell in table.iter("td"))
        for table in page.iter("table")
    ] == [
        "2012 report Tier 2 | 2013 report → Tier 2 Watch List downgraded",
        "Printed in the 2012 report 7 | Restated in the 2013 report → 9",
        "2012 report Tier 2 Watch List | 2013 report → Tier 2 upgraded",
        "2012 report 31 | 2013 report → 17 down 15 sex trafficking, 2 labor trafficking",
        "Official, 2013 report 17 | News article 21",
        "2012 report 2 | 2013 report → 0 down",
        "2012 report 18 | 2013 report → not reported",
        "2012 report not mentioned | 2013 report → at least 9",
    ]
    quoted = message.text.replace("\n    ", " ")
    for one in samples.ALL:
        for sentence in (one.evidence_old, one.evidence_new):
            assert sentence is None or (sentence in page.text_content() and sentence in quoted)


def test_nothing_is_fetched_from_elsewhere() -> None:
    page = lxml_html.document_fromstring(render_digest(digest(*samples.ALL), PRESENTATION).html)
    assert [e.tag for e in page.iter("img", "link", "script", "iframe", "object", "form")] == []
    assert "url(" not in lxml_html.tostring(page, encoding="unicode")


def test_dates_are_in_the_time_zone_of_the_subscriber() -> None:
    message = render_digest(digest(samples.TIER_UP, timezone="Asia/Kathmandu"), PRESENTATION)
    assert "1 July 2013, 11:45 to 2 July 2013, 11:45 (Asia/Kathmandu)" in message.text
    assert "Found 2 July 2013, 07:57" in message.text


def test_an_unknown_time_zone_is_not_guessed() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        render_digest(digest(samples.TIER_UP, timezone="Mars/Olympus"), PRESENTATION)


@pytest.mark.parametrize(
    ("subscription", "why"),
    [
        ({"cadence": Cadence.INSTANT}, "for all changes, in all countries, as soon as something changes."),
        (
            {"cadence": Cadence.WEEKLY, "countries": frozenset({"BRA", "ARG"})},
            "for all changes, in Argentina, Brazil, every Monday at 08:00 (America/La_Paz)"
            " when something changed.",
        ),
        (
            {"kinds": frozenset({ChangeKind.TIER_CHANGED, ChangeKind.CORRECTION})},
            "for changes of these kinds: correction, tier changed, in all countries, every day at 08:00",
        ),
        ({"countries": frozenset("ABCDEFGHI")}, "in A, B, C, D, E, F and 3 more, every day"),
    ],
)
def test_the_footer_says_why_the_mail_came(subscription: dict[str, object], why: str) -> None:
    message = render_digest(digest(samples.TIER_UP, **subscription), PRESENTATION)
    assert why in message.text.replace("\n", " ")
    assert why in message.html


def test_sample_data_says_so_in_both_parts() -> None:
    note = "Sample data: no government published these sentences."
    message = render_digest(digest(samples.TIER_UP), replace(PRESENTATION, sample_note=note))
    assert note in message.text
    assert note in message.html


def test_the_message_id_depends_on_the_address_and_the_end_of_the_period_only() -> None:
    first = render_digest(digest(samples.TIER_UP), PRESENTATION).message_id
    assert first == "<digest.e3152befaf512da157e47904fabc3fee@example.org>"
    assert render_digest(digest(samples.CLAIM, timezone="UTC"), PRESENTATION).message_id == first
    others = (
        digest(samples.TIER_UP, address="another@example.net"),
        replace(digest(samples.TIER_UP), end=NOW + timedelta(seconds=1)),
    )
    assert first not in {render_digest(other, PRESENTATION).message_id for other in others}


def test_the_same_digest_gives_the_same_message() -> None:
    assert render_digest(digest(*samples.ALL), PRESENTATION) == render_digest(
        digest(*samples.ALL), PRESENTATION
    )


def test_a_digest_without_changes_is_not_rendered() -> None:
    with pytest.raises(ValueError, match="without changes"):
        render_digest(digest(), PRESENTATION)


def test_a_long_digest_is_cut_below_what_gmail_shows_and_says_by_how_much() -> None:
    many = [
        replace(samples.CONVICTIONS_DOWN, id=f"{n:020}", evidence_old="«Señoría». " * 200, country=f"C{n:02}")
        for n in range(60)
    ]
    message = render_digest(digest(*many), PRESENTATION)
    shown = message.html.count("<h3")
    assert 10 < shown < 60
    assert f"and {60 - shown} more changes: https://tip.example.org\n" in message.text
    assert message.text.count("Details:") == shown
    assert message.subject.endswith(", and 59 more changes")
    assert len(mime_message(message, sender=PRESENTATION.sender, now=NOW).as_bytes()) < 100_000


def test_even_one_enormous_change_fits() -> None:
    huge = replace(
        samples.CONVICTIONS_DOWN,
        headline="Ü" * 100_000,
        evidence_old="ü " * 500_000,
        evidence_new="日" * 1_000_000,
        source_url="https://example.org/" + "a" * 100_000,
    )
    message = render_digest(digest(huge), PRESENTATION)
    encoded = quopri.encodestring(message.html.encode()) + quopri.encodestring(message.text.encode())
    assert len(encoded) < 98_000
    assert len(message.subject) <= 120


def test_hostile_text_in_every_field_stays_text() -> None:
    hostile = change(
        ChangeKind.NARRATIVE_REVISED,
        "<b>X</b>",
        HOSTILE,
        id='"><script>/../\r\n',
        old=HOSTILE,
        new=HOSTILE,
        evidence_old=HOSTILE,
        evidence_new=HOSTILE,
        source_url="javascript:alert(1)",
        source_url_old='https://example.org/"><script>alert(2)</script>',
        detail={
            "relation": HOSTILE,
            "qualifier_old": HOSTILE,
            "split": HOSTILE,
            "sentences": {"removed": []},
        },
    )
    message = render_digest(digest(hostile), PRESENTATION)
    page = lxml_html.document_fromstring(message.html)
    assert [e.tag for e in page.iter("script", "img", "b")] == []
    assert [a.get("href").partition(":")[0] for a in page.iter("a")] == ["https", "https", "mailto"]
    for part in (message.subject, message.text, message.html):
        assert not any(bad in part for bad in "\r\x1b\u202e")
        assert "49" not in part
    assert "\nBcc:" not in message.text
    assert "\n" not in message.subject
    raw = mime_message(message, sender=PRESENTATION.sender, now=datetime(2013, 7, 2, tzinfo=UTC))
    assert raw["Bcc"] is None
