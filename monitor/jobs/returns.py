"""Reads what came back and draws the consequences: rest, suppression, a subscription that ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from monitor.delivery.return_box import ReturnBox
from monitor.delivery.returned import Returned, Verdict, read_returned
from monitor.delivery.tokens import Signer
from monitor.storage.database import Database
from monitor.storage.outbox import delivery_by_return_key, mark_returned
from monitor.storage.subscriptions import remove_subscription
from monitor.storage.suppressions import SuppressionReason, count_soft_bounce, suppress

_MOST_AT_ONCE = 500


@dataclass(slots=True)
class Returns:
    """What a run read, counted; ``unknown`` is mail that is no report on anything of ours."""

    hard: int = 0
    soft: int = 0
    complaints: int = 0
    left: int = 0
    unknown: int = 0

    def __bool__(self) -> bool:
        return any((self.hard, self.soft, self.complaints, self.left, self.unknown))


def read_returns(database: Database, box: ReturnBox, signer: Signer, *, now: datetime) -> Returns:
    """Read what is new in ``box``. Killed between acting and noting it, the same mail acts once only.

    Raises:
        BoxUnavailable: the box cannot be read; what was read before that has its effect.
    """
    returns = Returns()
    for letter in box.unread(_MOST_AT_ONCE):
        returned = read_returned(letter.content)
        if returned is None:
            returns.unknown += 1
        else:
            with database.transaction() as session:
                _act(session, returned, signer, now, returns)
        box.mark_read(letter)
    return returns


def suppress_bad_addresses(
    database: Database, addresses: Iterable[str], signer: Signer, *, now: datetime
) -> None:
    """Write no more to addresses that a server refused for being no mailbox."""
    for address in addresses:
        with database.transaction() as session:
            suppress(session, address, signer.address_hash(address), SuppressionReason.BOUNCED, now)


def _act(session: Session, returned: Returned, signer: Signer, now: datetime, returns: Returns) -> None:
    delivery = delivery_by_return_key(session, returned.return_key)
    if delivery is None:
        returns.unknown += 1
        return
    address = delivery.message.address
    address_hash = signer.address_hash(address)
    if not mark_returned(session, delivery.id, f"came back, {returned.verdict}: {returned.reason}"):
        return
    match returned.verdict:
        case Verdict.HARD:
            returns.hard += 1
            suppress(session, address, address_hash, SuppressionReason.BOUNCED, now)
        case Verdict.SOFT:
            returns.soft += 1
            if count_soft_bounce(session, address, now) is None:
                suppress(session, address, address_hash, SuppressionReason.BOUNCED, now)
        case Verdict.COMPLAINT:
            returns.complaints += 1
            suppress(session, address, address_hash, SuppressionReason.COMPLAINT, now)
        case Verdict.LEAVE:
            returns.left += 1
            remove_subscription(session, address)
