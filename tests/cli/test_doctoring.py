"""doctor names each fault with its fix, and fails where there is one."""

from __future__ import annotations

from pathlib import Path

from pytest_httpserver import HTTPServer

from tests.cli.conftest import Run


def configured(tmp_path: Path, *urls: str) -> Path:
    path = tmp_path / "monitor.toml"
    path.write_text(
        '[fetch]\ncontact = "ops@monitor.test"\nallow_addresses = ["127.0.0.0/8"]\n'
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


def test_a_database_that_is_not_there_yet_is_no_failure(run: Run, tmp_path: Path, data_dir: Path) -> None:
    done = run("doctor", "--format", "json", "--config", configured(tmp_path))
    found = {each["check"]: each for each in done.json}
    assert (found["database"]["health"], found["database"]["detail"]) == ("warning", "does not exist yet")
    assert not (data_dir / "monitor.db").exists()
