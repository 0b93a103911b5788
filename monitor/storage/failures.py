"""Puts what databases cannot do into words."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

_SQLITE_ADVICE = {
    "SQLITE_BUSY": "another process holds it; try again when that is done",
    "SQLITE_CANTOPEN": "cannot be opened; check that the file may be read and written",
    "SQLITE_CORRUPT": "the file is damaged; restore a backup",
    "SQLITE_FULL": "the disk is full; free some space",
    "SQLITE_IOERR": "the disk failed to read or write; check the disk",
    "SQLITE_NOTADB": "the file is not a SQLite database; check database_url",
    "SQLITE_READONLY": "may not be written; check the owner and mode of the file",
}

# By class of SQLSTATE.
_POSTGRESQL_ADVICE = {
    "08": "check that the server runs and database_url is right",
    "25": "may not be written; check that this is the primary server",
    "28": "check the user and password of database_url",
    "3D": "create the database, or check database_url",
    "40": "two writers got in each other's way; try again",
    "53": "the server is out of disk, memory or connections; give it more",
    "57": "the server is stopping or starting; try again",
}


class StorageError(Exception):
    """The database cannot do what was asked. The message is one line: what, where, what to do."""


def advice_on(error: DBAPIError) -> str | None:
    """Return what is wrong and what to do, or None where the failure is our own mistake."""
    said = str(error.orig)
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state == "42P01" or "no such table" in said:
        return "not migrated; run tip-monitor migrate"
    if state == "42P07" or (not state and "already exists" in said):
        return "holds tables of another program; choose an empty database"
    for prefix, advice in _SQLITE_ADVICE.items():
        if name.startswith(prefix):
            return advice
    reason = (said.strip().splitlines() or ["no answer"])[0]
    if state[:2] in _POSTGRESQL_ADVICE:
        return f"{reason}; {_POSTGRESQL_ADVICE[state[:2]]}"
    if error.connection_invalidated or (isinstance(error, OperationalError) and not state and not name):
        return f"{reason}; {_POSTGRESQL_ADVICE['08']}"
    return None
