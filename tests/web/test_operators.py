"""Operators sign in, decide and switch; everyone else sees that there is nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher
from sqlmodel import col, update

from monitor.delivery.tokens import Signer
from monitor.domain.audit import AuditAction
from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.domain.source import Source, SourceKind
from monitor.domain.subscription import Message, Subscription
from monitor.storage.audit import deeds
from monitor.storage.changes import change, changes
from monitor.storage.database import Database
from monitor.storage.outbox import lease_deliveries, mark_failed, queue_message
from monitor.storage.reviews import held_changes
from monitor.storage.rows import SubscriptionRow
from monitor.storage.sources import source_states, sync_sources
from monitor.storage.subscriptions import add_subscription
from monitor.storage.suppressions import SuppressionReason, suppress
from monitor.web.app import create_app
from tests.checks import record_failure
from tests.web.conftest import application, client_of
from tests.web.reading import attributes, texts
from tests.web.samples import COUNTRIES, HOSTILE, NOW, PUBLIC_URL, SECRET, TEMPLATES

PASSWORD = "correct horse battery staple"
# Weak on purpose: the strength is the library's to test, and each sign-in here would take its time.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
PAGES = ("", "/sources", "/deliveries", "/subscribers", "/audit")


class Clock:
    def __init__(self) -> None:
        self.now = NOW


@pytest.fixture
def clock() -> Clock:
    return Clock()


def with_operators(database: Database, clock: Clock, *, password_hash: str = HASH) -> httpx.AsyncClient:
    app = create_app(
        database=database,
        countries=COUNTRIES,
        public_url=PUBLIC_URL,
        templates=TEMPLATES,
        secret=SECRET,
        admin_password_hash=password_hash,
        clock=lambda: clock.now,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://testserver")


@pytest.fixture
async def stranger(database: Database, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    async with with_operators(database, clock) as client:
        yield client


@pytest.fixture
async def operator(stranger: httpx.AsyncClient) -> httpx.AsyncClient:
    answer = await sign_in(stranger)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/operator")
    return stranger


async def sign_in(client: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/operator/sign-in", data={"operator": "Ana", "password": password})


async def token_of(client: httpx.AsyncClient) -> str:
    return attributes((await client.get("/operator")).text, "input[name=token]", "value")[0]


async def send(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await client.post(f"/operator{path}", data={"token": await token_of(client)} | fields)


def held(database: Database) -> str:
    """The held change of Argentina's investigations, from none to 368."""
    with database.reading() as session:
        return next(each.id for each in held_changes(session) if each.country == "ARG")


async def test_without_a_password_there_is_nothing(client: httpx.AsyncClient) -> None:
    for path in (*PAGES, "/sign-in"):
        assert (await client.get(f"/operator{path}")).status_code == 404


@pytest.mark.parametrize("path", [*PAGES, "/reviews/0123"])
async def test_a_stranger_is_sent_to_sign_in(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(f"/operator{path}")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/operator/sign-in")
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_password_opens_a_session_that_scripts_and_other_sites_cannot_use(
    stranger: httpx.AsyncClient,
) -> None:
    cookie = (await sign_in(stranger)).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" in cookie
    assert "Path=/operator" in cookie
    assert (await stranger.get("/operator")).status_code == 200


async def test_a_wrong_password_is_refused_noted_and_slowed(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    answers = [await sign_in(stranger, "wrong") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) <= 60
    assert (await sign_in(stranger)).status_code == 429
    with database.reading() as session:
        assert [entry.action for entry in deeds(session, limit=9)] == [AuditAction.SIGN_IN_FAILED] * 5


async def test_a_session_ends_when_it_is_old_left_or_the_password_changes(
    operator: httpx.AsyncClient, database: Database, clock: Clock
) -> None:
    cookie = dict(operator.cookies)
    clock.now += timedelta(hours=7, minutes=59)
    assert (await operator.get("/operator")).status_code == 200
    clock.now += timedelta(minutes=2)
    assert (await operator.get("/operator")).status_code == 303

    clock.now = NOW
    other_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("another")
    async with with_operators(database, clock, password_hash=other_hash) as changed:
        changed.cookies.update(cookie)
        assert (await changed.get("/operator")).status_code == 303

    await send(operator, "/sign-out")
    # Whoever kept the cookie has nothing of it.
    operator.cookies.update(cookie)
    assert (await operator.get("/operator")).status_code == 303


@pytest.mark.parametrize("cookie", ["", "nonsense", "WyJhIiwiYiIsMCwiYyJd.forged"])
async def test_a_forged_session_opens_nothing(stranger: httpx.AsyncClient, cookie: str) -> None:
    answer = await stranger.get("/operator", headers={"Cookie": f"tip_monitor_operator={cookie}"})

    assert answer.status_code == 303


@pytest.mark.parametrize("fields", [{}, {"token": ""}, {"token": "0" * 64}, {"token": "\u00e9"}])
async def test_a_form_without_the_sessions_token_does_nothing(
    operator: httpx.AsyncClient, database: Database, fields: dict[str, str]
) -> None:
    answer = await operator.post(f"/operator/reviews/{held(database)}/approve", data=fields)

    assert answer.status_code == 403
    assert held(database)


async def test_a_request_that_another_site_caused_does_nothing(operator: httpx.AsyncClient) -> None:
    answer = await operator.post(
        "/operator/sign-out",
        data={"token": await token_of(operator)},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 403
    assert (await operator.get("/operator")).status_code == 200


async def test_a_form_that_is_too_large_is_refused(operator: httpx.AsyncClient) -> None:
    answer = await operator.post("/operator/sign-out", data={"token": "x" * 70_000})

    assert answer.status_code == 413


async def test_the_queue_says_what_waits_and_why(operator: httpx.AsyncClient) -> None:
    shown = (await operator.get("/operator")).text

    assert "Argentina: 368 investigations in 2012, up from none" in texts(shown, ".headline")
    assert "Held: implausible jump" in texts(shown, ".excerpt")


async def test_the_evidence_is_marked_in_its_narrative(
    operator: httpx.AsyncClient, database: Database
) -> None:
    shown = (await operator.get(f"/operator/reviews/{held(database)}")).text

    assert texts(shown, "#evidence-2013") == ["Authorities opened 368 investigations in 2012."]
    assert texts(shown, "#evidence-2012") == ["Police opened no investigations."]
    assert texts(shown, ".narrative")[0].startswith("ARGENTINA (Tier 2) Authorities opened 368")


async def test_an_approved_change_is_told(operator: httpx.AsyncClient, database: Database) -> None:
    change_id = held(database)
    answer = await send(operator, f"/reviews/{change_id}/approve")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/operator/reviews/{change_id}")
    assert (await operator.get(f"/changes/{change_id}")).status_code == 200
    with database.reading() as session:
        approved = deeds(session, limit=1)[0]
    assert (approved.action, approved.operator, approved.subject) == (
        AuditAction.APPROVED,
        "Ana",
        change_id,
    )


async def test_a_rejection_needs_a_reason_and_hides_the_change(
    operator: httpx.AsyncClient, database: Database
) -> None:
    change_id = held(database)
    unsaid = await send(operator, f"/reviews/{change_id}/reject", reason=" ")
    said = await send(operator, f"/reviews/{change_id}/reject", reason="a list of past years")

    assert unsaid.status_code == 422
    assert texts(unsaid.text, "[role=alert]") == ["Say why: the reason is kept, and told with a correction."]
    assert said.status_code == 303
    assert (await operator.get(f"/changes/{change_id}")).status_code == 404
    with database.reading() as session:
        rejected = change(session, change_id)
    assert rejected is not None
    assert rejected.status is ChangeStatus.REJECTED


async def test_a_corrected_figure_is_shown_everywhere(
    operator: httpx.AsyncClient, database: Database
) -> None:
    change_id = held(database)
    answer = await send(
        operator,
        f"/reviews/{change_id}/correct",
        value="36",
        edition="2013",
        reason="a slip of the page",
    )

    assert answer.status_code == 303
    argentina = (await operator.get("/countries/ARG")).text
    assert texts(argentina, "#investigations ~ .scroll tbody tr")[0].startswith("2013 36 cases")
    with database.reading() as session:
        found = changes(session, countries=["ARG"], kinds=[ChangeKind.FIGURE_CHANGED])
    assert [each.new for each in found if each.measure == "investigations"] == [36]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": "many"}, "'many' is no value: write a number, unreported, none, or a tier"),
        ({"value": "5", "sentence": HOSTILE}, "ARG 2013: its narrative has no such sentence:"),
        ({"value": "5", "measure": "nothing"}, "'nothing' is not a valid Measure"),
    ],
)
async def test_a_correction_that_cannot_be_made_is_refused_in_words(
    operator: httpx.AsyncClient, database: Database, fields: dict[str, str], words: str
) -> None:
    answer = await send(operator, f"/reviews/{held(database)}/correct", reason="why", **fields)

    assert answer.status_code == 422
    assert texts(answer.text, "[role=alert]")[0].startswith(words)
    assert texts(answer.text, "script") == []


async def test_a_source_is_switched_off_and_on(operator: httpx.AsyncClient, database: Database) -> None:
    source = Source("news", SourceKind.FEED, "https://news.example.org/feed", timedelta(hours=1))
    with database.transaction() as session:
        sync_sources(session, [source])
        record_failure(session, "news", NOW, f"answered {HOSTILE}")
    shown = (await operator.get("/operator/sources")).text

    assert "answered <script>alert(1)</script> evil & <b>bold</b>" in texts(shown, "main td")[3]
    for switch, enabled in (("disable", False), ("enable", True)):
        assert (await send(operator, f"/sources/news/{switch}")).status_code == 303
        with database.reading() as session:
            assert [state.enabled for state in source_states(session)] == [enabled]
    assert (await send(operator, "/sources/nothing/enable")).status_code == 404


async def test_deliveries_and_subscribers_are_listed_as_text(
    operator: httpx.AsyncClient, database: Database
) -> None:
    with database.transaction() as session:
        add_subscription(session, Subscription(address="reader@example.net", created_at=NOW))
        queue_message(session, Message("<1@x>", "reader@example.net", HOSTILE, "", ""), "email", NOW)
    subscribers = (await operator.get("/operator/subscribers?q=READER@")).text
    others = (await operator.get("/operator/subscribers", params={"q": HOSTILE})).text
    deliveries = (await operator.get("/operator/deliveries?state=queued")).text
    failed = (await operator.get("/operator/deliveries?state=failed")).text

    assert texts(subscribers, "tbody tr") == ["reader@example.netnodailyallall2013-07-02 06:00"]
    assert texts(others, ".nothing") == ["No subscriber has that in the address."]
    assert texts(others, "script") == []
    assert texts(deliveries, "tbody th") == ["reader@example.net"]
    assert texts(deliveries, "script") == []
    assert texts(failed, ".nothing") == ["No delivery is in that state."]


async def test_subscribers_that_cannot_be_read_are_listed_with_their_number_and_what_to_do(
    operator: httpx.AsyncClient, database: Database
) -> None:
    with database.transaction() as session:
        for name in ("ana", "bo"):
            add_subscription(session, Subscription(address=f"{name}@example.net", created_at=NOW))
        session.execute(update(SubscriptionRow).where(col(SubscriptionRow.id) == 2).values(hour=25))
    every = (await operator.get("/operator/subscribers")).text
    ana = (await operator.get("/operator/subscribers?q=ana")).text
    bo = (await operator.get("/operator/subscribers?q=bo@")).text

    assert texts(every, "tbody th") == ["ana@example.net"]
    assert texts(every, "#unreadable-title") == ["1 that cannot be read"]
    (told,) = texts(every, "section li")
    assert told.startswith("Number 2: bo@example.net: the stored subscription 2 cannot be read")
    assert "tip-monitor subscribers add bo@example.net" in told
    assert texts(ana, "#unreadable-title") == []
    assert (texts(bo, "section li"), texts(bo, ".nothing")) == ([told], [])


def given_up(database: Database, address: str = "reader@example.net", channel: str = "email") -> int:
    """Queue a message to ``address``, and let it fail for good; return the delivery's id."""
    with database.transaction() as session:
        found = queue_message(session, Message("<1@x>", address, "News", "text", "<p>text"), channel, NOW)
        assert found is not None
        lease_deliveries(session, NOW, 1, timedelta(minutes=1), "sender")
        mark_failed(session, found, NOW, "550 no such user", None, "sender")
    return found


async def test_a_delivery_that_was_given_up_is_sent_again(
    operator: httpx.AsyncClient, database: Database
) -> None:
    number = given_up(database)
    shown = (await operator.get("/operator/deliveries?state=failed")).text
    answer = await send(operator, f"/deliveries/{number}/resend")
    again = await send(operator, f"/deliveries/{number}/resend")

    assert attributes(shown, "td form", "action") == [f"/operator/deliveries/{number}/resend"]
    assert answer.status_code == 303
    with database.transaction() as session:
        (leased,) = lease_deliveries(session, NOW, 5, timedelta(minutes=1), "sender")
        assert deeds(session, limit=1)[0].action is AuditAction.RESENT
    assert (leased.id, leased.attempts, leased.message.message_id) == (number, 1, "<1@x>")
    assert again.status_code == 422
    assert texts(again.text, "[role=alert]") == [
        "This delivery is queued: only what was given up is sent again."
    ]


async def test_nothing_is_sent_again_to_an_address_that_is_suppressed(
    operator: httpx.AsyncClient, database: Database
) -> None:
    number = given_up(database)
    with database.transaction() as session:
        key = Signer(SECRET).address_hash("reader@example.net")
        suppress(session, "reader@example.net", key, SuppressionReason.COMPLAINT, NOW)
    answer = await send(operator, f"/deliveries/{number}/resend")

    assert answer.status_code == 422
    assert texts(answer.text, "[role=alert]") == [
        "The address is suppressed (complaint): it is not written to any more."
    ]
    with database.transaction() as session:
        assert lease_deliveries(session, NOW, 5, timedelta(minutes=1)) == []


@pytest.mark.parametrize("number", ["0", "-1", "9" * 400, "x", "1e3"])
async def test_a_delivery_that_is_none_is_refused_in_words(operator: httpx.AsyncClient, number: str) -> None:
    answer = await send(operator, f"/deliveries/{number}/resend")

    assert answer.status_code == 422
    assert texts(answer.text, "[role=alert]") == ["There is no such delivery: its subscriber may have left."]


async def test_of_a_webhook_only_the_host_is_shown(operator: httpx.AsyncClient, database: Database) -> None:
    given_up(database, "https://user:password@hooks.example.org/secret-path", "webhook")
    shown = (await operator.get("/operator/deliveries")).text

    assert texts(shown, "tbody th") == ["webhook: hooks.example.org"]
    assert "secret-path" not in shown
    assert "password@" not in shown


async def test_who_signs_out_keeps_no_cookie(operator: httpx.AsyncClient) -> None:
    await send(operator, "/sign-out")

    assert dict(operator.cookies) == {}


async def test_what_operators_type_stays_text_in_the_audit_log(
    stranger: httpx.AsyncClient,
) -> None:
    await stranger.post("/operator/sign-in", data={"operator": HOSTILE, "password": PASSWORD})
    shown = (await stranger.get("/operator/audit")).text

    assert texts(shown, "tbody th") == ["<script>alert(1)</script> evil & <b>bold</b>"]
    assert texts(shown, "script") == []


async def test_operator_pages_are_for_one_reader_only(operator: httpx.AsyncClient) -> None:
    for path in PAGES:
        answer = await operator.get(f"/operator{path}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert attributes(answer.text, "meta[name=robots]", "content") == ["noindex, nofollow"]


async def test_readers_meet_no_cookie(database: Database) -> None:
    async with client_of(application(database)) as client:
        for address in ("/", "/countries/ARG", "/feeds/changes.atom", "/api/v1/changes"):
            assert "Set-Cookie" not in (await client.get(address)).headers


@pytest.mark.parametrize("path", PAGES)
async def test_the_navigation_marks_the_page_that_is_open(operator: httpx.AsyncClient, path: str) -> None:
    page = (await operator.get(f"/operator{path}")).text

    assert attributes(page, ".operator-nav a[aria-current=page]", "href") == [f"/operator{path}"]


async def test_a_review_is_marked_as_part_of_the_queue(
    operator: httpx.AsyncClient, database: Database
) -> None:
    page = (await operator.get(f"/operator/reviews/{held(database)}")).text

    assert attributes(page, ".operator-nav a[aria-current=true]", "href") == ["/operator"]
