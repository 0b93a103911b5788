"""How fast digests are compiled and sent: ``python -m tests.benchmarks.delivery``; never in the suite.

Compiling: subscribers over 50 filters and the changes of one edition, at two sizes, with the growth of
this process's peak memory. Sending: our sender and a bare aiosmtplib loop with as many connections, in
turns, to the same server in a process of its own; the computing of each is told beside the rate, since
it does not depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiosmtplib
from aiosmtpd.smtp import SMTP
from sqlalchemy import text

from monitor.delivery.digest_mail import DigestRenderer
from monitor.delivery.mail_templates import load_mail_templates
from monitor.delivery.mime import mime_bytes
from monitor.delivery.presentation import Presentation
from monitor.delivery.smtp import SmtpMailer
from monitor.delivery.tokens import Signer
from monitor.domain.change import Change, ChangeKind
from monitor.domain.country import Countries, Country
from monitor.domain.figure import Form, Measure
from monitor.domain.subscription import Subscription
from monitor.jobs.digests import compile_digests
from monitor.jobs.sending import send_deliveries
from monitor.settings.files import shipped
from monitor.storage.changes import record_changes
from monitor.storage.database import Database
from monitor.storage.outbox import lease_deliveries
from monitor.storage.rows import SubscriptionRow
from monitor.storage.schema import migrate
from monitor.storage.subscriptions import add_subscription
from tests.builders import change

NOW = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
_SENDER = "TIP Monitor <alerts@example.org>"
_REGIONS = ("AF", "EAP", "EUR", "NEA", "SCA", "WHA")
COUNTRIES = Countries(Country(f"C{n:02}", f"Country {n:02}", _REGIONS[n % len(_REGIONS)]) for n in range(100))
_MEASURES = (Measure.INVESTIGATIONS, Measure.PROSECUTIONS, Measure.CONVICTIONS)


def edition() -> list[Change]:
    """Changes of one edition: a tier in every fourth country, three figures in every one."""
    found = [
        change(
            id=f"{country}-{measure}",
            country=country,
            headline=f"{country}: {n} {measure} in 2025, down from {n + 9}",
            measure=measure,
            form=Form.ALL,
            old=n + 9,
            new=n,
            created_at=NOW - timedelta(hours=2),
            evidence_old=f"The government reported {n + 9} of these in the year before that one.",
            evidence_new=f"The government reported {n} of these, compared with {n + 9} the year before.",
            source_url=f"https://report.example/2026/{country}/",
            source_url_old=f"https://report.example/2025/{country}/",
        )
        for n, country in enumerate(COUNTRIES)
        for measure in _MEASURES
    ]
    return found + [
        change(
            ChangeKind.TIER_CHANGED,
            id=f"{country}-tier",
            country=country,
            headline=f"{country}: upgraded from Tier 2 to Tier 1 in the 2026 report",
            old="2",
            new="1",
            created_at=NOW - timedelta(hours=2),
        )
        for country in list(COUNTRIES)[::4]
    ]


def filters() -> list[dict[str, Any]]:
    """Fifty filters: everything, each region, tiers alone, and lists of one to eight countries."""
    codes = list(COUNTRIES)
    found: list[dict[str, Any]] = [{}, {"kinds": frozenset({ChangeKind.TIER_CHANGED})}]
    found += [{"regions": frozenset({region})} for region in _REGIONS]
    found += [{"countries": frozenset(codes[n * 2 : n * 2 + n % 8 + 1])} for n in range(50 - len(found))]
    return found


def renderer() -> DigestRenderer:
    return DigestRenderer(
        Presentation(
            templates=load_mail_templates(shipped("templates") / "email"),
            countries=COUNTRIES,
            public_url="https://tip.example.org",
            sender=_SENDER,
            signer=Signer("a secret of benchmarks"),
        )
    )


def store(path: Path, subscribers: int, chosen: list[dict[str, Any]]) -> Database:
    """A store with the edition's changes and ``subscribers`` spread over ``chosen`` filters."""
    database = Database(f"sqlite:///{path}")
    migrate(database)
    made = NOW - timedelta(days=30)
    with database.transaction() as session:
        record_changes(session, edition())
    template = Subscription(address="", created_at=made, confirmed_at=made, told_from=NOW - timedelta(days=1))
    with database.transaction() as session:
        for n, wanted in enumerate(chosen[:subscribers]):
            add_subscription(session, replace(template, address=f"s{n}@example.net", **wanted))
        # The others are copies: adding each by itself would take longer than what is measured.
        columns = [column.name for column in SubscriptionRow.metadata.tables["subscription"].columns]
        names = ", ".join(columns)
        copied = {"id": "id + :by", "address": "'s' || (id + :by - 1) || '@example.net'"}
        copied["address_key"] = copied["address"]
        values = ", ".join(copied.get(name, name) for name in columns)
        limit = f"WHERE id <= {len(chosen)} AND id + :by <= {subscribers}"
        session.connection().execute(
            text(f"INSERT INTO subscription ({names}) SELECT {values} FROM subscription {limit}"),  # noqa: S608 - names of columns
            [{"by": by} for by in range(len(chosen), subscribers, len(chosen))] or [{"by": subscribers}],
        )
    return database


def compiling(subscribers: int) -> dict[str, Any]:
    """Compile for ``subscribers`` in this process; its memory is measured, so use a fresh one."""
    with tempfile.TemporaryDirectory() as directory:
        database = store(Path(directory) / "monitor.db", subscribers, filters())
        render = renderer()
        before = _peak()
        start, computing = time.perf_counter(), time.process_time()
        compiled = compile_digests(database, render, now=NOW)
        seconds, computed = time.perf_counter() - start, time.process_time() - computing
        database.dispose()
    return {
        "subscribers": subscribers,
        "digests": compiled.digests,
        "bulletins": compiled.bulletins,
        "seconds": round(seconds, 2),
        "digests_per_second": round(compiled.digests / seconds),
        "digests_per_cpu_second": round(compiled.digests / computed),
        "peak_growth_mib": round((_peak() - before) / 1024, 1),
        "peak_mib": round(_peak() / 1024, 1),
    }


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class _Sink:
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return "250 taken"


def _serve(ready: Connection) -> None:
    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(_Sink(), loop=loop, hostname="sink.test"), "127.0.0.1", 0
        )
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def sending(messages: int, connections: int, rounds: int) -> dict[str, Any]:
    """Send ``messages`` by a bare loop and by ours, in turns."""
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        port = here.recv()
        for _ in range(rounds):
            bare.append(_bare(port, messages, connections))
            ours.append(_ours(port, messages, connections))
    finally:
        server.terminate()
        server.join()
    ratios = [one / other for (one, _), (other, _) in zip(ours, bare, strict=True)]
    return {
        "messages": messages,
        "connections": connections,
        "bare_per_second": [round(rate) for rate, _ in bare],
        "ours_per_second": [round(rate) for rate, _ in ours],
        "bare_cpu_ms": round(min(cpu for _, cpu in bare), 2),
        "ours_cpu_ms": round(min(cpu for _, cpu in ours), 2),
        "ratios": [round(ratio, 2) for ratio in ratios],
        "median_ratio": round(sorted(ratios)[len(ratios) // 2], 2),
    }


def _queued(directory: str, messages: int) -> Database:
    database = store(Path(directory) / "monitor.db", messages, filters()[8:])
    compile_digests(database, renderer(), now=NOW)
    return database


def _ours(port: int, messages: int, connections: int) -> tuple[float, float]:
    """Return messages a second, and this process's own milliseconds for each."""
    with tempfile.TemporaryDirectory() as directory:
        database = _queued(directory, messages)
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}?starttls=0", sender=_SENDER)
        start, computing = time.perf_counter(), time.process_time()
        sent = asyncio.run(send_deliveries(database, mailer, now=lambda: NOW, connections=connections))
        seconds, computed = time.perf_counter() - start, time.process_time() - computing
        database.dispose()
    if sent.sent != messages:
        raise SystemExit(f"{sent.sent} of {messages} sent: {sent.failures[:1]}")
    return messages / seconds, computed / messages * 1000


def _bare(port: int, messages: int, connections: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as directory:
        database = _queued(directory, messages)
        with database.transaction() as session:
            found = lease_deliveries(session, NOW, messages, timedelta(minutes=1))
        database.dispose()
    mails = [(each.message.address, mime_bytes(each.message, sender=_SENDER, now=NOW)) for each in found]

    async def work() -> None:
        async with aiosmtplib.SMTP(
            hostname="127.0.0.1", port=port, start_tls=False, local_hostname="example.org"
        ) as client:
            while mails:
                address, content = mails.pop()
                await client.sendmail("alerts@example.org", address, content)

    async def send() -> None:
        await asyncio.gather(*(work() for _ in range(connections)))

    start, computing = time.perf_counter(), time.process_time()
    asyncio.run(send())
    seconds, computed = time.perf_counter() - start, time.process_time() - computing
    return messages / seconds, computed / messages * 1000


def main() -> None:
    """Measure, and print a JSON object for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[20_000, 100_000])
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    for size in options.sizes:
        with context.Pool(1) as pool:
            print(json.dumps({"compiling": pool.apply(compiling, (size,))}), flush=True)
    if options.messages:
        figures = sending(options.messages, options.connections, options.rounds)
        print(json.dumps({"sending": figures}), flush=True)


if __name__ == "__main__":
    main()
