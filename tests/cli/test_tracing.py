"""Traces go out where OpenTelemetry's variables ask for them, and nothing happens where they do not."""

from __future__ import annotations

import os
import subprocess
import sys

from pytest_httpserver import HTTPServer

_PROGRAM = """
import os
from monitor.cli.tracing import trace_where_wanted
trace_where_wanted(os.environ)
from opentelemetry import trace
with trace.get_tracer("test").start_as_current_span("check", attributes={"task": "check:tip"}):
    pass
provider = trace.get_tracer_provider()
getattr(provider, "shutdown", lambda: None)()
"""


def run(**variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def test_spans_are_sent_to_the_endpoint(httpserver: HTTPServer) -> None:
    taken: list[bytes] = []

    def take(request):
        from werkzeug import Response

        taken.append(request.get_data())
        return Response(b"", content_type="application/x-protobuf")

    httpserver.expect_request("/v1/traces").respond_with_handler(take)
    run(OTEL_EXPORTER_OTLP_ENDPOINT=httpserver.url_for("").rstrip("/"), OTEL_EXPORTER_OTLP_COMPRESSION="none")
    assert any(b"check:tip" in body and b"tip-monitor" in body for body in taken)


def test_without_an_endpoint_nothing_is_set_up() -> None:
    assert run() == ""
