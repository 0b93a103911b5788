"""Answers to who subscribes, changes what they get, or leaves: forms, and signed links without password.

The sign-up answers the same whatever is known of the address. Preferences open by the link in every
mail. To leave, GET shows a button and ends nothing; POST ends the subscription without cookie or
redirect, whatever its body, so that mail programs may do it in one click (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.background import BackgroundTask

from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Purpose, TokenRefused
from monitor.delivery.wording import kind_words
from monitor.domain.change import ChangeKind
from monitor.domain.country import Countries
from monitor.domain.subscription import Cadence, Channel, Subscription
from monitor.jobs.preferences import COLUMNS, PreferenceRefused, read_subscription, subscription_row
from monitor.jobs.sign_up import SignUpLimits, TooManyRequests, erase, sign_up
from monitor.queueing.waking import Wake, wait_for_round
from monitor.storage.database import Database
from monitor.storage.subscriptions import (
    add_subscription,
    pause,
    remove_subscription,
    resume,
    subscription,
)
from monitor.web.rendering import HTML, Pages
from monitor.web.throttle import address_of

Token = Annotated[str, Query(max_length=1000)]
_NOT_KEPT = {"Cache-Control": "no-store"}
_LARGEST_FORM = 20_000
_TAKEN = 200
_MOST_FIELDS = 400
_LISTS = ("countries", "regions", "kinds")
_SENT = (
    "If the address can be subscribed, a mail is on its way to it. Follow the link in it to confirm;"
    " nothing else is sent before that."
)
_TOO_MANY = "Too many requests from here. Try again in an hour."
_DEFAULTS = {"cadence": Cadence.DAILY.value, "timezone": "UTC", "hour": "8", "threshold": "any"}
_ERASED = "All that was kept of {} is deleted. No mail goes there again."
_GONE = "This address is not subscribed any more."
_LEFT = "Nothing more will be sent to {}. If that was a mistake, subscribe again."


def subscription_router(
    database: Database,
    countries: Countries,
    pages: Pages,
    presentation: Presentation,
    *,
    clock: Callable[[], datetime],
    limits: SignUpLimits | None = None,
    wake: Wake = wait_for_round,
) -> APIRouter:
    """Return the routes of signing up, preferences and leaving; ``wake`` has queued mail sent at once."""
    router = APIRouter(include_in_schema=False)
    desk = _Desk(database, countries, pages, presentation, clock, limits or SignUpLimits())

    @router.get("/subscribe")
    def ask() -> Response:
        return desk.form("subscribe.html", {}, here="/subscribe")

    @router.post("/subscribe")
    async def request_subscription(request: Request) -> Response:
        fields, client = await _fields(request), address_of(request.scope)
        answer = await run_in_threadpool(desk.take_request, fields, client)
        if answer.status_code == _TAKEN:
            # After the answer, and whether or not there is a mail: nobody sees a difference.
            answer.background = BackgroundTask(wake)
        return answer

    @router.get("/subscribe/preferences")
    def show_preferences(token: Token = "") -> Response:
        return desk.show(desk.known(desk.address_in(Purpose.PREFERENCES, token)), token)

    @router.post("/subscribe/preferences")
    async def change_preferences(request: Request, token: Token = "") -> Response:
        address = desk.address_in(Purpose.PREFERENCES, token)
        return await run_in_threadpool(desk.change, address, await _fields(request), token)

    @router.get("/unsubscribe")
    def ask_to_leave(token: Token = "") -> Response:
        return desk.ask_to_leave(desk.address_in(Purpose.LEAVE, token), token)

    @router.post("/unsubscribe")
    def leave(token: Token = "") -> Response:
        return desk.leave(desk.address_in(Purpose.LEAVE, token))

    return router


@dataclass(frozen=True, slots=True)
class _Desk:
    """Serves subscribers: what each request does, and the page that says so."""

    database: Database
    countries: Countries
    pages: Pages
    presentation: Presentation
    clock: Callable[[], datetime]
    limits: SignUpLimits

    def address_in(self, purpose: Purpose, token: str) -> str:
        """Return the address that ``token`` was made for.

        Raises:
            HTTPException: it is none of ours, of another purpose, or too old.
        """
        try:
            return self.presentation.signer.address_of(purpose, token, now=self.clock())
        except TokenRefused as refused:
            words = str(refused)
            raise HTTPException(400, f"{words[:1].upper()}{words[1:]}.") from refused

    def known(self, address: str) -> Subscription:
        """Return the subscription of ``address``.

        Raises:
            HTTPException: there is none.
        """
        with self.database.reading() as session:
            found = subscription(session, address)
        if found is None:
            raise HTTPException(410, _GONE)
        return found

    def take_request(self, values: dict[str, str], client: str) -> Response:
        # The page offers mail alone: where else it goes is chosen behind a confirmed address.
        chosen = _wanted(values) | {"channel": Channel.EMAIL.value, "target": "", "also_empty": ""}
        now = self.clock()
        try:
            wanted = read_subscription(chosen, self.countries, now=now)
        except PreferenceRefused as error:
            return self.form("subscribe.html", values, words=f"{error}.", status=400)
        try:
            sign_up(self.database, self.presentation, self.limits, wanted, client=client, now=now)
        except TooManyRequests as refused:
            raise HTTPException(429, _TOO_MANY, {"Retry-After": "3600"}) from refused
        return self._message("Look into your mail", _SENT)

    def change(self, address: str, values: dict[str, str], token: str) -> Response:
        known = self.known(address)
        match values.get("do"):
            case "leave":
                return self.leave(address)
            case "erase":
                erase(self.database, self.presentation.signer, address, now=self.clock())
                return self._message("Erased", _ERASED.format(address))
            case "pause" | "resume" as wish:
                with self.database.transaction() as session:
                    (pause if wish == "pause" else resume)(session, address, self.clock())
                words = "Paused: nothing is sent until you resume." if wish == "pause" else "Resumed."
            case _:
                chosen = _wanted(values) | {"address": address}
                try:
                    wanted = read_subscription(chosen, self.countries, now=known.created_at, hosted_only=True)
                except PreferenceRefused as error:
                    words = f"Nothing was changed: {error}."
                    return self.show(known, token, words=words, status=400)
                words = self._store(wanted)
        return self.show(self.known(address), token, words=words)

    def show(self, found: Subscription, token: str, *, words: str = "", status: int = 200) -> Response:
        return self.form(
            "subscribe_preferences.html",
            subscription_row(found),
            words=words,
            status=status,
            token=token,
            address=found.address,
            is_paused=found.paused_at is not None,
        )

    def form(
        self, template: str, values: dict[str, str], *, words: str = "", status: int = 200, **more: object
    ) -> Response:
        filled = dict.fromkeys(COLUMNS, "") | _DEFAULTS | values
        shown = self.pages.text(
            template,
            values=filled,
            chosen={name: set(filled[name].split(",")) for name in _LISTS},
            words=words,
            kinds=[(kind.value, kind_words(kind)) for kind in ChangeKind],
            cadences=[cadence.value for cadence in Cadence],
            channels=[channel.value for channel in Channel],
            **more,
        )
        return Response(shown, status, media_type=HTML, headers=_NOT_KEPT)

    def ask_to_leave(self, address: str, token: str) -> Response:
        with self.database.reading() as session:
            found = subscription(session, address)
        if found is None:
            return self._message("You are unsubscribed", _LEFT.format(address))
        shown = self.pages.text("unsubscribe.html", address=address, token=token)
        return Response(shown, media_type=HTML, headers=_NOT_KEPT)

    def leave(self, address: str) -> Response:
        with self.database.transaction() as session:
            remove_subscription(session, address)
        return self._message("You are unsubscribed", _LEFT.format(address))

    def _store(self, wanted: Subscription) -> str:
        with self.database.transaction() as session:
            # Who left meanwhile has left.
            if subscription(session, wanted.address) is not None:
                add_subscription(session, wanted)
        if wanted.channel is Channel.WEBHOOK and wanted.target:
            secret = self.presentation.signer.webhook_secret(wanted.target)
            return f"Saved. The webhook's secret is {secret}"
        return "Saved."

    def _message(self, heading: str, words: str) -> Response:
        shown = self.pages.text("message.html", heading=heading, words=words)
        return Response(shown, media_type=HTML, headers=_NOT_KEPT)


async def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a form; several of one name joined by commas.

    Raises:
        HTTPException: it is too large, or no form.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_FORM:
            raise HTTPException(413, "The form is too large.")
    values: dict[str, str] = {}
    try:
        for name, value in parse_qsl(body.decode(), max_num_fields=_MOST_FIELDS):
            values[name] = f"{values[name]},{value}" if name in values else value
    except (UnicodeDecodeError, ValueError) as error:
        raise HTTPException(400, "That was no form of ours.") from error
    return values


def _wanted(values: dict[str, str]) -> dict[str, str]:
    """Return the fields that a person may choose; none of the moments."""
    return {name: value for name, value in values.items() if name in COLUMNS and not name.endswith("_at")}
