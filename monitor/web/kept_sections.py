"""Keeps the parts of pages that take long to make, each under all that it depends on."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from markupsafe import Markup

_MAX_CHARACTERS = 64 * 1024 * 1024


class KeptSections:
    """The sections asked for last, up to 64 million characters. Safe to share between threads."""

    def __init__(self) -> None:
        self._sections: OrderedDict[Hashable, Markup] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Markup | None:
        """Return the section kept under ``key``, or None."""
        with self._lock:
            found = self._sections.get(key)
            if found is not None:
                self._sections.move_to_end(key)
            return found

    def keep(self, key: Hashable, section: Markup) -> Markup:
        """Keep ``section`` under ``key`` and return it."""
        with self._lock:
            old = self._sections.pop(key, None)
            self._size += len(section) - (len(old) if old is not None else 0)
            self._sections[key] = section
            while self._size > _MAX_CHARACTERS:
                _, dropped = self._sections.popitem(last=False)
                self._size -= len(dropped)
        return section
