"""Decides whether an item of a feed is one that was met before, whatever its guid says.

Guids change when a site moves, feeds move and come back under another name, and some sites use a
guid twice. So an item is known by three keys: guid, address, content.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ItemState(StrEnum):
    """What became of an item: read, passed over as not about our subject, or to be tried again."""

    READ = "read"
    PASSED = "passed"
    FAILED = "failed"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class ItemKeys:
    """SHA-256 keys of an item; null where it has none, or one that says nothing of it.

    ``guid_key`` holds within a feed where the guid is no address, everywhere where it is one.
    ``link_key`` is null for an address that several items of the feed share. ``content_key`` is
    null for a text too short to be told from another.
    """

    guid_key: str | None
    link_key: str | None
    content_key: str | None


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item as remembered; ``identity`` is its article's, ``attempts`` counts failed readings."""

    keys: ItemKeys
    identity: str
    state: ItemState
    attempts: int = 0


class Known:
    """The items met before, found by what they share with a new one."""

    def __init__(self, items: Iterable[KnownItem]) -> None:
        self._by_guid: dict[str, list[KnownItem]] = {}
        self._by_link: dict[str, list[KnownItem]] = {}
        self._by_content: dict[str, list[KnownItem]] = {}
        for item in items:
            self.add(item)

    def add(self, item: KnownItem) -> None:
        """Remember ``item``; of two with the same guid and address the later one counts."""
        for index, key in (
            (self._by_guid, item.keys.guid_key),
            (self._by_link, item.keys.link_key),
            (self._by_content, item.keys.content_key),
        ):
            if key is not None:
                index.setdefault(key, []).insert(0, item)

    def same(self, keys: ItemKeys) -> KnownItem | None:
        """Return the item that ``keys`` are of, or None for a new one.

        The same address is the same item, and so is the same content, wherever they turn up. The
        same guid is the same item unless both address and content are others: then a site has used
        a guid again, and the item is a new one.
        """
        by_guid = self._by_guid.get(keys.guid_key or "", [])
        by_link = self._by_link.get(keys.link_key or "", [])
        by_content = self._by_content.get(keys.content_key or "", [])
        exact = [item for item in by_guid if item.keys.link_key == keys.link_key]
        if exact and _is_reused(exact[0].keys, keys):
            exact = []
        same_link = [item for item in by_link if keys.link_key is not None]
        same_guid = [item for item in by_guid if not _is_reused(item.keys, keys)]
        return next(iter([*exact, *same_link, *by_content, *same_guid]), None)


def _is_reused(known: ItemKeys, new: ItemKeys) -> bool:
    """Whether one guid stands for two items: nothing else that both have is the same."""
    same_link = known.link_key is not None and known.link_key == new.link_key
    same_content = known.content_key is not None and known.content_key == new.content_key
    if same_link or same_content:
        return False
    return (known.link_key is not None and new.link_key is not None) or (
        known.content_key is not None and new.content_key is not None
    )
