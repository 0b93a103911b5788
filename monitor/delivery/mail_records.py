"""Asks DNS for the records that receivers judge our mail by: SPF, DKIM, DMARC.

RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import dns.asyncresolver
import dns.exception
import dns.resolver

from monitor.delivery.dkim import Dkim


class RecordsUnknown(Exception):  # noqa: N818 - named as the event it tells of
    """DNS gave no answer, which says nothing of the records; the message is one line."""


@dataclass(frozen=True, slots=True)
class MailRecord:
    """One record as it should be: ``fault`` is empty where it is, else what is wrong and what to publish."""

    name: str
    kind: str
    found: str = ""
    fault: str = ""
    is_weak: bool = False


class MailRecords:
    """Looks records up at ``resolver``, the machine's own unless a test gives another."""

    def __init__(self, resolver: dns.asyncresolver.Resolver | None = None, *, seconds: float = 5.0) -> None:
        self._resolver = resolver
        self._seconds = seconds

    async def spf(self, domain: str) -> MailRecord:
        """Return the SPF record of the domain that bounces go to.

        Raises:
            RecordsUnknown: DNS did not answer.
        """
        found = [text for text in await self._texts(domain) if re.match(r"(?i)v=spf1(\s|$)", text)]
        if not found:
            return MailRecord(
                domain, "SPF", fault=f'none: publish TXT {domain} "v=spf1 mx ~all" naming your mail server'
            )
        if len(found) > 1:
            return MailRecord(domain, "SPF", found[0], "more than one, so none counts: leave one")
        if re.search(r"(?i)\+?\ball\s*$", found[0]) and not re.search(r"[-~?]all\s*$", found[0]):
            return MailRecord(domain, "SPF", found[0], "lets everybody send: end it with ~all or -all")
        return MailRecord(domain, "SPF", found[0])

    async def dkim(self, key: Dkim) -> MailRecord:
        """Return the record of the public half of ``key``, tried with a signature of the private one.

        Raises:
            RecordsUnknown: DNS did not answer.
        """
        name = f"{key.selector}._domainkey.{key.domain}"
        wanted = f'publish TXT {name} "v=DKIM1; k=rsa; p=..." with the public half of mail.dkim_key'
        found = next((text for text in await self._texts(name) if "p" in _tags(text)), None)
        if found is None:
            return MailRecord(name, "DKIM", fault=f"none: {wanted}")
        if not _tags(found)["p"]:
            return MailRecord(name, "DKIM", found, f"the key is revoked (p is empty): {wanted}")
        if not _verifies(key, found):
            return MailRecord(name, "DKIM", found, f"does not belong to mail.dkim_key: {wanted}")
        return MailRecord(name, "DKIM", found)

    async def dmarc(self, domain: str) -> MailRecord:
        """Return the DMARC policy of the domain in From: its own, or that of the next domain above.

        Raises:
            RecordsUnknown: DNS did not answer.
        """
        name, found = f"_dmarc.{domain}", await self._dmarc_texts(domain)
        above = domain.partition(".")[2]
        is_own = bool(found)
        while not found and "." in above:
            found, above = await self._dmarc_texts(above), above.partition(".")[2]
        publish = f'publish TXT {name} "v=DMARC1; p=quarantine; rua=mailto:postmaster@{domain}"'
        if len(found) != 1:
            return MailRecord(name, "DMARC", fault=f"{'more than one' if found else 'none'}: {publish}")
        tags = _tags(found[0])
        policy = (tags.get("p", "") if is_own else tags.get("sp", tags.get("p", ""))).lower()
        if policy not in {"none", "quarantine", "reject"}:
            return MailRecord(name, "DMARC", found[0], f"has no policy p=: {publish}")
        if policy == "none":
            return MailRecord(
                name, "DMARC", found[0], f"only watches (p=none): later {publish}", is_weak=True
            )
        return MailRecord(name, "DMARC", found[0])

    async def _dmarc_texts(self, domain: str) -> list[str]:
        texts = await self._texts(f"_dmarc.{domain}")
        return [text for text in texts if re.match(r"(?i)v=dmarc1\s*(;|$)", text)]

    async def _texts(self, name: str) -> list[str]:
        try:
            resolver = self._resolver or dns.asyncresolver.Resolver()
            answer = await resolver.resolve(name, "TXT", lifetime=self._seconds)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            reason = str(error).partition("\n")[0] or type(error).__name__
            raise RecordsUnknown(f"{name}: DNS gave no answer: {reason[:200]}") from error
        return ["".join(part.decode("utf-8", "replace") for part in record.strings) for record in answer]


def _verifies(key: Dkim, record: str) -> bool:
    import dkim  # noqa: PLC0415 - takes a while, and only who has a key needs it

    content = f"From: <postmaster@{key.domain}>\r\n\r\n".encode()
    return bool(dkim.verify(key.signature(content) + content, dnsfunc=lambda *_, **__: record.encode()))


def _tags(record: str) -> dict[str, str]:
    parts = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in parts if name.strip()}
