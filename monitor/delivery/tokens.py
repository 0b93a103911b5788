"""Signs and checks the token in a confirmation link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

CONFIRMATION_LIFETIME = timedelta(days=3)
_SALT = "tip-monitor.confirm-subscription"


class TokenRefused(Exception):  # noqa: N818 - named as the event it tells of
    """The token is not one of ours, or too old (``expired``)."""

    def __init__(self, reason: str, *, expired: bool = False) -> None:
        super().__init__(reason)
        self.expired = expired


def confirmation_token(address: str, secret: str, *, now: datetime) -> str:
    """Return a token, fit for a query string, that proves its bearer reads mail to ``address``.

    The address is signed, not hidden: the token belongs in a mail to that address only.
    """
    return _serializer(secret).dumps([address, int(now.timestamp())])


def address_of(token: str, secret: str, *, now: datetime, max_age: timedelta = CONFIRMATION_LIFETIME) -> str:
    """Return the address that ``token`` was made for.

    Raises:
        TokenRefused: the signature is wrong, or the token was made more than ``max_age`` before ``now``.
    """
    try:
        address, made = _serializer(secret).loads(token)
    except (BadData, ValueError, TypeError) as error:
        raise TokenRefused("the link is not one of ours or lost a part on its way") from error
    if not isinstance(address, str) or not isinstance(made, int):
        raise TokenRefused("the link is not one of ours")
    if now > datetime.fromtimestamp(made, UTC) + max_age:
        raise TokenRefused("the link is too old; subscribe again to get a new one", expired=True)
    return address


def _serializer(secret: str) -> URLSafeSerializer:
    if not secret:
        raise ValueError("an empty secret signs nothing: set one")
    return URLSafeSerializer(secret, salt=_SALT)
