"""What came back: believed where it holds a key of ours, and of that delivery alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.returned import Returned, Verdict, read_returned
from tests.delivery.mailers import NO_REPORTS, REPORTS, complaint_that_hides_its_maker
from tests.delivery.returned_samples import KEY, complaint, report


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("5.1.1", Verdict.HARD),
        ("5.1.10", Verdict.HARD),
        ("5.2.1", Verdict.HARD),
        ("5.2.2", Verdict.SOFT),
        ("5.3.4", Verdict.SOFT),
        ("5.7.1", Verdict.SOFT),
        ("4.4.7", Verdict.SOFT),
    ],
)
def test_a_report_is_hard_or_soft_by_its_status(status: str, verdict: Verdict) -> None:
    assert read_returned(report(status)) == Returned(
        KEY, verdict, f"{status}: smtp; 550 {status} no such user here"
    )


@pytest.mark.parametrize(
    "content",
    [
        report(action="delayed"),
        report(action="delivered", status="2.0.0"),
        report(to="alerts@example.org"),
        report(to="alerts+b-0123@example.org"),
        complaint("not-spam"),
        b"",
        b"\xff\xfe\x00" * 100,
        b"To: alerts+b-" + KEY.encode() + b"@example.org\r\nSubject: I am away\r\n\r\nBack in May.\r\n",
        b"Content-Type: multipart/report; boundary=b\r\nTo: a+b-" + KEY.encode() + b"@x\r\n\r\n--b\r\n" * 99,
    ],
    ids=["delayed", "delivered", "no key", "short key", "not spam", "empty", "noise", "away", "torn"],
)
def test_what_is_no_report_says_nothing(content: bytes) -> None:
    assert read_returned(content) is None


def test_a_complaint_names_the_delivery_it_quotes() -> None:
    assert read_returned(complaint()) == Returned(KEY, Verdict.COMPLAINT, "complaint: abuse")


def test_a_request_to_leave_names_the_delivery_in_its_subject() -> None:
    content = f"From: reader@example.net\r\nSubject: unsubscribe {KEY}\r\n\r\n".encode()
    assert read_returned(content) == Returned(KEY, Verdict.LEAVE, "asked to leave by mail")
    assert read_returned(b"Subject: unsubscribe\r\n\r\n") is None


def test_a_reason_is_one_line_and_short() -> None:
    hostile = report().replace(b"no such user here", b"x" * 5000 + b"\x1b[31m")
    returned = read_returned(hostile)
    assert returned is not None
    assert len(returned.reason) <= 300
    assert "\x1b" not in returned.reason


@given(
    st.sampled_from([report(), complaint(), *(content for content, _ in REPORTS.values())]),
    st.binary(max_size=400),
    st.integers(0, 900),
)
def test_whatever_comes_it_is_read_or_passed_over(content: bytes, noise: bytes, place: int) -> None:
    read_returned(content[:place] + noise + content[place:])


@pytest.mark.parametrize(("content", "verdict"), REPORTS.values(), ids=REPORTS)
def test_the_reports_of_mailers_in_use_are_read(content: bytes, verdict: Verdict) -> None:
    returned = read_returned(content)
    assert returned is not None
    assert (returned.return_key, returned.verdict) == (KEY, verdict)
    assert "\n" not in returned.reason


@pytest.mark.parametrize("content", NO_REPORTS.values(), ids=NO_REPORTS)
def test_delays_and_answers_of_people_are_no_reports(content: bytes) -> None:
    assert read_returned(content) is None


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_complaint_that_hides_its_maker_is_known_by_the_mails_own_way_out(kind: str) -> None:
    assert read_returned(complaint_that_hides_its_maker(kind)) == Returned(
        KEY, Verdict.COMPLAINT, "complaint: abuse"
    )
