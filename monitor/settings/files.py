"""Where the shipped ``config/`` and ``templates/`` lie: in the wheel, or beside a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """Return the directory of shipped data called ``name`` (``config`` or ``templates``).

    Raises:
        FileNotFoundError: neither the installed package nor the checkout has it.
    """
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"{name}: not found beside {_PACKAGE}; install tip-monitor again")
