"""Takes names and passwords out of stored addresses that are shown: a report's or a feed's login."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

_LOGIN = re.compile(r"(?i)\b(https?://)[^/\s?#\"'<>\\]*@")
_SHOWN = {
    "document": ("id", ("url", "identity")),
    "edition": ("year", ("url",)),
    "snapshot": ("sha256", ("url", "final_url")),
    "change": ("sequence", ("source_url", "source_url_old", "detail")),
}


def upgrade() -> None:
    connection = op.get_bind()
    for table, (key, columns) in _SHOWN.items():
        # As text: of JSON too, an address in it ends before the quote.
        texts = {name: sa.cast(sa.column(name), sa.Text()) for name in columns}
        shown: list[Any] = [text.label(name) for name, text in texts.items()]
        query = sa.select(sa.column(key), *shown).select_from(sa.table(table))
        may_have_one = sa.or_(*(text.like("%://%@%") for text in texts.values()))
        for row in connection.execute(query.where(may_have_one)).mappings().all():
            changed: dict[str, Any] = {
                name: _LOGIN.sub(r"\1", row[name])
                for name in columns
                if row[name] is not None and _LOGIN.search(row[name])
            }
            if changed.get("identity") is not None:
                digest = hashlib.sha256(changed["identity"].encode("utf-8", "surrogatepass")).hexdigest()
                changed["subject_key"] = f"article:{digest}"
            if changed:
                _store(connection, table, key, row[key], changed)


def _store(connection: sa.Connection, table: str, key: str, of: object, changed: dict[str, Any]) -> None:
    is_json = connection.dialect.name == "postgresql" and "detail" in changed
    sets = ", ".join(
        f"{name} = CAST(:{name} AS JSON)" if is_json and name == "detail" else f"{name} = :{name}"
        for name in changed
    )
    connection.execute(
        sa.text(f"UPDATE {table} SET {sets} WHERE {key} = :the_key"),  # noqa: S608 - names of ours
        {**changed, "the_key": of},
    )
