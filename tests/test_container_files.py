"""Dockerfile and docker-compose.yml say what the product needs, without a container engine."""

import configparser
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
    assert json.loads(command) == ["tip-monitor", "run", "--host", "0.0.0.0", "--port", "8000"]  # noqa: S104 - in the container alone


def test_the_image_is_healthy_while_healthz_answers(dockerfile: list[tuple[str, str]]) -> None:
    (check,) = arguments(dockerfile, "HEALTHCHECK")
    python, option, program = json.loads(check.partition("CMD ")[2])
    assert (python, option) == ("python", "-c")
    assert "http://127.0.0.1:8000/healthz" in program
    compile(program, "HEALTHCHECK", "exec")


def test_compose_starts_in_order_database_migration_processes(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"migrate", "monitor", "worker", "postgres", "mailpit"}
    assert services["postgres"]["image"] == "postgres:15"
    assert services["mailpit"]["image"] == "axllent/mailpit"
    assert services["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    for name in ("monitor", "worker"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert services["mailpit"]["healthcheck"]["test"] == ["CMD", "/mailpit", "readyz"]


def test_compose_runs_commands_that_exist_without_a_shell_between_them_and_signals(
    compose: dict[str, Any],
) -> None:
    commands = {
        name: service["command"] for name, service in compose["services"].items() if "build" in service
    }
    assert commands == {
        "migrate": ["tip-monitor", "migrate"],
        "monitor": ["tip-monitor", "run", "--host", "0.0.0.0", "--port", "8000"],  # noqa: S104 - in the container alone
        "worker": ["tip-monitor", "worker", "--port", "8000"],
    }


def test_our_containers_may_write_to_their_volume_alone_and_have_no_rights(compose: dict[str, Any]) -> None:
    ours = [service for service in compose["services"].values() if "build" in service]
    assert len(ours) == 3
    for service in ours:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["volumes"] == ["monitor-data:/data"]
        assert "user" not in service  # the image's own


def test_compose_names_only_volumes_and_secrets_it_declares(compose: dict[str, Any]) -> None:
    services = compose["services"].values()
    used = {volume.partition(":")[0] for service in services for volume in service.get("volumes", [])}
    assert used == set(compose["volumes"])
    assert {secret for service in services for secret in service.get("secrets", [])} == set(
        compose["secrets"]
    )


def test_the_environment_of_compose_is_a_valid_configuration(compose: dict[str, Any], tmp_path: Path) -> None:
    environment = dict(compose["services"]["worker"]["environment"])
    assert environment["TIP_MONITOR_DATABASE_PASSWORD_FILE"] == "/run/secrets/postgres_password"
    (tmp_path / "password").write_text("p@ss/word\n", "utf-8")
    environment["TIP_MONITOR_DATABASE_PASSWORD_FILE"] = str(tmp_path / "password")
    environment["TIP_MONITOR_CONTACT"] = "ops@example.org"
    environment["TIP_MONITOR_PUBLIC_URL"] = "http://localhost:8000"
    configuration = load_configuration(None, environment)
    assert configuration.effective_database_url == (
        "postgresql+psycopg://monitor:p%40ss%2Fword@postgres:5432/monitor"
    )
    assert configuration.mail.smtp_url == "smtp://mailpit:1025"


def test_every_process_that_stays_has_a_health_check(compose: dict[str, Any]) -> None:
    """The image's own, which asks port 8000, where the service names none."""
    for name, service in compose["services"].items():
        if name != "migrate":
            check = service.get("healthcheck", {})
            assert not check.get("disable")
            assert "build" in service or check["test"]
            assert service.get("command", ["8000"])[-1] == "8000"


def test_secrets_are_files_that_neither_git_nor_the_image_takes_along(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert "POSTGRES_PASSWORD:" not in text
    assert "PGPASSWORD" not in text
    for secret in compose["secrets"].values():
        assert secret["file"].endswith(".secret")
    for name in (".gitignore", ".dockerignore"):
        assert "*.secret" in (ROOT / name).read_text("utf-8").split()


def test_the_unit_of_systemd_runs_a_command_that_exists_as_an_ordinary_user() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "deploy" / "tip-monitor.service", "utf-8")
    service = unit["Service"]
    assert service["User"] == "tip-monitor"
    assert service["Restart"] == "always"
    assert service["StateDirectoryMode"] == "0700"
    assert shlex.split(service["ExecStart"])[3:] == ["run", "--host", "127.0.0.1", "--port", "8000"]
