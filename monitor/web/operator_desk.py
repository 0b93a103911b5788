"""What every page of the operators needs: who asks, what to answer with, what goes into the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response

from monitor.delivery.plain_text import one_line
from monitor.domain.audit import AuditAction, AuditEntry
from monitor.queueing.waking import Wake, wait_for_round
from monitor.storage.audit import record_deed
from monitor.storage.database import Database, Session
from monitor.web.operator_access import HOME, OperatorAccess, OperatorSession, read_form
from monitor.web.rendering import HTML, Pages
from monitor.web.throttle import address_of

NOT_KEPT = {"Cache-Control": "no-store"}
_LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class OperatorDesk:
    """The collaborators of the operators' routes."""

    database: Database
    pages: Pages
    access: OperatorAccess
    clock: Callable[[], datetime]
    wake: Wake = wait_for_round

    def signed_in(self, request: Request) -> OperatorSession:
        """Return who is signed in.

        Raises:
            HTTPException: nobody is; it leads to where one signs in.
        """
        found = self.access.session_of(request, self.database, self.clock())
        if found is None:
            raise HTTPException(303, headers={"Location": f"{HOME}/sign-in"} | NOT_KEPT)
        return found

    def signed_form(
        self, request: Request, form: Annotated[dict[str, str], Depends(read_form)]
    ) -> dict[str, str]:
        """Return the fields of a form that a page of this session sent.

        Raises:
            HTTPException: nobody is signed in, or the form lacks the session's token.
        """
        self.access.require_token(self.signed_in(request), form)
        return form

    def answer(
        self, template: str, operator: OperatorSession | None, status: int = 200, **values: object
    ) -> Response:
        """Answer with a page that nobody keeps."""
        text = self.pages.text(template, operator=operator, **values)
        return Response(text, status, media_type=HTML, headers=NOT_KEPT)

    def note(
        self,
        session: Session,
        request: Request,
        operator: str,
        action: AuditAction,
        subject: str,
        detail: str = "",
    ) -> None:
        """Put a deed into the audit log, in the transaction that does it."""
        client = address_of(request.scope)
        words = one_line(detail)[:_LONGEST_DETAIL]
        record_deed(session, AuditEntry(self.clock(), operator, client, action, subject, words))
