"""Dockerfile and docker-compose.yml say what the product needs, without a container engine."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.settings.configuration import load_configuration

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    """The instructions with their arguments, continued lines joined."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    instructions = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in instructions)]


def arguments(dockerfile: list[tuple[str, str]], name: str) -> list[str]:
    return [rest for instruction, rest in dockerfile if instruction == name]


def test_everything_that_is_copied_is_in_the_checkout(dockerfile: list[tuple[str, str]]) -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    sources = [
        source
        for rest in arguments(dockerfile, "COPY")
        if not rest.startswith("--from=")
        for source in shlex.split(rest)[:-1]
    ]
    assert {"pyproject.toml", "constraints.txt", "monitor", "config", "templates"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists() or source in ignored] == []


def test_the_image_runs_the_daemon_as_an_ordinary_user_on_its_volume(
    dockerfile: list[tuple[str, str]],
) -> None:
    assert arguments(dockerfile, "FROM") == ["python:3.11-slim AS build", "python:3.11-slim"]
    assert arguments(dockerfile, "USER") == ["monitor"]
    assert arguments(dockerfile, "VOLUME") == ["/data"]
    assert "TIP_MONITOR_DATA_DIR=/data" in arguments(dockerfile, "ENV")[0].split()
    (command,) = arguments(dockerfile, "CMD")
    assert json.loads(command) == ["tip-monitor", "run", "--host", "0.0.0.0", "--port", "8000"]  # noqa: S104


def test_the_image_is_healthy_while_healthz_answers(dockerfile: list[tuple[str, str]]) -> None:
    (check,) = arguments(dockerfile, "HEALTHCHECK")
    python, option, program = json.loads(check.partition("CMD ")[2])
    assert (python, option) == ("python", "-c")
    assert "http://127.0.0.1:8000/healthz" in program
    compile(program, "HEALTHCHECK", "exec")


def test_compose_starts_the_monitor_when_postgresql_is_healthy(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"monitor", "postgres", "mailpit"}
    assert services["postgres"]["image"] == "postgres:15"
    assert services["mailpit"]["image"] == "axllent/mailpit"
    assert services["monitor"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert services["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert services["mailpit"]["healthcheck"]["test"] == ["CMD", "/mailpit", "readyz"]


def test_compose_migrates_before_it_runs_and_passes_signals_on(compose: dict[str, Any]) -> None:
    shell, option, script = compose["services"]["monitor"]["command"]
    assert (shell, option) == ("sh", "-c")
    assert script == "tip-monitor migrate && exec tip-monitor run --host 0.0.0.0 --port 8000"


def test_compose_names_only_volumes_it_declares(compose: dict[str, Any]) -> None:
    used = [
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    ]
    assert sorted(used) == sorted(compose["volumes"])


def test_the_environment_of_compose_is_a_valid_configuration(compose: dict[str, Any]) -> None:
    environment = dict(compose["services"]["monitor"]["environment"])
    environment["TIP_MONITOR_CONTACT"] = "ops@example.org"
    configuration = load_configuration(None, environment)
    assert configuration.effective_database_url == "postgresql+psycopg://monitor@postgres:5432/monitor"
    assert configuration.mail.smtp_url == "smtp://mailpit:1025"
    assert configuration.public_url == "http://localhost:8000"


def test_no_password_is_written_down(compose: dict[str, Any]) -> None:
    services = compose["services"]
    required = "${POSTGRES_PASSWORD:?"
    assert services["monitor"]["environment"]["PGPASSWORD"].startswith(required)
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith(required)
