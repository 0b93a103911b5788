"""What all messages of an installation share."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from monitor.delivery.mail_templates import MailTemplates
from monitor.delivery.mime import domain_of
from monitor.delivery.tokens import Signer
from monitor.domain.country import Countries


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """What all messages of an installation share.

    ``public_url`` is where the pages are, ``sender`` the From line, ``sample_note`` what every mail
    says at its top where the data are made up. ``domain`` is the right side of our Message-IDs.
    """

    templates: MailTemplates
    countries: Countries
    public_url: str
    sender: str
    signer: Signer
    sample_note: str | None = None
    home: str = field(init=False)
    domain: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "home", self.public_url.rstrip("/"))
        object.__setattr__(self, "domain", domain_of(self.sender))

    def page_of(self, change_id: str) -> str:
        """Return the address of a change's page."""
        return f"{self.home}/changes/{quote(change_id, safe='')}"

    def link(self, path: str, token: str) -> str:
        """Return the address of one of our pages, opened by ``token``, which fits a query as it is."""
        return f"{self.home}{path}?token={token}"
