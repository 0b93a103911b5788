"""Looks after the outbox: what came back, what is stuck, and whether the path works at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.delivery.presentation import Presentation
from monitor.delivery.return_box import BoxUnavailable, ReturnBox
from monitor.jobs.canary import CanaryReport, send_canary
from monitor.jobs.recovery import Recovered, recover
from monitor.jobs.returns import Returns, read_returns
from monitor.storage.database import Database


@dataclass(frozen=True, slots=True)
class Tended:
    """What a run found; ``failure`` is one line where the box could not be read."""

    recovered: Recovered
    canary: CanaryReport | None
    returns: Returns
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Tending:
    """With what the outbox is looked after; without ``box`` or ``canary`` that part is left out."""

    presentation: Presentation
    box: ReturnBox | None = None
    canary: str | None = None

    def run(self, database: Database, *, now: datetime) -> Tended:
        """Look after the outbox; done twice it comes to the same."""
        recovered = recover(database, now=now)
        canary = send_canary(database, self.presentation, self.canary, now=now) if self.canary else None
        returns, failure = Returns(), None
        if self.box is not None:
            try:
                returns = read_returns(database, self.box, self.presentation.signer, now=now)
            except BoxUnavailable as error:
                failure = str(error)
        return Tended(recovered, canary, returns, failure)
