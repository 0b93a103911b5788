"""The data of the report's sites, and what is said where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.fetching.sites import read_sites
from monitor.settings.files import shipped


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("notice_text = 3000", "", "[pages] needs notice_text as a int"),
        ("[links]", "[other]", "[links] needs editions as a list"),
        ("'/reports/(?P<slug>", "'/reports/(?P<slug", "[canonical] report: "),
        ('"section.entry-content,', '"section..entry-content,', "[text] content: "),
        ("[pages]", "[pages", "sites.toml: "),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, old, new, said):
    text = (shipped("config") / "sites.toml").read_text(encoding="utf-8")
    path = tmp_path / "sites.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match="sites.toml") as caught:  # noqa: RUF043 - a dot is a dot here too
        read_sites(path)
    assert said in str(caught.value)
