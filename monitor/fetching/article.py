"""Read the text of a news article out of a page of any site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.source import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """An article as plain text, a paragraph a line; ``published_at`` is UTC."""

    title: str
    text: str
    canonical_url: str
    published_at: datetime | None


def read_article(snapshot: Snapshot) -> ArticleText:
    """Return the article of a page.

    Raises:
        UnexpectedPage: no HTML, or no text worth the name on it.
    """
    raise NotImplementedError
