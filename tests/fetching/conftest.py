"""The shipped selectors, and a small table of countries of our own."""

from __future__ import annotations

import pytest

from monitor.domain.country import Countries, Country
from monitor.fetching.sites import Sites, read_sites
from monitor.settings.files import shipped


@pytest.fixture(scope="session")
def sites() -> Sites:
    return read_sites(shipped("config") / "sites.toml")


@pytest.fixture(scope="session")
def countries() -> Countries:
    return Countries(
        [
            Country("ARG", "Argentina", "WHA", ("Argentina",), (), ("argentina",)),
            Country("BHS", "The Bahamas", "WHA", ("The Bahamas", "Bahamas"), (), ("bahamas", "the-bahamas")),
            Country("CIV", "Côte d'Ivoire", "AF", ("Cote d'Ivoire", "Ivory Coast"), (), ("cote-divoire",)),
            Country("COD", "Democratic Republic of the Congo", "AF", ("Congo",)),
            Country("COG", "Republic of the Congo", "AF", ("Congo",)),
            Country("GHA", "Ghana", "AF", ("Ghana",), (), ("ghana",)),
            Country("GMB", "The Gambia", "AF", ("Gambia",), (), ("gambia", "the-gambia")),
            Country("HTI", "Haiti", "WHA", ("Haiti",), (), ("haiti",)),
            Country("QAT", "Qatar", "NEA", ("Qatar",), (), ("qatar",)),
            Country(
                "USA",
                "United States of America",
                "WHA",
                ("United States",),
                (),
                ("united-states", "united-states-of-america"),
            ),
        ]
    )
