"""What stories of telling share: a renderer, a mailer that writes down what it takes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from monitor.delivery.digest_mail import DigestRenderer
from monitor.delivery.mail_templates import load_mail_templates
from monitor.delivery.mailer import AT_ONCE, DeliveryFailed, Turn
from monitor.delivery.presentation import Presentation
from monitor.delivery.tokens import Signer
from monitor.domain.subscription import Message
from monitor.settings.files import shipped
from tests.builders import COUNTRIES

PRESENTATION = Presentation(
    templates=load_mail_templates(shipped("templates") / "email"),
    countries=COUNTRIES,
    public_url="https://tip.example.org",
    sender="TIP Monitor <alerts@example.org>",
    signer=Signer("secret of tests"),
)
RENDER = DigestRenderer(PRESENTATION)


class Post:
    """A mailer that keeps what it takes; ``refuse`` says of a message why it is not taken."""

    def __init__(self, refuse: Callable[[Message], DeliveryFailed | None] = lambda _: None) -> None:
        self.refuse = refuse
        self.taken: list[Message] = []
        self.tried: list[str] = []

    @asynccontextmanager
    async def carrier(self) -> AsyncIterator[Post]:
        yield self

    async def send(self, message: Message, *, now: datetime, turn: Turn = AT_ONCE) -> None:
        async with turn:
            self.tried.append(message.message_id)
            failure = self.refuse(message)
            if failure is not None:
                raise failure
            await self.take(message)

    async def take(self, message: Message) -> None:
        self.taken.append(message)

    @property
    def addresses(self) -> list[str]:
        return sorted(message.address for message in self.taken)
