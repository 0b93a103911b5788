"""Decides what a piece of work is, and what a queue of them promises."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TaskKind(StrEnum):
    CHECK = "check"
    COMPILE = "compile"
    SEND = "send"
    RETAIN = "retain"
    TEND = "tend"
    HEARTBEAT = "heartbeat"


class Lane(StrEnum):
    """Lanes are worked side by side, so that slow sites never hold up what subscribers are told."""

    FETCHING = "fetching"
    TELLING = "telling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One piece of work that came due at ``due_at`` (UTC).

    ``subject`` says of what, where a kind has several: a source's key. No two tasks of one
    ``lock`` are done at once, whichever process does them.
    """

    kind: TaskKind
    due_at: datetime
    subject: str = ""
    lock: str | None = None

    @property
    def name(self) -> str:
        """Of tasks with the same name one waits at a time."""
        return f"{self.kind}:{self.subject}" if self.subject else self.kind.value

    @property
    def lane(self) -> Lane:
        return Lane.FETCHING if self.kind is TaskKind.CHECK else Lane.TELLING


Do = Callable[[Task], Awaitable[None]]
"""Does one task; to do it twice must come to the same."""


class TaskFailed(Exception):  # noqa: N818 - named as the event it tells of
    """A task could not be done for a reason that is known and may pass; the message is one line."""


class QueueUnavailable(Exception):  # noqa: N818 - named as the event it tells of
    """The queue cannot be reached just now. The message is one line: what, where, what to do."""


class TaskQueue(Protocol):
    """Takes tasks and has them done. ``local`` and ``distributed`` implement it.

    A task is done at least once, also where the process that does it is killed (distributed) or it
    comes due again (local).
    """

    async def put(self, task: Task) -> bool:
        """Let ``task`` wait to be done; False, and nothing waits more, where one of its name does.

        Raises:
            QueueUnavailable: the queue cannot be reached.
        """
        ...

    async def work(self, do: Do) -> None:
        """Do the tasks that wait, until cancelled; what ``do`` raises is logged and ends that task."""
        ...

    async def rescue(self) -> int:
        """Let what processes were doing when they died wait again; return how many tasks.

        Raises:
            QueueUnavailable: the queue cannot be reached.
        """
        ...

    async def forget_failed(self) -> None:
        """Delete what failed for good long ago.

        Raises:
            QueueUnavailable: the queue cannot be reached.
        """
        ...
