"""Reports as servers send them, with the key of a delivery in their address."""

from __future__ import annotations

KEY = "0123456789abcdef0123"


def report(status: str = "5.1.1", action: str = "failed", to: str = f"alerts+b-{KEY}@example.org") -> bytes:
    """A delivery report (RFC 3464)."""
    return f"""\
From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; reader@example.net
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user here

--b
Content-Type: message/rfc822

From: alerts@example.org
To: reader@example.net

--b--
""".replace("\n", "\r\n").encode()


def complaint(kind: str = "abuse", key: str = KEY) -> bytes:
    """A complaint (RFC 5965) that reached another address than the return path."""
    return f"""\
From: feedback@isp.example
To: postmaster@example.org
Subject: FW: Argentina
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A user of ours marked this as spam.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Reports/1.0
Version: 1
Original-Mail-From: <alerts+b-{key}@example.org>

--b
Content-Type: message/rfc822

From: alerts@example.org
To: reader@example.net
Subject: Argentina

--b--
""".replace("\n", "\r\n").encode()
