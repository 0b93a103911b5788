"""Named signs of the grammar: what a phrase, a noun or a verb is."""

from __future__ import annotations

from typing import Self


class Sign:
    """One of a few named kinds, the only one of its name and compared by identity.

    The members of a kind are the class variables that it declares. In Python 3.11 looking up a member of
    an ``Enum`` takes four times as long as that, and the grammar looks some up at every phrase.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name in cls.__annotations__:
            setattr(cls, name, cls(name))

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by name: the member of the process that it comes to is the same one."""
        return type(self).named, (self.name,)

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the member of that name.

        Raises:
            KeyError: the kind has none.
        """
        member = vars(cls)[name]
        if not isinstance(member, cls):
            raise KeyError(name)
        return member
