"""Answers operators with lists: sources, deliveries, subscribers, the audit log."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from monitor.delivery.tokens import Signer
from monitor.domain.audit import AuditAction
from monitor.domain.polling import health_of
from monitor.domain.subscription import Channel, Delivery, DeliveryState
from monitor.jobs.health import coverage_of
from monitor.jobs.resending import ResendRefused, resend
from monitor.storage.audit import deeds
from monitor.storage.outbox import newest_deliveries
from monitor.storage.sources import set_enabled, source_states
from monitor.storage.subscriptions import Unreadable, subscriptions
from monitor.web.operator_access import HOME, OperatorSession
from monitor.web.operator_desk import NOT_KEPT, OperatorDesk
from monitor.web.queries import UNPROCESSABLE

_LISTED = 200
_HIGHEST_ID = 2**62


def add_lists(router: APIRouter, desk: OperatorDesk, signer: Signer) -> None:
    """Add the routes of the lists, and of what is done from them."""
    Operator = Annotated[OperatorSession, Depends(desk.signed_in)]  # noqa: N806 - a type
    SignedForm = Annotated[dict[str, str], Depends(desk.signed_form)]  # noqa: N806

    @router.get("/sources")
    def sources(operator: Operator) -> Response:
        with desk.database.reading() as session:
            states = source_states(session)
            coverage = {state.source.key: coverage_of(session, state.source) for state in states}
        health = {state.source.key: health_of(state, desk.clock()) for state in states}
        return desk.answer("operator_sources.html", operator, states=states, health=health, coverage=coverage)

    @router.post("/sources/{key}/{switch}")
    def switch_source(
        request: Request,
        operator: Operator,
        form: SignedForm,
        key: str,
        switch: Literal["enable", "disable"],
    ) -> Response:
        action = AuditAction.SOURCE_ENABLED if switch == "enable" else AuditAction.SOURCE_DISABLED
        with desk.database.transaction() as session:
            if not set_enabled(session, key, switch == "enable"):
                raise HTTPException(404, "No source has that key.")
            desk.note(session, request, operator.operator, action, key)
        return RedirectResponse(f"{HOME}/sources", 303, headers=NOT_KEPT)

    @router.get("/deliveries")
    def list_deliveries(operator: Operator, state: DeliveryState | None = None) -> Response:
        return deliveries_answer(operator, state)

    def deliveries_answer(
        operator: OperatorSession, state: DeliveryState | None, status: int = 200, words: str = ""
    ) -> Response:
        with desk.database.reading() as session:
            found = newest_deliveries(session, state=state, limit=_LISTED)
        return desk.answer(
            "operator_deliveries.html",
            operator,
            status,
            deliveries=[(each, _receiver(each)) for each in found],
            states=list(DeliveryState),
            chosen=state,
            words=words,
        )

    @router.post("/deliveries/{delivery_id}/resend")
    def send_again(request: Request, operator: Operator, form: SignedForm, delivery_id: str) -> Response:
        is_id = delivery_id.isascii() and delivery_id.isdigit() and int(delivery_id[:20]) < _HIGHEST_ID
        try:
            with desk.database.transaction() as session:
                found = resend(session, int(delivery_id[:20]) if is_id else 0, signer, desk.clock())
                desk.note(session, request, operator.operator, AuditAction.RESENT, str(found.id))
        except ResendRefused as refused:
            return deliveries_answer(operator, DeliveryState.FAILED, UNPROCESSABLE, str(refused))
        sent_now = BackgroundTask(desk.wake)
        where = f"{HOME}/deliveries?state=queued"
        return RedirectResponse(where, 303, headers=NOT_KEPT, background=sent_now)

    @router.get("/subscribers")
    def list_subscribers(operator: Operator, q: Annotated[str, Query(max_length=254)] = "") -> Response:
        wanted = q.strip().casefold()
        with desk.database.reading() as session:
            unreadable: list[Unreadable] = []
            every = subscriptions(session, unreadable=unreadable)
            found = [each for each in every if wanted in each.address.casefold()]
        return desk.answer(
            "operator_subscribers.html",
            operator,
            subscribers=found[:_LISTED],
            unreadable=[each for each in unreadable if wanted in each.address.casefold()],
            count=len(found),
            searched=q.strip(),
        )

    @router.get("/audit")
    def audit(operator: Operator) -> Response:
        with desk.database.reading() as session:
            found = deeds(session, limit=_LISTED)
        return desk.answer("operator_audit.html", operator, entries=found)


def _receiver(delivery: Delivery) -> str:
    """Return whom a delivery goes to; of what may hold a password, the host alone."""
    address = delivery.message.address
    if delivery.channel is Channel.EMAIL:
        return address
    return f"{delivery.channel.value}: {_host(address)}"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or "?"
    except ValueError:
        return "?"
