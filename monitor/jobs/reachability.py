"""Examines what lies beyond this machine: names, sources, the mail server and what DNS says of us."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable

import aiosmtplib

from monitor.delivery.dkim import Dkim
from monitor.delivery.mail_records import MailRecord, MailRecords, RecordsUnknown
from monitor.delivery.smtp import SmtpMailer
from monitor.domain.masking import masked
from monitor.domain.source import Source
from monitor.fetching.client import Fetcher
from monitor.fetching.failures import FetchFailed
from monitor.jobs.examination import Finding, Health, ok

_SECONDS = 10.0
_AT_ONCE = 8


async def examine_names(hosts: Iterable[str]) -> list[Finding]:
    """Ask whether names resolve."""
    return list(await asyncio.gather(*(_examine_name(host) for host in dict.fromkeys(hosts))))


async def _examine_name(host: str) -> Finding:
    fix = "check the name, and the machine's resolver (/etc/resolv.conf)"
    try:
        async with asyncio.timeout(_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except TimeoutError:
        return Finding("dns", host, Health.FAILED, f"no answer within {_SECONDS:g} s", fix)
    except OSError as error:
        return Finding("dns", host, Health.FAILED, error.strerror or "does not resolve", fix)
    return ok("dns", host, str(found[0][4][0]))


async def examine_sources(sources: Iterable[Source], fetcher: Fetcher) -> list[Finding]:
    """Ask every source once, as a check would, and read nothing out of the answers."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def examine(source: Source) -> Finding:
        async with slots:
            try:
                await fetcher.fetch(source.url)
            except FetchFailed as failure:
                fix = failure.hint or "try again later; look at the address in a browser"
                return Finding(
                    "source", source.key, Health.FAILED, masked(f"{failure.url}: {failure.reason}"), fix
                )
        return ok("source", source.key, masked(source.url))

    return list(await asyncio.gather(*(examine(source) for source in sources)))


async def examine_mail_server(mailer: SmtpMailer) -> Finding:
    """Greet the mail server, with TLS and login as mail would use them; send nothing."""
    connection = mailer.connection()
    check, where = "smtp", mailer.where
    try:
        async with asyncio.timeout(mailer.longest):
            await connection.connect()
            secured = connection.get_transport_info("sslcontext") is not None
            await connection.quit()
    except aiosmtplib.SMTPAuthenticationError as error:
        fix = "check user and password of mail.smtp_url"
        return Finding(check, where, Health.FAILED, f"refused the login ({error.code})", fix)
    except (aiosmtplib.SMTPException, OSError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        fix = "check host, port and starttls of mail.smtp_url, and the server's certificate"
        return Finding(check, where, Health.FAILED, reason, fix)
    finally:
        connection.close()
    if not secured:
        fix = "use smtps:// or ?starttls=1, unless the server is on this machine"
        return Finding(check, where, Health.WARNING, "mail goes there unencrypted", fix)
    return ok(check, where, "TLS")


async def examine_mail_records(
    records: MailRecords,
    *,
    sender_domain: str,
    return_domain: str,
    dkim: Dkim | None,
) -> list[Finding]:
    """Ask DNS for SPF, DMARC and, where mail is signed, DKIM."""
    wanted = [records.spf(return_domain), records.dmarc(sender_domain)]
    if dkim is not None:
        wanted.append(records.dkim(dkim))
    found = []
    for asked in await asyncio.gather(*wanted, return_exceptions=True):
        if isinstance(asked, RecordsUnknown):
            fix = "check the machine's resolver (/etc/resolv.conf)"
            found.append(Finding("mail records", sender_domain, Health.WARNING, str(asked), fix))
        elif isinstance(asked, BaseException):
            raise asked
        else:
            found.append(_judged(asked))
    if dkim is None:
        fix = "set mail.dkim_domain, dkim_selector and dkim_key, unless your mail server signs"
        found.append(Finding("DKIM", sender_domain, Health.WARNING, "mail leaves here unsigned", fix))
    elif not _is_aligned(dkim.domain, sender_domain):
        detail = f"signs for {dkim.domain}, which does not vouch for {sender_domain} (DMARC alignment)"
        fix = f"set mail.dkim_domain to {sender_domain} or the domain above it"
        found.append(Finding("DKIM", sender_domain, Health.WARNING, detail, fix))
    return found


def _is_aligned(signing: str, sender: str) -> bool:
    """Whether one domain is the other, or above it (RFC 7489, section 3.1.1, relaxed)."""
    one, other = signing.lower().rstrip("."), sender.lower().rstrip(".")
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _judged(record: MailRecord) -> Finding:
    if not record.fault:
        return ok(record.kind, record.name, record.found)
    detail, _, fix = record.fault.partition(": ")
    health = Health.WARNING if record.is_weak else Health.FAILED
    return Finding(record.kind, record.name, health, detail, fix)
