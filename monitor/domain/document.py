"""Documents: a narrative or an article, cut out of a snapshot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain.masking import without_login
from monitor.domain.reading import DocumentKind

IMPORT = "import"
"""The source key of documents that came from files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text that figures are read from; evidence offsets point into ``text``.

    A narrative has ``country`` and ``edition``; an article has neither and ``identity``, which
    stays the same when its address moves (the feed's guid, else its canonical address).

    What a source's address has of a login stays behind: ``url`` and ``identity`` are shown to everybody.
    """

    kind: DocumentKind
    url: str
    title: str
    text: str
    source_key: str
    snapshot_sha256: str
    country: str | None = None
    edition: int | None = None
    identity: str | None = None
    published_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", without_login(self.url))
        if self.identity is not None:
            object.__setattr__(self, "identity", without_login(self.identity))

    @property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Edition:
    """One year's TIP Report as an index names it; ``url`` is what to ask, with a login where it has one."""

    year: int
    url: str
    title: str

    def shown(self) -> Edition:
        """Return the edition as it is stored and shown: without a login."""
        return replace(self, url=without_login(self.url))
