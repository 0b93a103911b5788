"""Keeps the parts of pages that take long to make, each under all that it depends on."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

_MAX_BYTES = 96 * 1024 * 1024


class KeptSections:
    """The sections asked for last, as UTF-8, up to 96 MiB of them. Safe to share between threads."""

    def __init__(self) -> None:
        self._sections: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._making = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> bytes:
        """Return the section of ``key``, and ``make`` it where it is not kept.

        One at a time: two that are made at once only take the processor from each other, and two
        readers of one page wait for the same section.
        """
        if (found := self._found(key)) is not None:
            return found
        with self._making:
            if (found := self._found(key)) is not None:
                return found
            return self._keep(key, make().encode())

    def _found(self, key: Hashable) -> bytes | None:
        with self._lock:
            found = self._sections.get(key)
            if found is not None:
                self._sections.move_to_end(key)
            return found

    def _keep(self, key: Hashable, section: bytes) -> bytes:
        with self._lock:
            self._size += len(section)
            self._sections[key] = section
            while self._size > _MAX_BYTES:
                _, dropped = self._sections.popitem(last=False)
                self._size -= len(dropped)
        return section
