"""What DNS should say of our mail, asked of a real name server on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import dns.asyncresolver
import dns.message
import dns.rcode
import dns.rrset
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from monitor.delivery.dkim import Dkim
from monitor.delivery.mail_records import MailRecord, MailRecords, RecordsUnknown
from monitor.jobs.reachability import examine_mail_records


class NameServer(asyncio.DatagramProtocol):
    """Answers TXT queries from ``zone``; a name that is not in it does not exist."""

    def __init__(self, zone: dict[str, list[str]]) -> None:
        self._zone = zone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        name = query.question[0].name
        texts = self._zone.get(name.to_text(omit_final_dot=True))
        if texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            answer.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", texts))
        self._transport.sendto(answer.to_wire(), address)


@asynccontextmanager
async def records(**zone: str | list[str]) -> AsyncIterator[MailRecords]:
    """Give records of a zone; ``__`` in a name stands for a dot."""
    texts = {
        name.replace("__", "."): [f'"{each}"' for each in ([value] if isinstance(value, str) else value)]
        for name, value in zone.items()
    }
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: NameServer(texts), local_addr=("127.0.0.1", 0)
    )
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = transport.get_extra_info("sockname")[1]
    try:
        yield MailRecords(resolver)
    finally:
        transport.close()


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (["v=spf1 mx -all"], ""),
        (["some other text", "v=spf1 include:mail.example.net ~all"], ""),
        (["some other text"], 'none: publish TXT example.org "v=spf1 mx ~all" naming your mail server'),
        (["v=spf1 mx -all", "v=spf1 -all"], "more than one, so none counts: leave one"),
        (["v=spf1 +all"], "lets everybody send: end it with ~all or -all"),
    ],
)
async def test_spf_names_who_may_send(texts: list[str], fault: str) -> None:
    async with records(example__org=texts) as ours:
        assert (await ours.spf("example.org")).fault == fault


@pytest.mark.parametrize(
    ("policy", "fault", "is_weak"),
    [
        ("v=DMARC1; p=reject", "", False),
        ("v=DMARC1; p=none", "only watches (p=none)", True),
        ("v=DMARC1; rua=mailto:a@example.org", "has no policy p=", False),
        ("something else", "none: publish TXT _dmarc.example.org", False),
    ],
)
async def test_dmarc_says_what_becomes_of_mail_that_is_not_ours(policy, fault, is_weak) -> None:
    async with records(_dmarc__example__org=policy) as ours:
        found = await ours.dmarc("example.org")
    assert found.fault.startswith(fault)
    assert bool(found.fault) is bool(fault)
    assert found.is_weak is is_weak


def dkim_key() -> tuple[Dkim, str]:
    """Return a key, and its public half as DNS should hold it."""
    import base64

    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - quick to make
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    encoded = base64.b64encode(public).decode("ascii")
    return Dkim(domain="example.org", selector="tip", private_key=pem), encoded


async def test_the_dkim_record_is_the_public_half_of_our_key() -> None:
    (ours, public), (_, other) = dkim_key(), dkim_key()
    faults = []
    for texts in (f"v=DKIM1; k=rsa; p={public}", f"v=DKIM1; k=rsa; p={other}", "v=DKIM1; p=", "nothing"):
        async with records(tip___domainkey__example__org=texts) as zone:
            faults.append((await zone.dkim(ours)).fault.partition(":")[0])
    assert faults == ["", "does not belong to mail.dkim_key", "the key is revoked (p is empty)", "none"]


async def test_a_domain_without_any_record_is_told_what_to_publish() -> None:
    async with records() as ours:
        assert await ours.dmarc("example.org") == MailRecord(
            "_dmarc.example.org",
            "DMARC",
            fault='none: publish TXT _dmarc.example.org "v=DMARC1; p=quarantine; '
            'rua=mailto:postmaster@example.org"',
        )


async def test_a_name_server_that_is_silent_says_nothing_of_the_records() -> None:
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = 9
    with pytest.raises(RecordsUnknown, match=r"example\.org: DNS gave no answer"):
        await MailRecords(resolver, seconds=0.2).spf("example.org")


@pytest.mark.parametrize(
    ("policy", "fault"),
    [("v=DMARC1; p=reject", ""), ("v=DMARC1; p=reject; sp=none", "only watches (p=none)")],
)
async def test_a_domain_without_a_policy_has_that_of_the_domain_above(policy: str, fault: str) -> None:
    async with records(_dmarc__example__org=policy) as ours:
        found = await ours.dmarc("mail.alerts.example.org")
    assert found.fault.partition(":")[0] == fault


async def test_a_key_of_another_domain_does_not_vouch_for_the_sender() -> None:
    (ours, public) = dkim_key()
    async with records(
        tip___domainkey__example__org=f"v=DKIM1; k=rsa; p={public}",
        _dmarc__example__org="v=DMARC1; p=reject",
        _dmarc__example__net="v=DMARC1; p=reject",
    ) as zone:
        for sender, is_vouched in (
            ("example.org", True),
            ("alerts.example.org", True),
            ("example.net", False),
        ):
            found = await examine_mail_records(
                zone, sender_domain=sender, return_domain="example.org", dkim=ours
            )
            assert any("does not vouch" in each.detail for each in found) is not is_vouched
