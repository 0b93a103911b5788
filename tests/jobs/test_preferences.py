"""What a subscriber wants, read from text, and written back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.change import ChangeKind
from monitor.domain.subscription import Cadence, Channel
from monitor.domain.threshold import Threshold
from monitor.jobs.preferences import PreferenceRefused, read_subscription, subscription_row
from tests.builders import COUNTRIES, NOW, subscription

FULL = subscription(
    "Ana@xn--exmple-cua.org",
    countries=frozenset({"ARG", "BOL"}),
    regions=frozenset({"WHA"}),
    kinds=frozenset({ChangeKind.TIER_CHANGED}),
    threshold=Threshold.parse("crosses:50"),
    cadence=Cadence.WEEKLY,
    timezone="Europe/Madrid",
    hour=23,
    channel=Channel.WEBHOOK,
    target="https://hooks.example.org/a?b=c",
    also_empty=True,
    confirmed_at=NOW,
    paused_at=NOW + timedelta(hours=1),
)


@pytest.mark.parametrize("each", [FULL, subscription()])
def test_a_row_is_read_back_as_it_was_written(each) -> None:
    assert read_subscription(subscription_row(each), COUNTRIES, now=NOW) == each


def test_an_address_alone_has_every_default_and_is_normalised() -> None:
    read = read_subscription({"address": " Ana@exÄmple.org ", "hour": "", "kinds": " , "}, COUNTRIES, now=NOW)
    assert read == subscription("Ana@xn--exmple-cua.org", created_at=NOW, confirmed_at=None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"address": "nobody"}, "'nobody' is not of the form name@domain"),
        ({"countries": "ARG,XX"}, "'XX' is no country of the report; write its code, e.g. ARG"),
        ({"regions": "MARS"}, "'MARS' is no region; there are AF, EAP, EUR, NEA, SCA, WHA"),
        ({"cadence": "hourly"}, "'hourly' is no cadence; there are instant, daily, weekly"),
        ({"timezone": "../etc/passwd"}, "'../etc/passwd' is no IANA time zone; write e.g. Europe/Madrid"),
        ({"timezone": "localtime"}, "'localtime' is no IANA time zone; write e.g. Europe/Madrid"),
        ({"address": "root@localhost"}, "'root@localhost' is of no public domain; write name@domain.example"),
        ({"hour": "0230"}, "'0230' is no hour; write a number from 0 to 23"),
        ({"hour": "24"}, "'24' is no hour; write a number from 0 to 23"),
        ({"hour": "²"}, "'²' is no hour; write a number from 0 to 23"),
        (
            {"threshold": "percent"},
            "'percent' is no threshold; write any, absolute:10, percent:25, crosses:50 or significance:40",
        ),
        ({"channel": "fax"}, "'fax' is no channel; there are email, webhook, chat"),
        ({"channel": "webhook"}, "a webhook needs its address as target, e.g. https://example.org/hook"),
        ({"channel": "webhook", "target": "https://a/" + "a" * 2000}, "the target is too long"),
        (
            {"created_at": "2026-06-30"},
            "'2026-06-30' in created_at is no time; write it like 2026-06-30T08:00:00Z",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_told(values, words) -> None:
    with pytest.raises(PreferenceRefused) as refused:
        read_subscription({"address": "ana@example.org"} | values, COUNTRIES, now=NOW)
    assert str(refused.value) == words


def test_mail_has_no_target() -> None:
    read = read_subscription({"address": "a@example.org", "target": "https://a.example/"}, COUNTRIES, now=NOW)
    assert read.target is None
