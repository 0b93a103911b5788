"""Says in words why an address did or did not get a change: the answer first, then what led to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from monitor.domain.change import Change, ChangeStatus
from monitor.domain.country import Countries
from monitor.domain.review import Doubt
from monitor.domain.subscription import Cadence, DeliveryState, Subscription
from monitor.storage.changes import change, corrections_between_editions, corrections_of
from monitor.storage.receipts import Receipt, receipts
from monitor.storage.reviews import reviews_of
from monitor.storage.subscriptions import subscription

_DOUBTS = {
    Doubt.LOW_CONFIDENCE: "a figure of it was read without certainty",
    Doubt.IMPLAUSIBLE_JUMP: "it moves further than this country's number ever did",
    Doubt.CONFLICTING_CANDIDATES: "the text gives two numbers, or contradicts what is stored",
    Doubt.COVERAGE_COLLAPSE: "nearly all numbers of the narrative are gone at once",
    Doubt.CORRECTION_OUTDATED: "the sentence that a person had corrected is no longer there",
}


def explain(
    session: Session, change_id: str, address: str, *, countries: Countries, now: datetime
) -> list[str] | None:
    """Return the lines of the explanation, or None where no change has the id."""
    found = change(session, change_id)
    if found is None:
        return None
    subscriber = subscription(session, address)
    got = receipts(session, change_id, address)
    lines = [f"{found.headline} ({found.kind.value}, found {_moment(found.created_at)})"]
    if got:
        return [*(_received(address, each) for each in got), *lines, *_decisions(session, found)]
    if subscriber is None:
        return [f"{address} did not get it: the address is not subscribed.", *lines]
    reasons = list(_reasons(session, found, subscriber, countries))
    if reasons:
        return [
            f"{address} did not get it: {reasons[0]}.",
            *(f"Also: {each}." for each in reasons[1:]),
            *lines,
        ]
    return [f"{address} has not got it yet: {_pending(subscriber)}.", *lines]


def held_words(found: Change) -> str:
    """Return why a change is held, in words."""
    doubts = found.detail.get("held")
    words = [_DOUBTS[Doubt(str(doubt))] for doubt in doubts] if isinstance(doubts, list) else []
    return "; ".join(words) or "it waits for a person"


def _received(address: str, receipt: Receipt) -> str:
    by = f"by {receipt.channel}, in the digest up to {_moment(receipt.period_end)}"
    if receipt.state is DeliveryState.SENT and receipt.sent_at:
        return f"{address} got it {by}, sent {_moment(receipt.sent_at)}, {receipt.message_id}."
    if receipt.state is DeliveryState.FAILED:
        return f"{address} did not get it: the message {by} failed for good: {receipt.last_error}."
    more = f"; the last attempt failed: {receipt.last_error}" if receipt.last_error else ""
    return f"{address} is about to get it {by}: queued {_moment(receipt.queued_at)}{more}."


def _decisions(session: Session, found: Change) -> Iterator[str]:
    for each in reviews_of(session, found.id):
        reason = f": {each.reason}" if each.reason else ""
        yield f"{each.reviewer} {each.decision.value} it on {_moment(each.decided_at)}{reason}"


def _reasons(
    session: Session, found: Change, subscriber: Subscription, countries: Countries
) -> Iterator[str]:
    yield from _reasons_of_status(session, found)
    yield from _reasons_of_subscription(subscriber)
    if found.corrects is not None:
        wrong = receipts(session, found.corrects, subscriber.address)
        if all(each.state is DeliveryState.FAILED for each in wrong):
            yield "a correction goes only to those who got what it corrects, and this address did not"
        return
    told_before = found.detail.get("instead_of")
    for known in told_before if isinstance(told_before, list) else ():
        if receipts(session, str(known), subscriber.address):
            yield (
                f"it holds again, and this address was told so before ({known}); whoever got a correction "
                "of that gets one more"
            )
    if found.created_at <= subscriber.created_at:
        yield f"it was found before the subscription was made ({_moment(subscriber.created_at)})"
    elif subscriber.told_from is not None and found.created_at <= subscriber.told_from:
        yield f"it was found before the subscription was taken up again ({_moment(subscriber.told_from)})"
    yield from _filter_words(found, subscriber, countries)


def _reasons_of_subscription(subscriber: Subscription) -> Iterator[str]:
    if subscriber.confirmed_at is None:
        yield "the subscription was never confirmed"
    if subscriber.paused_at is not None:
        yield f"the subscription is paused since {_moment(subscriber.paused_at)}"
    if subscriber.suppressed_at is not None:
        yield (
            f"nothing is sent to the address since {_moment(subscriber.suppressed_at)}: "
            "a message to it bounced for good or was reported as spam"
        )


def _reasons_of_status(session: Session, found: Change) -> Iterator[str]:
    decided = "; ".join(_decisions(session, found))
    match found.status:
        case ChangeStatus.HELD:
            yield f"it is held for review: {held_words(found)}"
        case ChangeStatus.REJECTED:
            yield f"it was rejected ({decided or 'it did not hold when it was read anew'})"
        case ChangeStatus.CORRECTED:
            told = corrections_of(session, [found.id]).get(found.id)
            reason = str(told.detail["reason"]) if told else "it did not hold when it was read anew"
            said = reason in decided or (told is None and decided != "")
            yield f"it proved wrong ({decided if said else '; '.join(filter(None, (reason, decided)))})"
        case ChangeStatus.HISTORY if (corrected := _replaced_by(session, found)) is not None:
            yield (
                f"it holds instead of {corrected}, which was corrected: who had heard that gets the "
                "correction, and this is told to those alone who were about to hear it"
            )
        case ChangeStatus.HISTORY:
            yield "it is history: it was no news when it was found, and nobody was told"
        case _:
            return


def _replaced_by(session: Session, found: Change) -> str | None:
    """Return the id of the change that ``found`` turned out to hold instead of, if any."""
    if found.country is None or found.edition is None:
        return None
    known = corrections_between_editions(session, found.edition, only=(found.country,))
    for each in known.get(found.country, ()):
        if each.detail.get("right") == found.id and each.status is ChangeStatus.PUBLISHED:
            return str(each.detail["root"])
    return None


def _filter_words(found: Change, subscriber: Subscription, countries: Countries) -> list[str]:
    words = []
    place = countries.get(found.country or "")
    region = place.region if place else None
    is_chosen = found.country in subscriber.countries or region in subscriber.regions
    if (subscriber.countries or subscriber.regions) and found.country is not None and not is_chosen:
        chosen = sorted(countries.name_of(code) for code in subscriber.countries)
        chosen += [f"all of {each}" for each in sorted(subscriber.regions)]
        name = countries.name_of(found.country)
        words.append(f"the subscription is for {', '.join(chosen)}, and this is about {name}")
    if subscriber.kinds and found.kind not in subscriber.kinds:
        kinds = ", ".join(sorted(kind.value for kind in subscriber.kinds))
        words.append(f"the subscription is for {kinds}, and this is {found.kind.value}")
    if not subscriber.is_moved_by(found):
        words.append(
            f"{found.old} to {found.new}, of significance {found.significance}, "
            f"does not reach the subscription's threshold {subscriber.threshold}"
        )
    return words


def _pending(subscriber: Subscription) -> str:
    if subscriber.cadence is Cadence.INSTANT:
        return "it goes out with the next round of digests"
    which = "Monday" if subscriber.cadence is Cadence.WEEKLY else "day"
    return (
        f"its {subscriber.cadence.value} digest is due every {which} at "
        f"{subscriber.hour:02}:00 ({subscriber.timezone})"
    )


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
