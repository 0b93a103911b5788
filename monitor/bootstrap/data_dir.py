"""The directory in which an installation keeps what is its own."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from monitor.settings.configuration import Configuration, ConfigurationError


def make_data_dir(path: Path) -> None:
    """Make the data directory, for its owner alone, where it is missing.

    Raises:
        ConfigurationError: nothing can be written there.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: {error.strerror}: give data_dir (or TIP_MONITOR_DATA_DIR) a writable place"
        ) from None


def signing_secret(configuration: Configuration) -> str:
    """Return the secret that signs links: the configured one, else one made once in ``data_dir``."""
    if configuration.secret:
        return configuration.secret
    make_data_dir(configuration.data_dir)
    path = configuration.data_dir / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made := secrets.token_urlsafe(32))
    return made
