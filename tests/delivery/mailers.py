"""Reports in the forms of the mailers in use. The forms are theirs, the words and addresses ours."""

from __future__ import annotations

import base64
import textwrap

from monitor.delivery.returned import Verdict
from tests.delivery.returned_samples import KEY

_TO = f"alerts+b-{KEY}@example.org"


def _dsn(fields: str, *, subtype: str = "delivery-status", quoted: str = "", encoding: str = "") -> bytes:
    status = f"Reporting-MTA: dns; mx.example.net\n\n{textwrap.dedent(fields).strip()}\n"
    if encoding == "base64":
        status = base64.encodebytes(status.encode()).decode()
    how = f"Content-Transfer-Encoding: {encoding}\n" if encoding else ""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: {_TO}
Subject: Undelivered
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={subtype}; boundary="=_r/1"

--=_r/1
Content-Type: text/plain; charset=us-ascii

Your message came back.

--=_r/1
Content-Type: message/{subtype}
{how}
{status}
--=_r/1
Content-Type: text/rfc822-headers

{quoted}From: alerts@example.org

--=_r/1--
""".replace("\n", "\r\n").encode()


def _words(text: str, *, sender: str = "MAILER-DAEMON@mx.example.net", more: str = "") -> bytes:
    head = f"Return-Path: <>\nFrom: {sender}\nTo: {_TO}\nSubject: failure notice\n{more}\n"
    return (head + textwrap.dedent(text).lstrip("\n")).replace("\n", "\r\n").encode()


REPORTS: dict[str, tuple[bytes, Verdict]] = {
    "postfix, no such user": (
        _dsn(
            """
            Final-Recipient: rfc822; reader@example.net
            Original-Recipient: rfc822;reader@example.net
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; mx.example.net
            Diagnostic-Code: smtp; 550 5.1.1 <reader@example.net>: no mailbox of that
                name is kept here
            """
        ),
        Verdict.HARD,
    ),
    "postfix, expired": (
        _dsn(
            """
            Final-Recipient: rfc822; reader@example.net
            Action: failed
            Status: 4.4.1
            Diagnostic-Code: X-Postfix; connect to mx.example.net[192.0.2.1]:25: timed out
            """
        ),
        Verdict.SOFT,
    ),
    "exim, no status worth the name, full": (
        _dsn(
            """
            Action: failed
            Final-Recipient: rfc822;reader@example.net
            Status: 5.0.0
            Remote-MTA: dns; mx.example.net
            Diagnostic-Code: smtp; 552 5.2.2 over quota
            """
        ),
        Verdict.SOFT,
    ),
    "exim, no status worth the name, unknown": (
        _dsn(
            """
            Action: failed
            Final-Recipient: rfc822;reader@example.net
            Status: 5.0.0
            Diagnostic-Code: smtp; 550 nobody of that name
            """
        ),
        Verdict.HARD,
    ),
    "exim of old, words alone": (
        _words(
            """
            This message was made by the mail server itself.

            It could not be handed to one or more of its recipients, for good:

              reader@example.net
                SMTP error from remote mail server after RCPT TO:<reader@example.net>:
                host mx.example.net [192.0.2.1]: 550 5.1.1 no such person

            ------ This is a copy of the message, including all the headers. ------

            Subject: 450 4.2.0 words of the mail itself
            """,
            more="X-Failed-Recipients: reader@example.net\nAuto-Submitted: auto-replied\n",
        ),
        Verdict.HARD,
    ),
    "exchange, recipient not found": (
        _dsn(
            """
            Final-Recipient: rfc822;reader@example.net
            Action: failed
            Status: 5.1.10
            Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by lookup
            X-Display-Name: A reader
            """
        ),
        Verdict.HARD,
    ),
    "exchange, report in base64": (
        _dsn(
            """
            Final-Recipient: rfc822;reader@example.net
            Action: failed
            Status: 5.4.7
            Diagnostic-Code: smtp;550 5.4.7 the time for it ran out
            """,
            encoding="base64",
        ),
        Verdict.SOFT,
    ),
    "office, refused by reputation": (
        _dsn(
            """
            Final-Recipient: rfc822;reader@example.net
            Action: failed
            Status: 5.7.606
            Diagnostic-Code: smtp;550 5.7.606 this sender is not let in
            """
        ),
        Verdict.SOFT,
    ),
    "gmail, answer of several lines": (
        _dsn(
            """
            Final-Recipient: rfc822; reader@example.net
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; mx.example.net. (192.0.2.1, the server for the domain.)
            Diagnostic-Code: smtp; 550-5.1.1 That account is not there.
             550-5.1.1 Check for typos.
             550 5.1.1 See https://help.example.net/ a1-20020a05.12 - smtp
            Last-Attempt-Date: Tue, 30 Jun 2026 01:00:00 -0700 (PDT)
            """
        ),
        Verdict.HARD,
    ),
    "of an address beyond ASCII (RFC 6533)": (
        _dsn(
            """
            Final-Recipient: utf-8; zoë@example.net
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 unknown
            """,
            subtype="global-delivery-status",
        ),
        Verdict.HARD,
    ),
    "sendmail, status without a diagnosis": (
        _dsn(
            """
            Final-Recipient: RFC822; reader@example.net
            Action: failed
            Status: 5.1.2
            Last-Attempt-Date: Tue, 30 Jun 2026 08:00:00 GMT
            """
        ),
        Verdict.HARD,
    ),
    "qmail, no such mailbox": (
        _words(
            """
            Hi. This is the qmail-send program at mx.example.net.
            Your message could not be handed over. This is a permanent error.

            <reader@example.net>:
            Sorry, nobody here has that name. (#5.1.1)

            --- Below this line is a copy of the message.

            Return-Path: <alerts@example.org>
            Subject: 421 4.3.2 words of the mail itself
            """
        ),
        Verdict.HARD,
    ),
    "qmail, a remote host's word": (
        _words(
            """
            Hi. This is the qmail-send program at mx.example.net.
            This is a permanent error.

            <reader@example.net>:
            192.0.2.1 does not like recipient.
            Remote host said: 552 mailbox is over its quota
            Giving up on 192.0.2.1.
            """
        ),
        Verdict.SOFT,
    ),
    "qmail, no reason given": (
        _words("Hi. This is the qmail-send program at mx.example.net.\n\n<reader@example.net>:\nSorry.\n"),
        Verdict.SOFT,
    ),
}

NO_REPORTS: dict[str, bytes] = {
    "a delay in words": _words(
        "This is a warning only.\nYour message has been delayed: 451 4.7.1 busy.\n", more="X: y\n"
    ),
    "an answer of a person away": _words(
        "I am away until May. Call extension 550 - or write to 5.1.1.\n", sender="reader@example.net"
    ),
    "a daemon's word without a code": _words("Your mail was seen.\n"),
}


def complaint_that_hides_its_maker(kind: str) -> bytes:
    """A complaint whose quoted mail keeps no address; as a whole mail, or its headers alone."""
    quoted = f"""\
From: alerts@example.org
To: redacted
List-Unsubscribe: <mailto:alerts@example.org?subject=unsubscribe%20{KEY}>,
 <https://tip.example.org/unsubscribe?token=x>
"""
    return f"""\
From: feedback@isp.example
To: abuse@example.org
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Reports/1.0
Version: 1

--b
Content-Type: {kind}

{quoted}
--b--
""".replace("\n", "\r\n").encode()
