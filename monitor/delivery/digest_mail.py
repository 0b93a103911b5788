"""Renders a digest as a mail: what it says, in which order, and how much of it fits."""

from __future__ import annotations

import hashlib
import quopri
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

from monitor.delivery import wording
from monitor.delivery.mail_templates import MailTemplates
from monitor.delivery.mime import domain_of, sender_address, unsubscribe_mailto
from monitor.delivery.ordering import by_country
from monitor.delivery.plain_text import cut, one_line, web_address
from monitor.domain.change import Change
from monitor.domain.country import Countries
from monitor.domain.subscription import Cadence, Digest, Message, Subscription

_LARGEST_MAIL = 98_000
"""Bytes of both encoded parts: Gmail clips a mail at 102 kB, and headers need room too."""
_MOST_CHANGES = 150
"""More than this many changes never fit, so they are not even rendered."""
_LONGEST_HEADLINE = 240
_LONGEST_SUBJECT = 120
_LONGEST_EVIDENCE = 600
_LONGEST_LINK = 1_000
_LISTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """What all mails of an installation share.

    ``public_url`` is where the pages are, ``sender`` the From line, ``sample_note`` what every mail
    says at its top where the data are made up.
    """

    templates: MailTemplates
    countries: Countries
    public_url: str
    sender: str
    sample_note: str | None = None


@dataclass(frozen=True, slots=True)
class _Side:
    name: str
    value: str
    is_silent: bool
    split: str | None
    evidence: str | None
    source: str
    link: str | None


@dataclass(frozen=True, slots=True)
class _Item:
    label: str
    headline: str
    counted: str | None
    way: str | None
    has_sides: bool
    is_transition: bool
    old: _Side
    new: _Side
    relation: str | None
    revision: str | None
    explanation: str
    found: str
    page: str


def render_digest(digest: Digest, presentation: Presentation) -> Message:
    """Return the mail that tells ``digest``; dates are in the subscriber's time zone.

    The same digest gives the same message, and its Message-ID depends on the address and the end
    of the period only. A mail that would grow beyond what mail programs show says how many changes
    it leaves to the pages, the least telling ones.

    Raises:
        ValueError: the digest holds no change.
        zoneinfo.ZoneInfoNotFoundError: the subscription's time zone is not known.
    """
    if not digest.changes:
        raise ValueError("a digest without changes is not sent")
    groups = by_country(digest.changes, presentation.countries)
    zone = ZoneInfo(digest.subscription.timezone)
    pairs = [(group.name, change) for group in groups for change in group.changes]
    items = [(name, _item(change, name, zone, presentation)) for name, change in pairs[:_MOST_CHANGES]]
    lead = pairs[0][1]
    shared = _shared(digest, presentation, zone, countries=sum(group.country is not None for group in groups))
    parts = presentation.templates.digest

    def body(count: int) -> tuple[str, str]:
        values = shared | {"groups": _grouped(items[:count]), "left": len(pairs) - count}
        return parts.text.render(values), parts.html.render(values)

    text, html = body(len(items))
    if _size(text, html) > _LARGEST_MAIL:
        fitting = bisect_right(range(1, len(items)), _LARGEST_MAIL, key=lambda n: _size(*body(n)))
        text, html = body(max(fitting, 1))
    subject = parts.subject.render(
        headline=cut(one_line(lead.headline), _LONGEST_SUBJECT), more=len(pairs) - 1
    )
    return Message(
        message_id=_message_id(digest, presentation.sender),
        address=digest.subscription.address,
        subject=one_line(subject),
        text=text,
        html=html,
    )


def _item(change: Change, country_name: str, zone: ZoneInfo, presentation: Presentation) -> _Item:
    return _Item(
        label=wording.kind_words(change.kind),
        headline=cut(wording.headline_under(change, country_name), _LONGEST_HEADLINE),
        counted=wording.subject_words(change),
        way=wording.way_words(change),
        has_sides=wording.has_sides(change),
        is_transition=wording.is_transition(change),
        old=_old_side(change),
        new=_new_side(change),
        relation=wording.relation_words(change),
        revision=wording.revision_words(change),
        explanation=wording.explanation(change),
        found=_moment(change.created_at, zone),
        page=f"{_home(presentation)}/changes/{quote(change.id, safe='')}",
    )


def _old_side(change: Change) -> _Side:
    link = _link(change.source_url_old)
    return _Side(
        name=wording.side_names(change)[0],
        value=wording.old_words(change),
        is_silent=wording.is_silent(change.old),
        split=wording.split_words(change)[0],
        evidence=_quotation(change.evidence_old),
        source=wording.source_names(change)[0],
        link=None if link == _link(change.source_url) else link,
    )


def _new_side(change: Change) -> _Side:
    return _Side(
        name=wording.side_names(change)[1],
        value=wording.new_words(change),
        is_silent=wording.is_silent(change.new),
        split=wording.split_words(change)[1],
        evidence=_quotation(change.evidence_new),
        source=wording.source_names(change)[1],
        link=_link(change.source_url),
    )


def _shared(
    digest: Digest, presentation: Presentation, zone: ZoneInfo, *, countries: int
) -> dict[str, object]:
    subscription, count = digest.subscription, len(digest.changes)
    where = f" in {countries} {'country' if countries == 1 else 'countries'}" if countries else ""
    return {
        "summary": f"{count} {'change' if count == 1 else 'changes'}{where}",
        "start": _moment(digest.start, zone),
        "end": _moment(digest.end, zone),
        "zone": subscription.timezone,
        "cadence": _cadence_words(subscription),
        "filter": _filter_words(subscription, presentation.countries),
        "address": one_line(subscription.address),
        "sender": sender_address(presentation.sender).addr_spec,
        "unsubscribe": unsubscribe_mailto(presentation.sender),
        "home": _home(presentation),
        "sample_note": presentation.sample_note,
    }


def _grouped(items: Sequence[tuple[str, _Item]]) -> list[tuple[str, list[_Item]]]:
    return [(name, [item for _, item in group]) for name, group in groupby(items, key=lambda pair: pair[0])]


def _size(text: str, html: str) -> int:
    """Bytes on the wire, where a line ends in two."""
    encoded = [quopri.encodestring(part.encode()) for part in (text, html)]
    return sum(len(part) + part.count(b"\n") for part in encoded)


def _message_id(digest: Digest, sender: str) -> str:
    end = digest.end.astimezone(UTC).isoformat()
    key = hashlib.sha256(f"{digest.subscription.address}\x1f{end}".encode()).hexdigest()[:32]
    return f"<digest.{key}@{domain_of(sender)}>"


def _quotation(evidence: str | None) -> str | None:
    return cut(one_line(evidence), _LONGEST_EVIDENCE) if evidence else None


def _link(address: str | None) -> str | None:
    safe = web_address(address)
    return safe if safe and len(safe) <= _LONGEST_LINK else None


def _home(presentation: Presentation) -> str:
    return presentation.public_url.rstrip("/")


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M}"


def _cadence_words(subscription: Subscription) -> str:
    at = f"at {subscription.hour:02}:00 ({subscription.timezone})"
    match subscription.cadence:
        case Cadence.INSTANT:
            return "as soon as something changes"
        case Cadence.DAILY:
            return f"every day {at} when something changed"
        case Cadence.WEEKLY:
            return f"every Monday {at} when something changed"


def _filter_words(subscription: Subscription, countries: Countries) -> str:
    kinds = sorted(wording.kind_words(kind).lower() for kind in subscription.kinds)
    names = sorted(countries.name_of(iso3) for iso3 in subscription.countries)
    what = f"changes of these kinds: {_listed(kinds)}" if kinds else "all changes"
    return f"{what}, in {_listed(names)}" if names else f"{what}, in all countries"


def _listed(names: list[str]) -> str:
    shown = names[:_LISTED]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
