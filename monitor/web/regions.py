"""Names the regions in which the US Department of State orders the countries."""

from __future__ import annotations

REGIONS = {
    "AF": "Africa",
    "EAP": "East Asia and the Pacific",
    "EUR": "Europe and Eurasia",
    "NEA": "Near East",
    "SCA": "South and Central Asia",
    "WHA": "Western Hemisphere",
}
