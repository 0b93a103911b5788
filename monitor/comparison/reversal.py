"""Decides what of a period is told on its own, where a page was changed and changed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.domain.change import Change, ChangeKind


@dataclass(frozen=True, slots=True)
class Told:
    """``changes`` are told, ``folded`` only by the change among them that undid them."""

    changes: tuple[Change, ...]
    folded: tuple[Change, ...]


def fold_reversals(changes: Sequence[Change]) -> Told:
    """Fold what one period both did and undid (text A, then B, then A again) into its last step.

    The step back says in its headline that the earlier text is back, and stands for all of them.
    Where the first step was told in an earlier period, every step is told.
    """
    folded: set[str] = set()
    for back in changes:
        restored, revision = back.detail.get("restores"), back.detail.get("revision")
        if not isinstance(restored, int) or not isinstance(revision, int):
            continue
        steps = {
            number: change
            for change in changes
            if change.kind is ChangeKind.NARRATIVE_REVISED
            and (change.country, change.edition) == (back.country, back.edition)
            and isinstance(number := change.detail.get("revision"), int)
            and restored < number < revision
        }
        if restored + 1 in steps:
            folded |= {change.id for change in steps.values()}
    return Told(
        tuple(change for change in changes if change.id not in folded),
        tuple(change for change in changes if change.id in folded),
    )
