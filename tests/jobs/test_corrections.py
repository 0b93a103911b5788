"""Who hears of a correction, and what ``explain`` says of every case: digests over a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from monitor.delivery.digest_mail import DigestRenderer
from monitor.delivery.mail_templates import load_mail_templates
from monitor.delivery.mailer import AT_ONCE, DeliveryFailed
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Signer
from monitor.domain.change import ChangeKind
from monitor.domain.figure import Confidence
from monitor.domain.subscription import Cadence, Message
from monitor.domain.threshold import Threshold
from monitor.jobs.digests import compile_digests
from monitor.jobs.explain import explain
from monitor.jobs.review import Amendment, approve, correct, reject
from monitor.jobs.sending import send_deliveries
from monitor.settings.files import shipped
from monitor.storage.subscriptions import add_subscription
from monitor.storage.suppressions import SuppressionReason, suppress
from tests.builders import COUNTRIES, NOW, subscription

HOUR = timedelta(hours=1)
RENDER = DigestRenderer(
    Presentation(
        templates=load_mail_templates(shipped("templates") / "email"),
        countries=COUNTRIES,
        public_url="https://tip.example.org",
        sender="TIP Monitor <alerts@example.org>",
        signer=Signer("a secret of this test"),
    )
)


class Post:
    """A mailer that keeps what it is given, and refuses the addresses in ``refused`` for good."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.subjects: dict[str, list[str]] = {}
        self.texts: list[str] = []

    @asynccontextmanager
    async def carrier(self) -> AsyncIterator[Post]:
        yield self

    async def send(self, message: Message, *, now, turn=AT_ONCE) -> None:
        async with turn:
            if message.address in self.refused:
                raise DeliveryFailed("550 no such user", permanent=True)
            self.subjects.setdefault(message.address, []).append(message.subject)
            self.texts.append(message.text)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def subscribe(newsroom):
    def subscribed(address: str, **fields) -> None:
        values = {"created_at": NOW - HOUR, "cadence": Cadence.INSTANT} | fields
        with newsroom.database.transaction() as session:
            add_subscription(session, subscription(address, **values))

    return subscribed


@pytest.fixture
def round_of_digests(newsroom, post: Post):
    async def run() -> dict[str, list[str]]:
        newsroom.clock.advance(HOUR)
        post.subjects = {}
        compile_digests(newsroom.database, RENDER, now=newsroom.clock())
        await send_deliveries(newsroom.database, post, now=newsroom.clock)
        return post.subjects

    return run


def decide(newsroom, what, *arguments):
    newsroom.clock.advance(HOUR)
    with newsroom.database.transaction() as session:
        return what(session, *arguments, newsroom.reviewer("misread"))


def why(newsroom, change_id: str, address: str) -> str:
    with newsroom.database.reading() as session:
        lines = explain(session, change_id, address, countries=COUNTRIES, now=newsroom.clock())
    assert lines is not None
    return lines[0]


async def test_a_correction_goes_to_exactly_those_who_got_the_wrong_thing(
    newsroom, subscribe, round_of_digests, post
) -> None:
    subscribe("ana@example.org", kinds=frozenset({ChangeKind.FIGURE_CHANGED}))
    subscribe("bo@example.org", countries=frozenset({"BOL"}))
    subscribe("cy@example.org")
    newsroom.told(2012, 31)
    post.refused = {"cy@example.org"}
    (wrong,) = newsroom.told(2013, 17).changes
    assert set(await round_of_digests()) == {"ana@example.org"}
    post.refused = set()
    subscribe("di@example.org", created_at=newsroom.clock())
    correction = decide(newsroom, correct, wrong.id, Amendment(19))[-1]
    subjects = await round_of_digests()
    assert subjects == {"ana@example.org": [correction.headline]}
    assert await round_of_digests() == {}
    assert why(newsroom, correction.id, "ana@example.org").startswith("ana@example.org got it by email")
    assert why(newsroom, correction.id, "bo@example.org") == (
        "bo@example.org did not get it: a correction goes only to those who got what it corrects, "
        "and this address did not."
    )
    assert "failed for good: 550 no such user" in why(newsroom, wrong.id, "cy@example.org")
    assert why(newsroom, wrong.id, "di@example.org").startswith(
        "di@example.org did not get it: it proved wrong (Ana corrected it on 2013-06-20 14:00 UTC: misread)"
    )


async def test_a_held_change_goes_out_once_it_is_approved(newsroom, subscribe, round_of_digests) -> None:
    subscribe("ana@example.org")
    newsroom.told(2012, 31)
    (held,) = newsroom.told(2013, 17, confidence=Confidence.LOW).changes
    assert await round_of_digests() == {}
    assert why(newsroom, held.id, "ana@example.org") == (
        "ana@example.org did not get it: it is held for review: a figure of it was read without certainty."
    )
    decide(newsroom, approve, held.id)
    assert why(newsroom, held.id, "ana@example.org") == (
        "ana@example.org has not got it yet: it goes out with the next round of digests."
    )
    assert await round_of_digests() == {"ana@example.org": [held.headline]}


async def test_a_digest_says_how_many_changes_are_held(newsroom, subscribe, round_of_digests, post) -> None:
    subscribe("ana@example.org")
    newsroom.told(2012, 31)
    newsroom.told(2013, 17)
    newsroom.told(2014, 9, confidence=Confidence.LOW)
    await round_of_digests()
    (text,) = post.texts
    assert "1 more change waits for a person to check it" in " ".join(text.split())


async def test_there_and_back_within_a_period_is_told_once(newsroom, subscribe, round_of_digests) -> None:
    subscribe("ana@example.org", kinds=frozenset({ChangeKind.NARRATIVE_REVISED}))
    newsroom.told(2013, 17)
    (there,) = newsroom.told(2013, 19).changes
    (back,) = newsroom.told(2013, 17).changes
    assert await round_of_digests() == {"ana@example.org": [back.headline]}
    assert await round_of_digests() == {}
    assert why(newsroom, there.id, "ana@example.org").startswith("ana@example.org got it")


async def test_a_rejected_change_is_explained_by_who_rejected_it(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org")
    newsroom.told(2012, 31)
    (held,) = newsroom.told(2013, 17, confidence=Confidence.LOW).changes
    decide(newsroom, reject, held.id)
    assert await round_of_digests() == {}
    assert why(newsroom, held.id, "ana@example.org") == (
        "ana@example.org did not get it: it was rejected (Ana rejected it on 2013-06-20 13:00 UTC: misread)."
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param(
            {"countries": frozenset({"BOL", "BRA"})},
            "the subscription is for Bolivia, Brazil, and this is about Argentina",
            id="country",
        ),
        pytest.param(
            {"kinds": frozenset({ChangeKind.TIER_CHANGED})},
            "the subscription is for tier_changed, and this is figure_changed",
            id="kind",
        ),
        pytest.param(
            {"threshold": Threshold.parse("percent:50")},
            "31 to 17, of significance 0.27, does not reach the subscription's threshold percent:50",
            id="threshold",
        ),
        pytest.param(
            {"countries": frozenset({"BOL"}), "regions": frozenset({"AF"})},
            "the subscription is for Bolivia, all of AF, and this is about Argentina",
            id="region",
        ),
        pytest.param(
            {"paused_at": NOW}, "the subscription is paused since 2013-06-20 12:00 UTC", id="paused"
        ),
        pytest.param(
            {"told_from": NOW + HOUR},
            "it was found before the subscription was taken up again (2013-06-20 13:00 UTC)",
            id="taken up again",
        ),
        pytest.param({"confirmed_at": None}, "the subscription was never confirmed", id="unconfirmed"),
        pytest.param(
            {"created_at": NOW + HOUR, "confirmed_at": NOW + HOUR},
            "it was found before the subscription was made (2013-06-20 13:00 UTC)",
            id="too late",
        ),
    ],
)
async def test_who_is_told_nothing_is_told_why(newsroom, subscribe, round_of_digests, fields, reason) -> None:
    subscribe("ana@example.org", **fields)
    newsroom.told(2012, 31)
    (change,) = newsroom.told(2013, 17).changes
    assert await round_of_digests() == {}
    assert why(newsroom, change.id, "ana@example.org") == f"ana@example.org did not get it: {reason}."


def test_nobody_and_nothing_are_answered_too(newsroom) -> None:
    newsroom.told(2012, 31)
    (change,) = newsroom.told(2013, 17).changes
    assert why(newsroom, change.id, "who@example.org") == (
        "who@example.org did not get it: the address is not subscribed."
    )
    with newsroom.database.reading() as session:
        assert explain(session, "nothing", "who@example.org", countries=COUNTRIES, now=NOW) is None


async def test_a_suppressed_address_is_told_so(newsroom, subscribe, round_of_digests) -> None:
    subscribe("ana@example.org")
    with newsroom.database.transaction() as session:
        suppress(session, "ana@example.org", "a hash", SuppressionReason.BOUNCED, NOW)
    newsroom.told(2012, 31)
    (change,) = newsroom.told(2013, 17).changes
    assert await round_of_digests() == {}
    assert why(newsroom, change.id, "ana@example.org") == (
        "ana@example.org did not get it: nothing is sent to the address since 2013-06-20 12:00 UTC: "
        "a message to it bounced for good or was reported as spam."
    )


async def test_who_chose_the_country_s_region_is_told(newsroom, subscribe, round_of_digests) -> None:
    subscribe("ana@example.org", regions=frozenset({"WHA"}), cadence=Cadence.DAILY)
    newsroom.told(2012, 31)
    (change,) = newsroom.told(2013, 17).changes
    assert why(newsroom, change.id, "ana@example.org").startswith("ana@example.org has not got it yet")


async def test_a_correction_that_is_on_its_way_is_announced_to_who_got_the_wrong_thing(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org", kinds=frozenset({ChangeKind.FIGURE_CHANGED}))
    newsroom.told(2012, 31)
    (wrong,) = newsroom.told(2013, 17).changes
    await round_of_digests()
    (correction,) = decide(newsroom, reject, wrong.id)
    assert why(newsroom, correction.id, "ana@example.org") == (
        "ana@example.org has not got it yet: it goes out with the next round of digests."
    )


async def test_a_daily_digest_that_is_not_due_yet_is_announced(newsroom, subscribe, round_of_digests) -> None:
    subscribe("ana@example.org", cadence=Cadence.DAILY, hour=8, timezone="UTC")
    newsroom.told(2012, 31)
    (change,) = newsroom.told(2013, 17).changes
    assert await round_of_digests() == {}
    assert why(newsroom, change.id, "ana@example.org") == (
        "ana@example.org has not got it yet: its daily digest is due every day at 08:00 (UTC)."
    )


def corrected_to(newsroom, *values: int) -> None:
    """Let the page of 2012 have further texts, each with another number, an hour apart."""
    for value in values:
        newsroom.clock.advance(HOUR)
        newsroom.told(2012, value)


FIGURES = {"kinds": frozenset({ChangeKind.FIGURE_CHANGED})}
UP, DOWN = "31 convictions in the 2013 report, up from 17", "31 convictions in the 2013 report, down from 40"


async def test_a_correction_that_no_longer_holds_is_corrected_once(
    newsroom, subscribe, round_of_digests
) -> None:
    """The page of the edition before has 17, then 40, then 17 again."""
    subscribe("ana@example.org", **FIGURES)
    newsroom.told(2012, 17)
    newsroom.told(2013, 31)
    assert await round_of_digests() == {"ana@example.org": [f"Argentina: {UP}"]}
    corrected_to(newsroom, 40)
    assert await round_of_digests() == {"ana@example.org": [f"Argentina: {DOWN}; told before: {UP}"]}
    subscribe("bo@example.org", created_at=newsroom.clock(), **FIGURES)
    corrected_to(newsroom, 17)
    assert await round_of_digests() == {
        "ana@example.org": [f"Argentina: {UP}; told before: {DOWN}"],
        "bo@example.org": [f"Argentina: {UP}"],
    }
    assert await round_of_digests() == {}


async def test_each_further_turn_is_told_once_to_those_who_heard_the_last(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org", **FIGURES)
    newsroom.told(2012, 17)
    newsroom.told(2013, 31)
    await round_of_digests()
    before, now = UP, DOWN
    for value in (40, 17, 40, 17, 40):
        corrected_to(newsroom, value)
        assert await round_of_digests() == {"ana@example.org": [f"Argentina: {now}; told before: {before}"]}
        assert await round_of_digests() == {}
        before, now = now, before


async def test_there_and_back_between_two_digests_corrects_nothing(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org", **FIGURES)
    newsroom.told(2012, 17)
    newsroom.told(2013, 31)
    await round_of_digests()
    corrected_to(newsroom, 40, 17)
    assert await round_of_digests() == {}
    corrected_to(newsroom, 40)
    assert await round_of_digests() == {"ana@example.org": [f"Argentina: {DOWN}; told before: {UP}"]}


async def test_who_heard_nothing_before_the_page_turned_twice_hears_it_as_news(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org", **FIGURES)
    newsroom.told(2012, 17)
    newsroom.told(2013, 31)
    corrected_to(newsroom, 40, 17)
    assert await round_of_digests() == {"ana@example.org": [f"Argentina: {UP}"]}
    assert await round_of_digests() == {}


async def test_a_third_number_is_told_as_one_correction_to_all_who_heard_another(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org", **FIGURES)
    newsroom.told(2012, 17)
    newsroom.told(2013, 31)
    await round_of_digests()
    corrected_to(newsroom, 40)
    await round_of_digests()
    corrected_to(newsroom, 36)
    third = "31 convictions in the 2013 report, down from 36"
    assert await round_of_digests() == {"ana@example.org": [f"Argentina: {third}; told before: {DOWN}"]}
    assert await round_of_digests() == {}


async def test_a_change_that_was_none_and_is_one_again_is_told_as_correction(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org", **FIGURES)
    newsroom.told(2012, 17)
    newsroom.told(2013, 31)
    await round_of_digests()
    corrected_to(newsroom, 31)
    none = "no such change of convictions"
    assert await round_of_digests() == {"ana@example.org": [f"Argentina: {none}; told before: {UP}"]}
    corrected_to(newsroom, 17)
    assert await round_of_digests() == {"ana@example.org": [f"Argentina: {UP}; told before: {none}"]}
    assert await round_of_digests() == {}


async def test_a_person_s_correction_that_is_taken_back_is_corrected_too(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org", **FIGURES)
    newsroom.told(2012, 31)
    (wrong,) = newsroom.told(2013, 17).changes
    await round_of_digests()
    decide(newsroom, correct, wrong.id, Amendment(19))
    await round_of_digests()
    (standing,) = [each for each in newsroom.changes() if each.new == 19 and each.kind is wrong.kind]
    decide(newsroom, correct, standing.id, Amendment(17))
    (subject,) = (await round_of_digests())["ana@example.org"]
    assert subject == (
        "Argentina: 17 convictions in the 2013 report, down from 31; "
        "told before: 19 convictions in the 2013 report, down from 31"
    )
    assert await round_of_digests() == {}


async def test_why_what_holds_again_is_not_told_as_news_is_explained(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org", **FIGURES)
    newsroom.told(2012, 17)
    (first,) = newsroom.told(2013, 31).changes
    await round_of_digests()
    corrected_to(newsroom, 40, 17)
    await round_of_digests()
    (again,) = [each for each in newsroom.changes() if "instead_of" in each.detail]
    assert why(newsroom, again.id, "ana@example.org") == (
        f"ana@example.org did not get it: it holds again, and this address was told so before ({first.id}); "
        "whoever got a correction of that gets one more."
    )


async def test_who_was_about_to_hear_a_change_that_is_corrected_hears_what_holds_instead(
    newsroom, subscribe, round_of_digests
) -> None:
    """The page of the edition before is revised between the change and the daily digest."""
    daily = {"cadence": Cadence.DAILY, "hour": 8, "timezone": "UTC", **FIGURES}
    subscribe("ana@example.org", **daily)
    newsroom.told(2012, 17)
    (first,) = newsroom.told(2013, 31).changes
    corrected_to(newsroom, 40)
    subscribe("bo@example.org", created_at=newsroom.clock(), **daily)
    (instead,) = [each for each in newsroom.changes() if each.headline == f"Argentina: {DOWN}"]
    assert f"it holds instead of {first.id}, which was corrected" in why(
        newsroom, instead.id, "bo@example.org"
    )
    newsroom.clock.advance(24 * HOUR)
    assert await round_of_digests() == {"ana@example.org": [f"Argentina: {DOWN}"]}
    assert why(newsroom, first.id, "ana@example.org").startswith("ana@example.org did not get it")
    assert why(newsroom, instead.id, "ana@example.org").startswith("ana@example.org got it by email")
    newsroom.clock.advance(24 * HOUR)
    assert await round_of_digests() == {}
    # What was heard so is corrected like anything else, by those alone who heard it.
    corrected_to(newsroom, 31)
    newsroom.clock.advance(24 * HOUR)
    none = "no such change of convictions"
    assert await round_of_digests() == {"ana@example.org": [f"Argentina: {none}; told before: {DOWN}"]}
    newsroom.clock.advance(24 * HOUR)
    assert await round_of_digests() == {}


async def test_a_person_s_correction_before_the_digest_is_told_as_the_change_itself(
    newsroom, subscribe, round_of_digests
) -> None:
    subscribe("ana@example.org", cadence=Cadence.DAILY, hour=8, timezone="UTC", **FIGURES)
    newsroom.told(2012, 31)
    (wrong,) = newsroom.told(2013, 17).changes
    decide(newsroom, correct, wrong.id, Amendment(19))
    newsroom.clock.advance(24 * HOUR)
    assert await round_of_digests() == {
        "ana@example.org": ["Argentina: 19 convictions in the 2013 report, down from 31"]
    }
