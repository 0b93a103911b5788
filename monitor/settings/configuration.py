"""Reads the configuration: shipped defaults, then ``--config``, then ``TIP_MONITOR_*`` variables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.networks import IPvAnyNetwork
from pydantic_core import ErrorDetails

from monitor.delivery.mime import mail_address, sender_address
from monitor.domain.masking import masked
from monitor.domain.source import Source, SourceKind
from monitor.settings.files import shipped

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d{1,6})\s*([smhd])")

# Variable -> place in the file. Settings that hold secrets belong here, so that no file needs them.
_VARIABLES = {
    "TIP_MONITOR_DATA_DIR": ("data_dir",),
    "TIP_MONITOR_DATABASE_URL": ("database_url",),
    "TIP_MONITOR_DATABASE_PASSWORD": ("database_password",),
    "TIP_MONITOR_PUBLIC_URL": ("public_url",),
    "TIP_MONITOR_SECRET": ("secret",),
    "TIP_MONITOR_ADMIN_PASSWORD_HASH": ("admin_password_hash",),
    "TIP_MONITOR_HEARTBEAT_URL": ("heartbeat_url",),
    "TIP_MONITOR_LOG_FORMAT": ("log_format",),
    "TIP_MONITOR_CONTACT": ("fetch", "contact"),
    "TIP_MONITOR_PROXY": ("fetch", "proxy"),
    "TIP_MONITOR_OPERATOR": ("mail", "operator"),
    "TIP_MONITOR_SMTP_URL": ("mail", "smtp_url"),
    "TIP_MONITOR_SENDER": ("mail", "sender"),
    "TIP_MONITOR_RETURN_BOX": ("mail", "return_box"),
    "TIP_MONITOR_DKIM_KEY": ("mail", "dkim_key"),
}
_SECRET_PLACES = {
    "admin_password_hash",
    "database_url",
    "database_password",
    "secret",
    "heartbeat_url",
    "fetch.proxy",
    "mail.smtp_url",
    "mail.return_box",
}
_FILE = "_FILE"
IMPORTED_SOURCES = "sources.toml"
"""The file in the data directory to which ``sources import`` adds."""


class ConfigurationError(Exception):
    """A configuration that cannot be used; the message says what, where and what to do."""


def duration(value: object) -> object:
    """Turn ``"30m"`` into a timedelta; other types pass through to pydantic."""
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if not match:
        raise ValueError('a duration is a number and one of s, m, h, d, e.g. "30m"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


class _Section(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class FetchSection(_Section):
    contact: str = Field(min_length=3, max_length=200, pattern=r"^[\x20-\x7e]+$")
    allow_addresses: tuple[IPvAnyNetwork, ...] = ()
    host_spacing_seconds: float = Field(default=0.5, ge=0, le=60)
    proxy: str = Field(default="", max_length=2000, pattern=r"^(https?://[^\s]+)?$")


class MailSection(_Section):
    smtp_url: str = ""
    sender: str = Field(min_length=3, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")
    connections: int = Field(default=4, ge=1, le=50)
    return_path: str = Field(default="", max_length=254, pattern=r"^[^\x00-\x1f\x7f]*$")
    return_box: str = ""
    operator: str = Field(default="", max_length=254, pattern=r"^[^\x00-\x1f\x7f]*$")
    canary: str = Field(default="", max_length=254, pattern=r"^[^\x00-\x1f\x7f]*$")
    dkim_domain: str = Field(default="", pattern=r"^[A-Za-z0-9.-]*$")
    dkim_selector: str = Field(default="", pattern=r"^[A-Za-z0-9._-]*$")
    dkim_key: str = ""

    @field_validator("smtp_url")
    @classmethod
    def _known_scheme(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtps://")):
            raise ValueError("an SMTP address begins with smtp:// or smtps://; empty means the Maildir")
        return value

    @field_validator("sender")
    @classmethod
    def _one_sender(cls, value: str) -> str:
        sender_address(value)
        return value

    @field_validator("return_path", "operator", "canary")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value:
            mail_address(value)
        return value

    @model_validator(mode="after")
    def _whole_dkim(self) -> MailSection:
        if len({bool(value) for value in (self.dkim_domain, self.dkim_selector, self.dkim_key)}) > 1:
            raise ValueError("dkim_domain, dkim_selector and dkim_key go together: set all three or none")
        return self


class SourceSection(_Section):
    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    kind: SourceKind
    url: str = Field(pattern=r"^https?://[^\s]+$", max_length=2000)
    every: Annotated[timedelta, BeforeValidator(duration), Field(ge=timedelta(seconds=1))]
    follow: bool = False
    editions: int = Field(default=3, ge=1, le=50)
    dead_after: Annotated[timedelta, BeforeValidator(duration), Field(ge=timedelta(seconds=1))] = timedelta(
        days=1
    )

    def source(self) -> Source:
        return Source(**self.model_dump())


class RetentionSection(_Section):
    snapshots: Annotated[timedelta, BeforeValidator(duration), Field(ge=timedelta(days=1))] = timedelta(
        days=90
    )


class Configuration(_Section):
    """What is in force. ``origin`` names the files it came from, for error messages."""

    data_dir: Path
    database_url: str = ""
    database_password: str = ""
    heartbeat_url: str = Field(default="", pattern=r"^(https?://[^\s]+)?$")
    log_format: Literal["auto", "people", "json"] = "auto"
    public_url: str = Field(pattern=r"^https?://[^\s]+$")
    websub_hub: str = Field(default="", pattern=r"^(https?://[^\s]+)?$")
    admin_password_hash: str = Field(default="", pattern=r"^(\$argon2id\$[^\s]+)?$")
    secret: str = ""
    fetch: FetchSection
    mail: MailSection
    retention: RetentionSection = RetentionSection()
    sources: tuple[SourceSection, ...]

    @field_validator("secret", mode="before")
    @classmethod
    def _newest_first(cls, value: object) -> object:
        """Take a list of secrets, too: the first signs, all verify."""
        return (
            ",".join(value) if isinstance(value, list) and all(isinstance(e, str) for e in value) else value
        )

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("sources")
    @classmethod
    def _distinct_keys(cls, value: tuple[SourceSection, ...]) -> tuple[SourceSection, ...]:
        keys = [source.key for source in value]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f'two sources have the key "{key}": give one of them another')
        return value

    @property
    def effective_database_url(self) -> str:
        """The database's address; ``database_password`` goes into it where it names a user."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'monitor.db'}"
        if not self.database_password:
            return self.database_url
        user = re.match(r"([^:/]+://[^:/@]+)(?::[^@/]*)?@", self.database_url)
        if user is None:
            return self.database_url
        return f"{user[1]}:{quote(self.database_password, safe='')}@{self.database_url[user.end() :]}"

    def shown(self) -> dict[str, Any]:
        """Return the configuration as plain values, secrets masked."""
        values = self.model_dump(mode="json")
        values["database_url"] = _masked(self.effective_database_url)
        for name in ("database_password", "heartbeat_url"):
            values[name] = "set" if values[name] else ""
        values["retention"]["snapshots"] = _written(self.retention.snapshots)
        values["admin_password_hash"] = "set" if self.admin_password_hash else "none: no operators' pages"
        values["secret"] = "set" if self.secret else "made at first use, in data_dir"
        values["fetch"]["proxy"] = _masked(self.fetch.proxy)
        values["mail"]["smtp_url"] = _masked(self.mail.smtp_url)
        values["mail"]["return_box"] = _masked(self.mail.return_box)
        for source, section in zip(values["sources"], self.sources, strict=True):
            source["every"] = _written(section.every)
            source["dead_after"] = _written(section.dead_after)
            source["url"] = _masked(section.url)
        return values


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Return the names of ``TIP_MONITOR_*`` variables that set nothing."""
    known = {name for variable in _VARIABLES for name in (variable, variable + _FILE)}
    return sorted(name for name in environment if name.startswith("TIP_MONITOR_") and name not in known)


def load_configuration(path: Path | None, environment: Mapping[str, str]) -> Configuration:
    """Return the configuration in force.

    A variable's name with ``_FILE`` behind it names a file that holds the value: for secrets.

    Raises:
        ConfigurationError: a file cannot be read, is no TOML, or a key is missing, unknown or wrong.
    """
    default = shipped("config") / "monitor.toml"
    values = _read(default)
    origin = default.name
    if path is not None:
        origin = str(path)
        given = _read(path)
        for key, value in given.items():
            known = values.get(key)
            values[key] = known | value if isinstance(known, dict) and isinstance(value, dict) else value
    for variable, place in _VARIABLES.items():
        value = environment.get(variable)
        if value is None and variable + _FILE in environment:
            value = _content(variable + _FILE, Path(environment[variable + _FILE]))
        if value is not None:
            target = values
            for key in place[:-1]:
                target = target.setdefault(key, {})
            target[place[-1]] = value
    _add_imported(values)
    try:
        return Configuration.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(_told(error.errors()[0], origin)) from None


def _add_imported(values: dict[str, Any]) -> None:
    """Add the sources that were imported, which lie in the data directory; configured ones win."""
    place = values.get("data_dir")
    sources = values.get("sources")
    path = Path(place) / IMPORTED_SOURCES if isinstance(place, str) else None
    if path is None or not isinstance(sources, list) or not path.is_file():
        return
    configured = [source for source in sources if isinstance(source, dict)]
    taken = {source.get(name) for source in configured for name in ("key", "url")}
    values["sources"] = sources + [
        source
        for source in _read(path).get("sources", [])
        if isinstance(source, dict) and not taken & {source.get("key"), source.get("url")}
    ]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise ConfigurationError(f"{path}: {reason}: give --config a readable TOML file") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: is not UTF-8 text: save it as UTF-8 TOML") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}: mend that line") from None


def _content(variable: str, path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise ConfigurationError(f"{variable}: {path}: {reason}: name a readable file") from None


def _told(error: ErrorDetails, origin: str) -> str:
    place = ""
    for part in error["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    variable = next((name for name, where in _VARIABLES.items() if ".".join(where) == place), None)
    where = f"{origin} (or {variable})" if variable else origin
    if error["type"] == "missing":
        return f"{where}: {place} is missing: add it"
    if error["type"] == "extra_forbidden":
        return f"{where}: {place} is not a known key: remove it or mend its spelling"
    message = error["msg"].removeprefix("Value error, ")
    # A value that may hold a password is never repeated.
    got = "" if place in _SECRET_PLACES else f" (got {error['input']!r:.80})"
    return f"{where}: {place}: {message}{got}"


def _masked(address: str) -> str:
    # Nothing but the address stands there: whatever lies before the last @ may be of its password.
    return masked(re.sub(r"://([^:/@\s]*):\S*@", r"://\1:***@", address))


def _written(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
