"""The digest as a mail."""

from __future__ import annotations

import email
import json
import quopri
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from lxml import html as lxml_html

from monitor.delivery.digest_mail import chat_words, render_bulletin, render_digest
from monitor.delivery.mime import mime_bytes
from monitor.domain.change import Change, ChangeKind
from monitor.domain.country import Countries, Country
from monitor.domain.figure import Form, Measure
from monitor.domain.history import CountryHistory, Survey
from monitor.domain.subscription import Cadence
from monitor.domain.tier import Tier, TierPlacement
from tests.delivery import samples
from tests.delivery.samples import NOW, PRESENTATION, change, digest

HOSTILE = "</p><script>alert(1)</script>\r\nBcc: b@example.net\u202e\x1b[31m {{ 7 * 7 }} <img src=x>"


def test_the_text_of_a_digest() -> None:
    message = render_bulletin(digest(samples.CLAIM, samples.CONVICTIONS_DOWN), PRESENTATION)
    assert (
        message.text
        == """\
TIP Monitor: 2 changes in 1 country
2 July 2013, 02:00 (America/La_Paz)


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
You get this because you asked TIP Monitor for all changes, in all
countries, every day at 08:00 (America/La_Paz) when something changed.
Quotations are the sources' own words; read the source before you cite.
Questions: alerts@example.org
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
    assert "2 July 2013, 11:45 (Asia/Kathmandu)" in message.text
    assert "for the time since 1 July 2013, 11:45." in message.text
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
    assert f"And {60 - shown} more changes, in full at https://tip.example.org\n" in message.text
    assert message.text.count("Details:") == shown
    assert message.subject.endswith(", and 59 more changes")
    assert len(mime_bytes(message, sender=PRESENTATION.sender, now=NOW)) < 100_000


def test_a_huge_edition_names_every_country_and_the_rest_in_a_line_each() -> None:
    countries = Countries(Country(f"C{n:03}", f"Côte {n:03}", "EUR") for n in range(195))
    presentation = replace(PRESENTATION, countries=countries)
    many = [
        replace(
            samples.CONVICTIONS_DOWN,
            id=f"{country}-{n}",
            country=country,
            headline=f"{countries.name_of(country)}: {n} convictions in 2012, down from 31",
            evidence_new="«Señoría». " * 60,
        )
        for country in countries
        for n in range(4)
    ]
    message = render_digest(digest(*many), presentation)
    shown = message.html.count("<h3")
    assert shown >= 5
    assert f"And {780 - shown} more changes" in message.text
    assert all(country.name.upper() in message.text.upper() for country in countries.values())
    assert all(country.name in message.html for country in countries.values())
    assert "(and 3 more)" in message.text
    assert len(mime_bytes(message, sender=PRESENTATION.sender, now=NOW)) < 100_000


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
    assert [a.get("href").partition(":")[0] for a in page.iter("a")] == ["https"] * 4
    for part in (message.subject, message.text, message.html):
        assert not any(bad in part for bad in "\r\x1b\u202e")
        assert "49" not in part
    assert "\nBcc:" not in message.text
    assert "\n" not in message.subject
    raw = mime_bytes(message, sender=PRESENTATION.sender, now=datetime(2013, 7, 2, tzinfo=UTC))
    assert email.message_from_bytes(raw)["Bcc"] is None


def test_the_readers_own_end_of_a_mail() -> None:
    message = render_digest(digest(samples.TIER_UP), PRESENTATION)
    of_text, of_html = message.shared
    own = message.text[of_text:]
    links = [a.get("href") for a in lxml_html.fragment_fromstring(message.html[of_html:], True).iter("a")]
    assert own.splitlines()[0] == "Sent to reader@example.net, for the time since 1 July 2013, 02:00."
    assert [line.partition(": ")[2] for line in own.splitlines()[1:]] == links
    assert links[1] == message.unsubscribe_url
    assert message.return_key == PRESENTATION.signer.return_key(message.message_id)


def test_nothing_of_what_is_shared_depends_on_the_reader() -> None:
    one, other = (
        render_bulletin(digest(*samples.ALL, address=address), PRESENTATION)
        for address in ("a@example.net", "b@example.net")
    )
    assert one == other
    assert one.changes[0] == samples.TIER_DOWN.id
    assert sorted(one.changes) == sorted(change.id for change in samples.ALL)


HISTORY = {
    "ARG": CountryHistory(
        placements=tuple(
            TierPlacement("ARG", edition, Tier.TWO if edition < 2012 else Tier.ONE)
            for edition in (2008, 2010, 2011, 2012, 2013)
        ),
        figures={
            (Measure.CONVICTIONS, Form.ALL): (
                (2009, 8),
                (2010, None),
                (2011, "unreported"),
                (2012, 31),
                (2013, 17),
            )
        },
        conviction_rates={2012: 0.5, 2013: 0.425},
    )
}


def test_a_past_with_editions_that_were_not_read_names_the_edition_of_each_number() -> None:
    series = ((2009, 8), (2012, 31), (2013, 17))
    past = {"ARG": CountryHistory(figures={(Measure.CONVICTIONS, Form.ALL): series})}
    text = render_digest(digest(samples.CONVICTIONS_DOWN), PRESENTATION, past).text
    assert "Editions 2009-2013: ▃█▅ 8 (2009), 31 (2012), 17 (2013)" in " ".join(text.split())


def test_a_change_is_told_against_the_countrys_past() -> None:
    message = render_digest(digest(samples.CONVICTIONS_DOWN), PRESENTATION, HISTORY)
    text = " ".join(message.text.split())
    assert "2008: Tier 2; 2010-2011: Tier 2; 2012-2013: Tier 1" in text
    assert "Editions 2009-2013: ▃··█▅ 8, not mentioned, not reported, 31, 17" in text
    assert (
        "Convictions per prosecution (worked out): 0.425 in the 2013 report, 0.500 in the 2012 report."
        in text
    )
    page = lxml_html.document_fromstring(message.html)
    assert [" ".join(run.text_content().split()) for run in page.find_class("run")] == [
        "2008 Tier 2",
        "2010-2011 Tier 2",
        "2012-2013 Tier 1",
    ]


def test_a_past_of_one_edition_shows_nothing() -> None:
    bare = {"ARG": CountryHistory(placements=(TierPlacement("ARG", 2013, Tier.TWO),))}
    with_past = render_digest(digest(samples.CONVICTIONS_DOWN), PRESENTATION, bare)
    assert with_past == render_digest(digest(samples.CONVICTIONS_DOWN), PRESENTATION)


@pytest.mark.parametrize(
    ("held", "words"), [(1, "1 more change waits for a person"), (3, "3 more changes wait")]
)
def test_a_digest_says_how_many_changes_wait_for_a_person(held: int, words: str) -> None:
    message = render_digest(replace(digest(samples.TIER_UP), held=held), PRESENTATION)
    assert words in " ".join(message.text.split())
    assert words in message.html


def test_what_changed_and_changed_back_is_a_note() -> None:
    folded = replace(digest(samples.TIER_UP), folded=(samples.REVISED,))
    message = render_digest(folded, PRESENTATION)
    for part in (message.text, message.html):
        assert "Changed and changed back since the last mail" in part
        assert part.count(samples.REVISED.headline[:40]) == 1
    assert samples.REVISED.id in render_bulletin(folded, PRESENTATION).changes


def test_a_correction_links_what_was_told_before() -> None:
    correction = change(
        ChangeKind.CORRECTION, "ARG", "Argentina: 15, not 17", corrects="0" * 20, old=17, new=15
    )
    message = render_digest(digest(correction), PRESENTATION)
    assert f"What you were told before: https://tip.example.org/changes/{'0' * 20}" in message.text
    assert f'href="https://tip.example.org/changes/{"0" * 20}"' in message.html


def test_word_that_nothing_changed_says_what_was_looked_at() -> None:
    survey = Survey(3, failed=("news",), stale=("press",))
    message = render_digest(digest(also_empty=True), PRESENTATION, survey=survey)
    assert message.subject == "Nothing changed"
    for part in (" ".join(message.text.split()), message.html):
        assert "Since the last mail nothing changed in what you asked for: 3 sources were checked." in part
        assert "Failed at the last check: news." in part
        assert "Not checked when due: press." in part
    quiet = render_digest(digest(also_empty=True), PRESENTATION, survey=Survey(1))
    assert "1 source was checked, all of them answered." in " ".join(quiet.text.split())


def test_a_chat_gets_headlines_with_links() -> None:
    told = [
        {"headline": f"Change {n}\r\nof ours", "url": f"https://tip.example.org/changes/{n}"}
        for n in range(8)
    ]
    message = replace(
        render_digest(digest(samples.TIER_UP), PRESENTATION), payload=json.dumps({"changes": told})
    )
    words = chat_words(message)
    assert words.startswith("Change 0 of ours\nhttps://tip.example.org/changes/0\n\nChange 1 of ours\n")
    assert words.endswith("\n\nand 2 more")
