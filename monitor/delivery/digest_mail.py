"""Renders a digest: what all its readers share once, and what is each reader's own.

The shared part is the beginning of text and HTML, the reader's own the end: a message is one after
the other.
"""

from __future__ import annotations

import hashlib
import json
import quopri
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from types import MappingProxyType
from zoneinfo import ZoneInfo

from monitor.delivery import wording
from monitor.delivery.background import TierRun, tier_strip
from monitor.delivery.digest_items import Item, item_of, moment_words
from monitor.delivery.mime import sender_address
from monitor.delivery.ordering import CountryChanges, by_country
from monitor.delivery.plain_text import cut, one_line
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Purpose
from monitor.domain.change import Change
from monitor.domain.country import Countries
from monitor.domain.history import CountryHistory, Survey
from monitor.domain.subscription import Bulletin, Cadence, Channel, Digest, Message, Subscription

_LARGEST_MAIL = 97_000
"""Bytes of both encoded parts: Gmail clips a mail at 102 kB, and headers need room too."""
_PERSONAL = 3_000
"""Of these, what the reader's own part may take: two links with tokens, and the address."""
_MOST_CHANGES = 150
"""More than this many changes never fit, so they are not even rendered."""
_MOST_LINES = 220
"""One for each country, and there are fewer."""
_LONGEST_LINE = 100
_LONGEST_SUBJECT = 120
_LISTED = 6

Histories = Mapping[str, CountryHistory]
NO_HISTORY: Histories = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Personal:
    """What a reader's own end of a message says."""

    subscription: Subscription
    start: datetime
    end: datetime


def render_bulletin(
    digest: Digest,
    presentation: Presentation,
    histories: Histories = NO_HISTORY,
    *,
    survey: Survey | None = None,
    payload: str = "",
) -> Bulletin:
    """Return what all who are told ``digest`` share: filter, cadence and time zone are the same.

    The same arguments give the same bulletin; the address plays no part. A mail that would grow
    beyond what mail programs show tells the less telling changes in a line for each country, and
    says how many it leaves to the pages. With ``survey`` a digest without changes says that nothing changed.

    Raises:
        ValueError: the digest holds no change, and no survey says why.
        zoneinfo.ZoneInfoNotFoundError: the subscription's time zone is not known.
    """
    if not digest.changes and survey is None:
        raise ValueError("a digest without changes is not sent")
    groups = by_country(digest.changes, presentation.countries)
    zone = ZoneInfo(digest.subscription.timezone)
    pairs = [(group, change) for group in groups for change in group.changes]
    items = [
        (group, item_of(change, group.name, _history(group, histories), zone, presentation))
        for group, change in pairs[:_MOST_CHANGES]
    ]
    countries = sum(group.country is not None for group in groups)
    shared = _shared(digest, presentation, zone, countries=countries, survey=survey)
    parts = presentation.templates.digest

    def body(count: int, lines: int = _MOST_LINES) -> tuple[str, str]:
        rest = _in_lines(pairs[count:], presentation)
        values = shared | {
            "groups": _grouped(items[:count], histories),
            "left": len(pairs) - count,
            "lines": rest[:lines],
            "unlisted": sum(line.count for line in rest[lines:]),
        }
        return parts.text.render(values), parts.html.render(values)

    room = _LARGEST_MAIL - _PERSONAL
    text, html = body(len(items))
    if _size(text, html) > room:
        fitting = max(bisect_right(range(1, len(items)), room, key=lambda n: _size(*body(n))), 1)
        text, html = body(fitting)
        if _size(text, html) > room:
            lines = bisect_right(range(1, _MOST_LINES), room, key=lambda n: _size(*body(fitting, n)))
            text, html = body(fitting, lines)
    headline = pairs[0][1].headline if pairs else "Nothing changed"
    subject = parts.subject.render(headline=cut(one_line(headline), _LONGEST_SUBJECT), more=len(pairs) - 1)
    return Bulletin(
        subject=one_line(subject),
        text=text,
        html=html,
        payload=payload,
        changes=tuple(change.id for change in (*(change for _, change in pairs), *digest.folded)),
    )


def render_personal(personal: Personal, presentation: Presentation) -> Message:
    """Return the reader's own end of a digest's message: its subject is the bulletin's.

    The Message-ID depends on the address and the end of the period only. Links to change or to end
    the subscription are signed for the address and need no password.
    """
    subscription, signer = personal.subscription, presentation.signer
    message_id = _message_id(subscription.address, personal.end, presentation.domain)
    leave = presentation.link(
        "/unsubscribe", signer.token(Purpose.LEAVE, subscription.address, now=subscription.created_at)
    )
    values = {
        "address": one_line(subscription.address),
        "since": moment_words(personal.start, ZoneInfo(subscription.timezone)),
        "preferences": presentation.link(
            "/subscribe/preferences",
            signer.token(Purpose.PREFERENCES, subscription.address, now=personal.end),
        ),
        "leave": leave,
        "home": presentation.home,
    }
    is_mail = subscription.channel is Channel.EMAIL
    parts = presentation.templates.personal
    return Message(
        message_id=message_id,
        address=subscription.address if is_mail else subscription.target or "",
        subject="",
        text=parts.text.render(values),
        html=parts.html.render(values) if is_mail else "",
        unsubscribe_url=leave,
        return_key=signer.return_key(message_id) if is_mail else None,
    )


def joined(bulletin: Bulletin, own: Message) -> Message:
    """Return the whole message: the bulletin, and the reader's own end."""
    return Message(
        message_id=own.message_id,
        address=own.address,
        subject=bulletin.subject + own.subject,
        text=bulletin.text + own.text,
        html=bulletin.html + own.html,
        unsubscribe_url=own.unsubscribe_url,
        return_key=own.return_key,
        payload=bulletin.payload,
        shared=(len(bulletin.text), len(bulletin.html)),
    )


def render_digest(
    digest: Digest,
    presentation: Presentation,
    histories: Histories = NO_HISTORY,
    *,
    survey: Survey | None = None,
) -> Message:
    """Return the mail that tells ``digest`` to its subscriber.

    Raises:
        ValueError, zoneinfo.ZoneInfoNotFoundError: as ``render_bulletin``.
    """
    bulletin = render_bulletin(digest, presentation, histories, survey=survey)
    own = render_personal(Personal(digest.subscription, digest.start, digest.end), presentation)
    return joined(bulletin, own)


@dataclass(frozen=True, slots=True)
class DigestRenderer:
    """Renders digests in one presentation: whole, or the shared part and each reader's own."""

    presentation: Presentation

    @property
    def countries(self) -> Countries:
        return self.presentation.countries

    def page_of(self, change_id: str) -> str:
        """Return the address of a change's page."""
        return self.presentation.page_of(change_id)

    def __call__(
        self, digest: Digest, histories: Histories = NO_HISTORY, *, survey: Survey | None = None
    ) -> Message:
        return render_digest(digest, self.presentation, histories, survey=survey)

    def bulletin(
        self, digest: Digest, histories: Histories, *, survey: Survey | None, payload: str
    ) -> Bulletin:
        return render_bulletin(digest, self.presentation, histories, survey=survey, payload=payload)

    def personal(self, personal: Personal) -> Message:
        return render_personal(personal, self.presentation)


def chat_words(message: Message) -> str:
    """Return a digest in the few lines that a chat takes, from its payload."""
    told = json.loads(message.payload or "{}").get("changes", [])
    lines = [f"{one_line(each['headline'])}\n{each['url']}" for each in told[:_LISTED]]
    more = len(told) - len(lines)
    return "\n\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])


def _history(group: CountryChanges, histories: Histories) -> CountryHistory:
    return histories.get(group.country or "", CountryHistory())


def _shared(
    digest: Digest, presentation: Presentation, zone: ZoneInfo, *, countries: int, survey: Survey | None
) -> dict[str, object]:
    subscription, count = digest.subscription, len(digest.changes)
    where = f" in {countries} {'country' if countries == 1 else 'countries'}" if countries else ""
    return {
        "summary": f"{count} {'change' if count == 1 else 'changes'}{where}" if count else "Nothing changed",
        "end": moment_words(digest.end, zone),
        "zone": subscription.timezone,
        "cadence": _cadence_words(subscription),
        "filter": _filter_words(subscription, presentation.countries),
        "held": digest.held,
        "folded": [
            {"headline": cut(one_line(change.headline), _LONGEST_SUBJECT)}
            for change in digest.folded[:_LISTED]
        ],
        "survey": survey,
        "sender": sender_address(presentation.sender).addr_spec,
        "home": presentation.home,
        "sample_note": presentation.sample_note,
    }


def _grouped(
    items: Sequence[tuple[CountryChanges, Item]], histories: Histories
) -> list[tuple[str, object, list[Item]]]:
    return [
        (group.name, _strip(group, histories), [item for _, item in members])
        for group, members in groupby(items, key=lambda pair: pair[0])
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """What is told of one country in a line: its most telling change, and how many there are."""

    headline: str
    page: str
    count: int


def _in_lines(pairs: Sequence[tuple[CountryChanges, Change]], presentation: Presentation) -> list[_Line]:
    found = []
    for _, members in groupby(pairs, key=lambda pair: pair[0].country):
        changes = [change for _, change in members]
        headline = cut(one_line(changes[0].headline), _LONGEST_LINE)
        found.append(_Line(headline, presentation.page_of(changes[0].id), len(changes)))
    return found


def _strip(group: CountryChanges, histories: Histories) -> tuple[TierRun, ...]:
    editions = [change.edition for change in group.changes if change.edition is not None]
    return tier_strip(_history(group, histories), until=max(editions, default=None))


def _size(text: str, html: str) -> int:
    """Bytes on the wire, where a line ends in two."""
    encoded = [quopri.encodestring(part.encode()) for part in (text, html)]
    return sum(len(part) + part.count(b"\n") for part in encoded)


def _message_id(address: str, end: datetime, domain: str) -> str:
    key = hashlib.sha256(f"{address}\x1f{end.astimezone(UTC).isoformat()}".encode()).hexdigest()[:32]
    return f"<digest.{key}@{domain}>"


def _cadence_words(subscription: Subscription) -> str:
    at = f"at {subscription.hour:02}:00 ({subscription.timezone})"
    when = ", also when nothing changed" if subscription.also_empty else " when something changed"
    match subscription.cadence:
        case Cadence.INSTANT:
            return "as soon as something changes"
        case Cadence.DAILY:
            return f"every day {at}{when}"
        case Cadence.WEEKLY:
            return f"every Monday {at}{when}"


def _filter_words(subscription: Subscription, countries: Countries) -> str:
    kinds = sorted(wording.kind_words(kind).lower() for kind in subscription.kinds)
    names = sorted(
        [countries.name_of(iso3) for iso3 in subscription.countries]
        + [wording.region_words(region) for region in subscription.regions]
    )
    what = f"changes of these kinds: {_listed(kinds)}" if kinds else "all changes"
    far = f", figures by the threshold {subscription.threshold}" if subscription.threshold.amount else ""
    return f"{what}, in {_listed(names)}{far}" if names else f"{what}, in all countries{far}"


def _listed(names: list[str]) -> str:
    shown = names[:_LISTED]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
