"""Read narratives out of files that a person saved: HTML pages, PDFs of editions, plain texts."""

from __future__ import annotations

from pathlib import Path

from monitor.domain.country import Countries
from monitor.fetching.report import NarrativeText
from monitor.fetching.sites import Sites


def read_saved(
    path: Path,
    content: bytes,
    countries: Countries,
    sites: Sites,
    *,
    edition: int | None = None,
    country: str | None = None,
) -> tuple[NarrativeText, ...]:
    """Return the narratives of one file; ``edition`` and ``country`` win over what the file says.

    Else the canonical link, the heading, the file's name (``ARG.txt``, ``argentina.html``) and a year
    in its name or its folder's (``tip-2018``) tell them. Blocking: a PDF takes a process of its own.

    Raises:
        FetchFailed: nothing can be read, or it is another report's page; url is the path.
    """
    raise NotImplementedError
