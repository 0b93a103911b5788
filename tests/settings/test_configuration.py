"""What is in force, and how a mistake in it is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.source import SourceKind
from monitor.settings.configuration import ConfigurationError, load_configuration


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_shipped_sources_are_in_force() -> None:
    configuration = load_configuration(None, {})
    report = configuration.sources[0].source()
    assert (report.key, report.kind, report.every) == ("tip", SourceKind.TIP_REPORT, timedelta(hours=6))
    assert report.url == "https://www.state.gov/trafficking-in-persons-report/"
    assert configuration.effective_database_url == "sqlite:///var/monitor.db"


def test_a_file_replaces_the_sources_and_keeps_every_other_default(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [fetch]
        allow_addresses = ["127.0.0.1/32"]
        [[sources]]
        key = "mine"
        kind = "feed"
        url = "http://127.0.0.1:1/feed"
        every = "5s"
        """,
    )
    configuration = load_configuration(path, {})
    assert [source.key for source in configuration.sources] == ["mine"]
    assert str(configuration.fetch.allow_addresses[0]) == "127.0.0.1/32"
    assert configuration.fetch.contact == "ops@example.org"
    assert configuration.mail.sender == "TIP Monitor <alerts@example.org>"


def test_variables_win_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, 'data_dir = "a"\n[mail]\nsmtp_url = "smtp://one"\n')
    variables = {"TIP_MONITOR_DATA_DIR": "b", "TIP_MONITOR_SMTP_URL": "smtp://two", "TIP_MONITOR_X": "y"}
    configuration = load_configuration(path, variables)
    assert configuration.effective_database_url == "sqlite:///b/monitor.db"
    assert configuration.mail.smtp_url == "smtp://two"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[sources]]\nkey='a'\nkind='feed'\nevery='1h'", "sources[0].url is missing: add it"),
        ("[fetch]\ncontcat='x@y'", "fetch.contcat is not a known key: remove it or mend its spelling"),
        ("speed = 3", "speed is not a known key: remove it or mend its spelling"),
        (
            "[[sources]]\nkey='a'\nkind='feed'\nurl='http://a'\nevery='soon'",
            "sources[0].every: a duration is a number and one of s, m, h, d, e.g. \"30m\" (got 'soon')",
        ),
        (
            "[[sources]]\nkey='a'\nkind='radio'\nurl='http://a'\nevery='1h'",
            "sources[0].kind: Input should be 'tip-report' or 'feed' (got 'radio')",
        ),
        (
            "[[sources]]\nkey='a'\nkind='feed'\nurl='http://a'\nevery='1h'\n" * 2,
            'two sources have the key "a": give one of them another',
        ),
        (
            "[mail]\nsender='alerts'",
            "(or TIP_MONITOR_SENDER): mail.sender: 'alerts' is not of the form name@domain",
        ),
        ("[mail]\nreturn_path='bounces'", "mail.return_path: 'bounces' is not of the form name@domain"),
        ("[mail]\noperator='me'", "mail.operator: 'me' is not of the form name@domain"),
        ("[mail]\ncanary='x@-.example'", "mail.canary: the domain of 'x@-.example' is not valid"),
    ],
)
def test_a_mistake_is_one_line_with_file_key_and_remedy(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigurationError) as error:
        load_configuration(path, {})
    assert str(error.value).startswith((f"{path}: ", f"{path} (or "))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"x = ", b"\xff\xfe\x00"])
def test_what_is_no_toml_is_told_with_its_path(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"mine\.toml"):
        load_configuration(path, {})


def test_a_missing_file_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_configuration(tmp_path / "none.toml", {})


def test_no_password_is_ever_shown(tmp_path: Path) -> None:
    variables = {
        "TIP_MONITOR_DATABASE_URL": "postgresql+psycopg://me:hunter2@db/tip",
        "TIP_MONITOR_SMTP_URL": "smtp://me:hunter2@mail:587",
        "TIP_MONITOR_SECRET": "hunter2",
    }
    assert "hunter2" not in str(load_configuration(None, variables).shown())
    for address in ("postgresql://me:a@hunter2@db/tip", "postgresql://me:a/hunter2@db/tip"):
        assert "hunter2" not in str(load_configuration(None, {"TIP_MONITOR_DATABASE_URL": address}).shown())
    path = tmp_path / "monitor.toml"
    path.write_text(
        '[[sources]]\nkey = "a"\nkind = "feed"\nevery = "1h"\n'
        'url = "https://me:hunter2@news.example/feed?id=4&api_key=hunter2"\n'
    )
    (source,) = load_configuration(path, {}).shown()["sources"]
    assert source["url"] == "https://me:***@news.example/feed?id=4&api_key=***"
    with pytest.raises(ConfigurationError) as error:
        load_configuration(None, {"TIP_MONITOR_SMTP_URL": "ftp://me:hunter2@mail"})
    assert "hunter2" not in str(error.value)


def test_a_secret_may_come_from_a_file_and_is_never_shown(tmp_path) -> None:
    (tmp_path / "password").write_text("p@ss:word/\n", "utf-8")
    configuration = load_configuration(
        None,
        {
            "TIP_MONITOR_DATABASE_URL": "postgresql+psycopg://monitor@db:5432/monitor",
            "TIP_MONITOR_DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
            "TIP_MONITOR_HEARTBEAT_URL": "https://hc.example/hush",
        },
    )
    assert (
        configuration.effective_database_url
        == "postgresql+psycopg://monitor:p%40ss%3Aword%2F@db:5432/monitor"
    )
    shown = str(configuration.shown())
    assert "hush" not in shown
    assert "p@ss" not in shown
    assert "p%40ss" not in shown


def test_a_file_of_a_secret_that_cannot_be_read_is_named(tmp_path) -> None:
    with pytest.raises(ConfigurationError, match=r"TIP_MONITOR_SECRET_FILE: .*: name a readable file"):
        load_configuration(None, {"TIP_MONITOR_SECRET_FILE": str(tmp_path / "none")})


def test_secrets_may_be_a_list_the_newest_first(tmp_path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text('secret = ["new", "old"]\n', "utf-8")
    assert load_configuration(path, {}).secret == "new,old"
