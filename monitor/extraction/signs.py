"""Named signs of the grammar: what a phrase, a noun or a verb is."""

from __future__ import annotations


class Sign:
    """One of a few named kinds, the only one of its name and compared by identity.

    In Python 3.11 a member of an ``Enum`` takes three times as long to look up, and the grammar looks up
    a million for every few hundred pages. A kind lists its members as class variables, then names them.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by name: the member of the process that it comes to is the same one."""
        return getattr, (type(self), self.name)

    @classmethod
    def name_all(cls) -> None:
        """Make the member of each class variable."""
        for name in cls.__annotations__:
            setattr(cls, name, cls(name))
