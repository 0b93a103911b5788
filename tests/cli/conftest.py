"""Runs commands as their user would, in this process, with a data directory of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]
FILLER = (
    "The government trained judges and prosecutors, maintained a telephone line, and funded shelters run "
    "by partners in the capital and two provinces throughout the reporting period. "
) * 3


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONTACT", "DATABASE_URL", "PUBLIC_URL", "SECRET", "SENDER", "SMTP_URL"):
        monkeypatch.delenv(f"TIP_MONITOR_{name}", raising=False)
    place = tmp_path / "data"
    monkeypatch.setenv("TIP_MONITOR_DATA_DIR", str(place))
    return place


@pytest.fixture
def run(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> Ran:
        code = 0
        try:
            main([str(each) for each in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


def narrative(tier: str, convictions: str) -> str:
    return (
        f"ARGENTINA: {tier}\n\nPROSECUTION\n"
        f"The government {convictions} under its trafficking law.\n{FILLER}\n"
    )


@pytest.fixture
def two_editions(tmp_path: Path) -> Path:
    for edition, text in (
        (2012, narrative("TIER 2", "convicted 31 traffickers")),
        (2013, narrative("TIER 2 WATCH LIST", "convicted 17 traffickers")),
    ):
        folder = tmp_path / "narratives" / f"tip-{edition}"
        folder.mkdir(parents=True)
        (folder / "ARG.txt").write_text(text, encoding="utf-8")
    return tmp_path / "narratives"
