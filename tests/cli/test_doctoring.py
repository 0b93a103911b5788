"""doctor names each fault with its fix, and fails where there is one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.cli.conftest import Run


def configured(tmp_path: Path, *urls: str) -> Path:
    path = tmp_path / "monitor.toml"
    path.write_text(
        ("" if urls else "sources = []\n")
        + '[fetch]\ncontact = "ops@monitor.test"\nallow_addresses = ["127.0.0.0/8"]\n'
        + "".join(
            f'[[sources]]\nkey = "source-{number}"\nkind = "feed"\nurl = "{url}"\nevery = "1h"\n'
            for number, url in enumerate(urls)
        )
    )
    return path


def test_an_installation_in_order_has_nothing_to_mend(
    run: Run, tmp_path: Path, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/feed").respond_with_data("<rss/>", content_type="application/rss+xml")
    config = configured(tmp_path, httpserver.url_for("/feed"))
    run("migrate", "--config", config)
    done = run("doctor", "--format", "json", "--config", config)
    assert [each for each in done.json if each["health"] != "ok"] == []
    assert {each["check"] for each in done.json} == {
        "configuration",
        "database",
        "migrations",
        "clock",
        "subscribers",
        "disk",
        "templates",
        "modes",
        "dns",
        "source",
        "smtp",
    }
    assert done.code == 0


def test_each_fault_comes_with_its_fix(
    run: Run, tmp_path: Path, data_dir: Path, httpserver: HTTPServer, monkeypatch
) -> None:
    monkeypatch.setenv("TIP_MONITOR_SMTP_URL", "smtp://127.0.0.1:9")
    monkeypatch.setenv("TIP_MONITOR_SENDER", "alerts@monitor.invalid")
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/gone").respond_with_data("", status=410)
    config = configured(tmp_path, httpserver.url_for("/gone"))
    run("migrate", "--config", config)
    data_dir.chmod(0o755)
    done = run("doctor", "--format", "json", "--config", config)
    faults = {each["check"]: each for each in done.json if each["health"] == "failed"}
    assert faults["modes"]["fix"] == f"chmod 700 {data_dir}"
    assert faults["source"]["subject"] == "source-0"
    assert faults["smtp"]["subject"] == "mail server 127.0.0.1:9"
    assert all(each["fix"] for each in faults.values())
    assert done.code == 1


def test_a_variable_whose_name_is_misspelt_is_named(run: Run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TIP_MONITOR_SENDR", "alerts@monitor.invalid")
    monkeypatch.setenv("TIP_MONITOR_SECRET_FILE", str(configured(tmp_path)))
    done = run("doctor", "--format", "json", "--config", configured(tmp_path))
    unknown = [each for each in done.json if each["subject"].startswith("TIP_MONITOR_")]
    assert [(each["subject"], each["health"], each["detail"]) for each in unknown] == [
        ("TIP_MONITOR_SENDR", "warning", "sets nothing: no setting has this name")
    ]


@pytest.mark.parametrize(
    ("key", "detail", "fix"),
    [
        (None, "No such file or directory", "name the file of the private key"),
        ("no key", "is not a PEM file with an RSA private key", "make one with `openssl genrsa 2048`"),
    ],
)
def test_a_key_that_cannot_sign_is_a_fault_among_the_others(
    run: Run, tmp_path: Path, key: str | None, detail: str, fix: str
) -> None:
    config = configured(tmp_path)
    with config.open("a") as file:
        file.write(
            f'[mail]\ndkim_domain = "monitor.test"\ndkim_selector = "s"\ndkim_key = "{tmp_path}/key"\n'
        )
    if key is not None:
        (tmp_path / "key").write_text(key)
        (tmp_path / "key").chmod(0o600)
    done = run("doctor", "--format", "json", "--config", config)
    (fault,) = [each for each in done.json if each["health"] == "failed"]
    assert (fault["check"], fault["subject"], fault["fix"]) == ("configuration", "mail", fix)
    assert fault["detail"].endswith(detail)
    assert done.code == 1


def test_what_the_database_has_against_its_use_is_told_with_what_to_do(
    run: Run, tmp_path: Path, data_dir: Path, monkeypatch
) -> None:
    config = configured(tmp_path)

    def told() -> tuple[str, str]:
        (fault,) = [
            each for each in run("doctor", "--format", "json", "--config", config).json if each["fix"]
        ]
        return fault["check"], fault["fix"]

    run("migrate", "--config", config)
    path = data_dir / "monitor.db"
    for version, fix in (
        ("0001", "run tip-monitor migrate"),
        ("9999", "upgrade tip-monitor or restore a backup"),
    ):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [version])
        assert told() == ("migrations", fix)
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    path.write_bytes(b"no database" * 1000)
    assert told() == ("database", "check database_url")
    monkeypatch.setenv("TIP_MONITOR_DATABASE_URL", "postgresql://monitor:hush@127.0.0.1:9/monitor")
    assert told() == ("database", "check that the server runs and database_url is right")


def test_a_clock_that_was_set_back_is_seen_in_what_was_checked_later(
    run: Run, tmp_path: Path, data_dir
) -> None:
    config = configured(tmp_path, "http://127.0.0.1:9/feed")
    run("sources", "list", "--config", config)
    with closing(sqlite3.connect(data_dir / "monitor.db")) as connection, connection:
        connection.execute("UPDATE source SET last_checked_at = '2099-01-01 00:00:00.000000'")
    found = {each["check"]: each for each in run("doctor", "--format", "json", "--config", config).json}
    assert found["clock"]["health"] == "warning"
    assert found["clock"]["fix"].startswith("let the system keep the time")


def test_a_database_that_is_not_there_yet_is_no_failure(run: Run, tmp_path: Path, data_dir: Path) -> None:
    done = run("doctor", "--format", "json", "--config", configured(tmp_path))
    found = {each["check"]: each for each in done.json}
    assert (found["database"]["health"], found["database"]["detail"]) == ("warning", "does not exist yet")
    assert not (data_dir / "monitor.db").exists()
