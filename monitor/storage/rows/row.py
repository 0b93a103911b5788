"""What all tables share: the names of constraints, and columns for what comes from outside."""

from collections.abc import Callable
from typing import Any, ClassVar

from sqlalchemy import JSON, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from monitor.storage.text import storable


class StoredText(TypeDecorator[str]):
    """Text from outside, made storable on its way in (see ``storable``)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Value(TypeDecorator[Any]):
    """A JSON value whose absence is no value at all, rather than JSON's own null."""

    impl = JSON(none_as_null=True)
    cache_ok = True


class Choices(TypeDecorator[Any]):
    """A list of words as JSON; None where what is stored is no JSON, for its reader to tell of."""

    impl = JSON
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        process = super().result_processor(dialect, coltype)

        def choices(value: Any) -> Any:
            try:
                return value if process is None else process(value)
            except ValueError:
                return None

        return choices


class Row(SQLModel):
    """What all tables share: names of constraints that migrations can rely on."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
