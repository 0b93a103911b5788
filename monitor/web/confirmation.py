"""Answers to the link of the opt-in mail: GET asks, POST confirms.

A mail program that opens every link confirms nothing, since only the button does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response

from monitor.delivery.tokens import TokenRefused, address_of
from monitor.storage.database import Database
from monitor.storage.subscriptions import confirm, subscription
from monitor.web.rendering import HTML, Pages

Token = Annotated[str, Query(max_length=1000)]
_NOT_KEPT = {"Cache-Control": "no-store"}
_GONE = "This address is not subscribed any more. Subscribe again to get a new link."


def confirmation_router(
    database: Database, pages: Pages, *, secret: str, clock: Callable[[], datetime]
) -> APIRouter:
    """Return the routes of the confirmation."""
    router = APIRouter(prefix="/subscribe", include_in_schema=False)

    def address_in(token: str) -> str:
        try:
            return address_of(token, secret, now=clock())
        except TokenRefused as refused:
            words = str(refused)
            raise HTTPException(400, f"{words[:1].upper()}{words[1:]}.") from refused

    @router.get("/confirm")
    def ask(token: Token = "") -> Response:
        address = address_in(token)
        with database.reading() as session:
            found = subscription(session, address)
        if found is None:
            raise HTTPException(410, _GONE)
        if found.confirmed_at is not None:
            return _confirmed(address)
        return _page(pages.text("confirm.html", address=address, token=token))

    @router.post("/confirm")
    def confirm_address(token: Token = "") -> Response:
        address = address_in(token)
        with database.transaction() as session:
            is_subscribed = confirm(session, address, clock())
        if not is_subscribed:
            raise HTTPException(410, _GONE)
        return _confirmed(address)

    def _confirmed(address: str) -> Response:
        return _page(
            pages.text(
                "message.html",
                heading="Your subscription is confirmed",
                words=f"Changes that fit your choice will be sent to {address}.",
            )
        )

    return router


def _page(text: str) -> Response:
    return Response(text, media_type=HTML, headers=_NOT_KEPT)
