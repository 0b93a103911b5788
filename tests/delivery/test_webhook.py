"""Webhooks: signed, told apart by their answers, and never a way into a private network."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from pytest_httpserver import HTTPServer

from monitor.delivery.mailer import DeliveryFailed
from monitor.delivery.webhook import WebhookSender, signature
from monitor.domain.subscription import Message
from monitor.fetching.guard import AddressRefused, guarded_client
from tests.delivery.samples import NOW

URL = "https://hooks.example.org/a"
MESSAGE = Message("<digest.1@example.org>", URL, "s", "t", "", payload='{"schema": 1, "ü": "é"}')


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> WebhookSender:
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return WebhookSender(client, secret_of=lambda url: f"secret of {url}")


async def failure(sender: WebhookSender, message: Message = MESSAGE) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        await sender.send(message, now=NOW)
    return caught.value


async def test_a_post_is_signed_and_carries_its_key() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    for _ in range(2):
        await answering(answer).send(MESSAGE, now=NOW)
    first, again = seen
    moment = str(int(NOW.timestamp()))
    signed = moment.encode() + b"." + MESSAGE.payload.encode()
    digest = hmac.new(f"secret of {URL}".encode(), signed, hashlib.sha256).hexdigest()
    assert first.headers["TIP-Monitor-Signature"] == f"t={moment},v1={digest}"
    assert first.headers["Content-Type"] == "application/json"
    assert first.headers["Idempotency-Key"] == again.headers["Idempotency-Key"] == "digest.1@example.org"
    assert first.content == MESSAGE.payload.encode()


def test_another_body_or_time_or_secret_has_another_signature() -> None:
    made = {
        signature(b"a", "s", now=NOW),
        signature(b"b", "s", now=NOW),
        signature(b"a", "t", now=NOW),
        signature(b"a", "s", now=NOW.replace(year=2014)),
    }
    assert len(made) == 4


@pytest.mark.parametrize(
    ("status", "permanent", "bad"),
    [
        (301, True, False),
        (400, True, False),
        (404, True, True),
        (410, True, True),
        (408, False, False),
        (425, False, False),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
async def test_answers_are_told_apart(status: int, permanent: bool, bad: bool) -> None:
    failed = await failure(answering(lambda _: httpx.Response(status)))
    assert (failed.permanent, failed.is_address_bad) == (permanent, bad)
    assert str(failed) == f"the webhook answered {status}"


async def test_silence_is_a_passing_failure() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow\r\nBcc: x", request=request)

    failed = await failure(answering(answer))
    assert (failed.permanent, str(failed)) == (False, "the webhook did not answer: slow Bcc: x")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://169.254.169.254/latest", "http://[::1]/", "http://2130706433/"]
)
async def test_a_private_network_is_out_of_reach(url: str) -> None:
    async with guarded_client() as client:
        sender = WebhookSender(client, secret_of=lambda _: "s", refusals=(AddressRefused,))
        failed = await failure(sender, replace(MESSAGE, address=url))
    assert failed.permanent
    assert "not a public address" in str(failed)


async def test_no_redirect_leads_anywhere(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", 302, {"Location": httpserver.url_for("/b")})
    import ipaddress

    async with guarded_client((ipaddress.ip_network("127.0.0.1/32"),)) as client:
        sender = WebhookSender(client, secret_of=lambda _: "s", refusals=(AddressRefused,))
        failed = await failure(sender, replace(MESSAGE, address=httpserver.url_for("/a")))
    assert (failed.permanent, [request.path for request, _ in httpserver.log]) == (True, ["/a"])


@pytest.mark.parametrize("url", ["ftp://example.org/", "not an address", "http://"])
async def test_what_is_no_web_address_is_given_up(url: str) -> None:
    async with guarded_client() as client:
        failed = await failure(WebhookSender(client, secret_of=lambda _: "s"), replace(MESSAGE, address=url))
    assert failed.permanent
