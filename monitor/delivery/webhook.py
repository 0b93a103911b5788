"""Talks to webhooks: a signed POST that may come twice and says so.

The body is the JSON object of the digest. ``TIP-Monitor-Signature: t=UNIXTIME,v1=HEX`` holds the
HMAC-SHA256, under the webhook's secret, of ``UNIXTIME.BODY``; ``Idempotency-Key`` is the same
however often a delivery is tried, and is the Message-ID without its brackets.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

import httpx

from monitor.delivery.mailer import AT_ONCE, DeliveryFailed, Turn
from monitor.delivery.plain_text import cut, one_line
from monitor.domain.subscription import Message

SIGNATURE = "TIP-Monitor-Signature"
_LONGEST_REASON = 200
_LATER = (408, 409, 423, 425, 429)
"""Answers of the 4xx that may pass (RFC 9110, 6585): all others say that trying again is useless."""
_GONE = (404, 410)


class WebhookSender:
    """Posts to webhooks through ``client``, which reaches public addresses only and follows no redirect.

    ``secret_of`` gives a webhook's secret by its address. ``refusals`` are what the client raises
    where an address may not be reached.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        secret_of: Callable[[str], str],
        refusals: tuple[type[Exception], ...] = (),
    ) -> None:
        self._client = client
        self._secret_of = secret_of
        self._refusals = refusals

    async def send(self, message: Message, *, now: datetime, turn: Turn = AT_ONCE) -> None:
        """Post one message; only an answer of the 2xx is taken for its receipt.

        Raises:
            DeliveryFailed: it was not taken; for good where the answer says so.
        """
        body = message.payload.encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.message_id.strip("<>"),
            SIGNATURE: signature(body, self._secret_of(message.address), now=now),
        }
        async with turn:
            await self._post(message.address, body, headers)

    async def _post(self, address: str, body: bytes, headers: dict[str, str]) -> None:
        try:
            # Streamed, since a hostile answer has no end: nothing of it is read.
            async with self._client.stream("POST", address, content=body, headers=headers) as answer:
                status = answer.status_code
        except self._refusals as error:
            raise DeliveryFailed(_told(error), permanent=True) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise DeliveryFailed("the webhook's address is none", permanent=True) from error
        except httpx.HTTPError as error:
            raise DeliveryFailed(f"the webhook did not answer: {_told(error)}", permanent=False) from error
        if not 200 <= status < 300:
            permanent = 300 <= status < 500 and status not in _LATER
            raise DeliveryFailed(
                f"the webhook answered {status}", permanent=permanent, is_address_bad=status in _GONE
            )


def signature(body: bytes, secret: str, *, now: datetime) -> str:
    """Return the signature's header: who checks it refuses a time far from now, and a wrong HMAC."""
    moment = str(int(now.timestamp()))
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _told(error: Exception) -> str:
    return cut(one_line(str(error)) or type(error).__name__, _LONGEST_REASON)
