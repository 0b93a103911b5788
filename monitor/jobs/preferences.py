"""Reads what a subscriber wants from text: options of a command, rows of a table, fields of a form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar
from zoneinfo import available_timezones

from monitor.delivery.chat import chat_address
from monitor.delivery.mime import AddressRefused, mail_address
from monitor.delivery.plain_text import one_line, web_address
from monitor.delivery.wording import REGIONS
from monitor.domain.change import ChangeKind
from monitor.domain.country import Countries
from monitor.domain.subscription import Cadence, Channel, Subscription
from monitor.domain.threshold import Threshold
from monitor.jobs.interchange import instant_json

COLUMNS = (
    "address",
    "countries",
    "regions",
    "kinds",
    "threshold",
    "cadence",
    "timezone",
    "hour",
    "channel",
    "target",
    "also_empty",
    "created_at",
    "confirmed_at",
    "paused_at",
)
"""The columns of a table of subscribers; only ``address`` has to be there."""
_LONGEST_TARGET = 2_000
_YEARS = range(1970, 2200)
# The system's own names beside those of the database.
_NO_ZONES = frozenset({"localtime", "Factory", "posixrules"})
_Member = TypeVar("_Member", Cadence, Channel, ChangeKind)
_TRUE = frozenset({"1", "yes", "true", "on"})


class PreferenceRefused(ValueError):  # noqa: N818 - named as the event it tells of
    """A value that cannot be used; the message says which, and what to write."""


def read_subscription(
    values: Mapping[str, str],
    countries: Countries,
    *,
    now: datetime,
    confirmed_at: datetime | None = None,
    hosted_only: bool = False,
) -> Subscription:
    """Return the subscription that ``values`` describe, by the names of ``COLUMNS``; lists with commas.

    What is missing or empty has its default. The address is normalised. ``hosted_only`` lets chat
    services through that are at one public address only: for values that anyone may send.

    Raises:
        PreferenceRefused: one of them cannot be used.
    """
    given = {name: value.strip() for name, value in values.items() if value and value.strip()}
    channel = _one_of(Channel, given.get("channel", Channel.EMAIL), "channel")
    return Subscription(
        address=_address(given.get("address", "")),
        created_at=_moment(given, "created_at") or now,
        countries=frozenset(_country(code, countries) for code in _listed(given, "countries")),
        regions=frozenset(_region(code) for code in _listed(given, "regions")),
        kinds=frozenset(_one_of(ChangeKind, kind, "kind of change") for kind in _listed(given, "kinds")),
        threshold=_threshold(given.get("threshold", "any")),
        cadence=_one_of(Cadence, given.get("cadence", Cadence.DAILY), "cadence"),
        timezone=_timezone(given.get("timezone", "UTC")),
        hour=_hour(given.get("hour", "8")),
        channel=channel,
        target=_target(channel, given.get("target", ""), hosted_only=hosted_only),
        also_empty=given.get("also_empty", "").lower() in _TRUE,
        confirmed_at=confirmed_at or _moment(given, "confirmed_at"),
        paused_at=_moment(given, "paused_at"),
    )


def subscription_row(subscription: Subscription) -> dict[str, str]:
    """Return ``subscription`` as a row of ``COLUMNS``; ``read_subscription`` reads it back."""
    return {
        "address": subscription.address,
        "countries": ",".join(sorted(subscription.countries)),
        "regions": ",".join(sorted(subscription.regions)),
        "kinds": ",".join(sorted(kind.value for kind in subscription.kinds)),
        "threshold": str(subscription.threshold),
        "cadence": subscription.cadence.value,
        "timezone": subscription.timezone,
        "hour": str(subscription.hour),
        "channel": subscription.channel.value,
        "target": subscription.target or "",
        "also_empty": "yes" if subscription.also_empty else "",
        "created_at": instant_json(subscription.created_at),
        "confirmed_at": instant_json(subscription.confirmed_at) if subscription.confirmed_at else "",
        "paused_at": instant_json(subscription.paused_at) if subscription.paused_at else "",
    }


def _address(text: str) -> str:
    try:
        address = mail_address(text)
    except AddressRefused as error:
        raise PreferenceRefused(str(error)) from error
    # A name without a dot is a machine of the mail server's own network (RFC 5321, section 2.3.5).
    if "." not in address.domain:
        raise PreferenceRefused(f"{_shown(text)} is of no public domain; write name@domain.example")
    return address.addr_spec


def _listed(given: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in given.get(name, "").split(",") if part.strip()]


def _country(code: str, countries: Countries) -> str:
    if code.upper() not in countries:
        raise PreferenceRefused(f"{_shown(code)} is no country of the report; write its code, e.g. ARG")
    return code.upper()


def _region(code: str) -> str:
    if code.upper() not in REGIONS:
        raise PreferenceRefused(f"{_shown(code)} is no region; there are {', '.join(REGIONS)}")
    return code.upper()


def _one_of(kinds: type[_Member], text: str, what: str) -> _Member:
    try:
        return kinds(text.lower())
    except ValueError:
        known = ", ".join(kind.value for kind in kinds)
        raise PreferenceRefused(f"{_shown(text)} is no {what}; there are {known}") from None


def _threshold(text: str) -> Threshold:
    try:
        return Threshold.parse(text)
    except ValueError as error:
        raise PreferenceRefused(str(error)) from None


def _timezone(text: str) -> str:
    if text not in _zones():
        raise PreferenceRefused(f"{_shown(text)} is no IANA time zone; write e.g. Europe/Madrid")
    return text


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_ZONES


def _hour(text: str) -> int:
    if not re.fullmatch(r"[01]?[0-9]|2[0-3]", text):
        raise PreferenceRefused(f"{_shown(text)} is no hour; write a number from 0 to 23")
    return int(text)


def _target(channel: Channel, text: str, *, hosted_only: bool) -> str | None:
    if channel is Channel.EMAIL:
        return None
    if len(text) > _LONGEST_TARGET:
        raise PreferenceRefused("the target is too long")
    if channel is Channel.WEBHOOK:
        if web_address(text) is None:
            raise PreferenceRefused("a webhook needs its address as target, e.g. https://example.org/hook")
        return text
    try:
        return chat_address(text, hosted_only=hosted_only)
    except ValueError as error:
        raise PreferenceRefused(f"the target {error}") from None


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    if name not in given:
        return None
    try:
        moment = datetime.fromisoformat(given[name])
        is_given = moment.tzinfo is not None and moment.astimezone(UTC).year in _YEARS
    except (ValueError, OverflowError):
        is_given = False
    if not is_given:
        raise PreferenceRefused(
            f"{_shown(given[name])} in {name} is no time; write it like 2026-06-30T08:00:00Z"
        )
    return moment


def _shown(text: str) -> str:
    return repr(one_line(text)[:60])
