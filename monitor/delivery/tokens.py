"""Signs and checks what an address proves itself with: links in mails, return paths, webhooks."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, base64_decode, base64_encode
from itsdangerous import Signer as Sealer

CONFIRMATION_LIFETIME = timedelta(days=3)
PREFERENCES_LIFETIME = timedelta(days=365)
_RETURN_KEY_DIGITS = 20


class Purpose(StrEnum):
    """What a link is good for; a link of one purpose opens nothing of another."""

    CONFIRM = "tip-monitor.confirm-subscription"
    PREFERENCES = "tip-monitor.preferences"
    LEAVE = "tip-monitor.leave"


_LIFETIMES = {Purpose.CONFIRM: CONFIRMATION_LIFETIME, Purpose.PREFERENCES: PREFERENCES_LIFETIME}


class TokenRefused(Exception):  # noqa: N818
    """The token is not one of ours, or too old (``expired``)."""

    def __init__(self, reason: str, *, expired: bool = False) -> None:
        super().__init__(reason)
        self.expired = expired


class Signer:
    """Makes and checks tokens under a secret.

    ``secret`` may be several, the newest first and commas between them: the first signs, all verify,
    so that a secret is changed without breaking the links of mails already sent. What must stay the
    same meanwhile (hashes of addresses, secrets of webhooks) is made with the last.

    Raises:
        ValueError: the secret is empty.
    """

    def __init__(self, secret: str) -> None:
        secrets = [part.strip().encode() for part in secret.split(",") if part.strip()]
        if not secrets:
            raise ValueError("an empty secret signs nothing: set one")
        self._oldest = secrets[-1]
        # One key for each purpose, derived here and not for each token.
        self._sealers = {
            purpose: Sealer(
                # The last of them signs.
                [_digest(each, purpose) for each in reversed(secrets)],
                key_derivation="none",
                digest_method=hashlib.sha256,
            )
            for purpose in Purpose
        }

    def token(self, purpose: Purpose, address: str, *, now: datetime) -> str:
        """Return a token, fit for a query string, that proves its bearer reads mail to ``address``.

        The address is signed, not hidden: the token belongs in a mail to that address only.
        """
        content = f"{int(now.timestamp())} {address}".encode()
        return self._sealers[purpose].sign(base64_encode(content)).decode("ascii")

    def address_of(self, purpose: Purpose, token: str, *, now: datetime) -> str:
        """Return the address that ``token`` was made for. One to leave with never grows old.

        Raises:
            TokenRefused: the signature is wrong, or the token is older than its purpose allows.
        """
        try:
            content = base64_decode(self._sealers[purpose].unsign(token)).decode()
            made, _, address = content.partition(" ")
            moment = datetime.fromtimestamp(int(made), UTC)
        except (BadData, ValueError) as error:
            raise TokenRefused("the link is not one of ours or lost a part on its way") from error
        lifetime = _LIFETIMES.get(purpose)
        if lifetime is not None and now > moment + lifetime:
            raise TokenRefused("the link is too old; subscribe again to get a new one", expired=True)
        return address

    def return_key(self, message_id: str) -> str:
        """Return what stands for a message in its return path: nobody else can make one up."""
        return self._digest(f"return\x1f{message_id}")[:_RETURN_KEY_DIGITS]

    def address_hash(self, address: str) -> str:
        """Return what an address is known by once its data are gone: useless without the secret."""
        return self._digest(f"address\x1f{address.strip().casefold()}")

    def webhook_secret(self, url: str) -> str:
        """Return the secret with which what goes to the webhook at ``url`` is signed."""
        return self._digest(f"webhook\x1f{url}")

    def _digest(self, text: str) -> str:
        return _digest(self._oldest, text)


def _digest(secret: bytes, text: str) -> str:
    return hmac.digest(secret, text.encode(), hashlib.sha256).hex()


def confirmation_token(address: str, secret: str, *, now: datetime) -> str:
    """Return the token of a confirmation link."""
    return Signer(secret).token(Purpose.CONFIRM, address, now=now)


def address_of(token: str, secret: str, *, now: datetime) -> str:
    """Return the address that a confirmation link was made for.

    Raises:
        TokenRefused: as ``Signer.address_of``.
    """
    return Signer(secret).address_of(Purpose.CONFIRM, token, now=now)
