"""Decides who is an operator: the password, signed sessions, and tokens against forged requests.

A session is a signed cookie. It ends after eight hours, when its operator signs out, and when the
password is changed. Every form carries a token of its session, and requests that the browser says
another site caused are refused.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import HTTPException, Request, Response
from itsdangerous import BadData, URLSafeSerializer

from monitor.domain.audit import AuditAction
from monitor.storage.audit import was_done
from monitor.storage.database import Database
from monitor.web.queries import UNPROCESSABLE

COOKIE = "tip_monitor_operator"
HOME = "/operator"
LIFETIME = timedelta(hours=8)
_SALT = "tip-monitor.operator-session"
_MAX_FORM_BYTES = 64 * 1024
_MAX_FIELDS = 50
_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class OperatorSession:
    """Who is signed in: ``token`` goes into every form."""

    id: str
    operator: str
    token: str


class OperatorAccess:
    """Checks passwords and sessions against the configured hash."""

    def __init__(self, *, password_hash: str, secret: str, secure: bool) -> None:
        self._password_hash = password_hash
        self._secret = secret.encode()
        self._secure = secure
        self._serializer = URLSafeSerializer(secret, salt=_SALT)
        # Sessions name the hash they were opened under, so that a new password ends them all.
        self._era = hashlib.sha256(password_hash.encode()).hexdigest()[:16]

    def is_password(self, password: str) -> bool:
        """Whether ``password`` is the operators'; takes some 50 ms on purpose."""
        try:
            return _hasher.verify(self._password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def opened(self, response: Response, operator: str, now: datetime) -> OperatorSession:
        """Open a session for ``operator`` and hand its cookie to ``response``."""
        session_id = secrets.token_urlsafe(16)
        response.set_cookie(
            COOKIE,
            self._serializer.dumps([session_id, operator, int(now.timestamp()), self._era]),
            max_age=int(LIFETIME.total_seconds()),
            path=HOME,
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )
        return self._session(session_id, operator)

    def forget(self, response: Response) -> None:
        """Let the browser drop its cookie; what ended the session is its entry in the log."""
        response.delete_cookie(COOKIE, path=HOME, secure=self._secure, httponly=True, samesite="strict")

    def session_of(self, request: Request, database: Database, now: datetime) -> OperatorSession | None:
        """Return the session that the request's cookie proves, or None."""
        try:
            session_id, operator, opened_at, era = self._serializer.loads(request.cookies.get(COOKIE, ""))
        except (BadData, ValueError, TypeError):
            return None
        age = now.timestamp() - opened_at
        if era != self._era or not 0 <= age <= LIFETIME.total_seconds():
            return None
        with database.reading() as session:
            if was_done(session, AuditAction.SIGNED_OUT, session_id):
                return None
        return self._session(session_id, operator)

    def require_token(self, session: OperatorSession, form: dict[str, str]) -> None:
        """Return if ``form`` carries the session's token.

        Raises:
            HTTPException: it does not: the request was not made by a form of ours.
        """
        if not hmac.compare_digest(form.get("token", "").encode(), session.token.encode()):
            raise HTTPException(403, "This form is not one of yours or too old. Open the page again.")

    def _session(self, session_id: str, operator: str) -> OperatorSession:
        token = hmac.new(self._secret, f"form:{session_id}".encode(), hashlib.sha256).hexdigest()
        return OperatorSession(session_id, operator, token)


def hash_password(password: str) -> str:
    """Return the hash of ``password`` for the configuration."""
    return _hasher.hash(password)


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form that one of our own pages sent, bounded in size.

    Raises:
        HTTPException: it is too large, no form, or another site caused it.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "Another site asked for this. Nothing was done.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_FORM_BYTES:
            raise HTTPException(413, "That is more than the form can take.")
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except ValueError:
        raise HTTPException(UNPROCESSABLE, "This is not what the form sends.") from None
