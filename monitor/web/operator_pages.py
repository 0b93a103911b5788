"""Answers operators who sign in and decide on what is held; ``operator_lists`` holds their other pages."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from monitor.delivery.plain_text import one_line
from monitor.delivery.tokens import Signer
from monitor.domain.audit import AuditAction
from monitor.domain.change import Change
from monitor.domain.country import Countries
from monitor.domain.figure import Form, Measure
from monitor.domain.watch_list import TierRules
from monitor.jobs.review import Amendment, Reviewer, ReviewRefused, approve, correct, reject
from monitor.storage.changes import change as change_by_id
from monitor.storage.database import Session
from monitor.storage.documents import narrative
from monitor.storage.reviews import held_changes, reviews_of
from monitor.web.change_page import change_page
from monitor.web.operator_access import HOME, OperatorSession, read_form
from monitor.web.operator_desk import NOT_KEPT, OperatorDesk
from monitor.web.operator_lists import add_lists
from monitor.web.queries import CHANGE_ID, UNPROCESSABLE
from monitor.web.review_page import amended_value, sides_in_context
from monitor.web.throttle import Attempts, address_of

_ATTEMPTS_PER_MINUTE = 5
_LONGEST_NAME = 80

FormFields = Annotated[dict[str, str], Depends(read_form)]


def operator_router(desk: OperatorDesk, countries: Countries, rules: TierRules, signer: Signer) -> APIRouter:
    """Return the routes of the operators; ``signer`` knows suppressed addresses by their hash."""
    router = APIRouter(prefix=HOME, include_in_schema=False)
    _add_sign_in(router, desk)
    _add_reviews(router, desk, countries, rules)
    add_lists(router, desk, signer)
    return router


def _add_sign_in(router: APIRouter, desk: OperatorDesk) -> None:
    Operator = Annotated[OperatorSession, Depends(desk.signed_in)]  # noqa: N806 - a type
    SignedForm = Annotated[dict[str, str], Depends(desk.signed_form)]  # noqa: N806
    attempts = Attempts(_ATTEMPTS_PER_MINUTE, "operator sign-in")

    @router.get("/sign-in")
    def ask_to_sign_in() -> Response:
        return desk.answer("operator_sign_in.html", None, words="")

    @router.post("/sign-in")
    def sign_in(request: Request, form: FormFields) -> Response:
        wait = attempts.seconds_to_wait(address_of(request.scope))
        if wait is not None:
            words = f"Too many attempts. Please come back in {wait} seconds."
            refused = desk.answer("operator_sign_in.html", None, 429, words=words)
            refused.headers["Retry-After"] = str(wait)
            return refused
        name = one_line(form.get("operator", ""))[:_LONGEST_NAME] or "operator"
        if not desk.access.is_password(form.get("password", "")):
            with desk.database.transaction() as session:
                desk.note(session, request, name, AuditAction.SIGN_IN_FAILED, "")
            return desk.answer("operator_sign_in.html", None, 403, words="That is not the password.")
        response = RedirectResponse(HOME, 303, headers=NOT_KEPT)
        opened = desk.access.opened(response, name, desk.clock())
        with desk.database.transaction() as session:
            desk.note(session, request, name, AuditAction.SIGNED_IN, opened.id)
        return response

    @router.post("/sign-out")
    def sign_out(request: Request, operator: Operator, form: SignedForm) -> Response:
        with desk.database.transaction() as session:
            desk.note(session, request, operator.operator, AuditAction.SIGNED_OUT, operator.id)
        response = RedirectResponse(f"{HOME}/sign-in", 303, headers=NOT_KEPT)
        desk.access.forget(response)
        return response


def _add_reviews(router: APIRouter, desk: OperatorDesk, countries: Countries, rules: TierRules) -> None:
    Operator = Annotated[OperatorSession, Depends(desk.signed_in)]  # noqa: N806 - a type
    SignedForm = Annotated[dict[str, str], Depends(desk.signed_form)]  # noqa: N806

    @router.get("")
    def queue(operator: Operator, change: Annotated[str, Query(max_length=64)] = "") -> Response:
        if CHANGE_ID.fullmatch(change.strip()):
            return RedirectResponse(f"{HOME}/reviews/{change.strip()}", 303, headers=NOT_KEPT)
        with desk.database.reading() as session:
            held = held_changes(session)
        return desk.answer("operator_queue.html", operator, held=held)

    @router.get("/reviews/{change_id}")
    def review(operator: Operator, change_id: str) -> Response:
        return review_answer(operator, change_id)

    def review_answer(
        operator: OperatorSession, change_id: str, status: int = 200, words: str = ""
    ) -> Response:
        with desk.database.reading() as session:
            found = known_change(session, change_id)
            decisions = reviews_of(session, found.id)
            texts = {
                year: stored.document.text
                for year in ((found.edition - 1, found.edition) if found.edition else ())
                if found.country and (stored := narrative(session, found.country, year))
            }
        return desk.answer(
            "operator_review.html",
            operator,
            status,
            change=found,
            page=change_page(found),
            contexts=sides_in_context(found, texts),
            decisions=decisions,
            measures=list(Measure),
            forms=list(Form),
            words=words,
        )

    @router.post("/reviews/{change_id}/{decision}")
    def decide(
        request: Request,
        operator: Operator,
        form: SignedForm,
        change_id: str,
        decision: Literal["approve", "reject", "correct"],
    ) -> Response:
        reason = one_line(form.get("reason", ""))[:1000]
        try:
            if decision != "approve" and not reason:
                raise ReviewRefused("Say why: the reason is kept, and told with a correction.")
            amendment = _amendment(form) if decision == "correct" else None
            with desk.database.transaction() as session:
                found = known_change(session, change_id)
                by = Reviewer(operator.operator, reason, desk.clock(), countries, rules)
                if decision == "approve":
                    approve(session, found.id, by)
                elif amendment is None:
                    reject(session, found.id, by)
                else:
                    correct(session, found.id, amendment, by)
                desk.note(session, request, operator.operator, _DEEDS[decision], found.id, reason)
        except ReviewRefused as refused:
            return review_answer(operator, change_id, UNPROCESSABLE, str(refused))
        return RedirectResponse(f"{HOME}/reviews/{found.id}", 303, headers=NOT_KEPT)


_DEEDS = {
    "approve": AuditAction.APPROVED,
    "reject": AuditAction.REJECTED,
    "correct": AuditAction.CORRECTED,
}


def known_change(session: Session, change_id: str) -> Change:
    """Return the change of ``change_id``, of whatever status.

    Raises:
        HTTPException: there is none.
    """
    found = change_by_id(session, change_id) if CHANGE_ID.fullmatch(change_id) else None
    if found is None:
        raise HTTPException(404, "No change has that id.")
    return found


def _amendment(form: dict[str, str]) -> Amendment:
    edition = form.get("edition", "")
    try:
        return Amendment(
            value=amended_value(form.get("value", "")),
            measure=Measure(form["measure"]) if form.get("measure") else None,
            form=Form(form["form"]) if form.get("form") else None,
            sentence=form.get("sentence", "").strip() or None,
            edition=int(edition) if edition.isascii() and edition.isdigit() and len(edition) == 4 else None,
        )
    except ValueError as error:
        raise ReviewRefused(str(error)) from None
