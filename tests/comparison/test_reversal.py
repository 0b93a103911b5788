"""A page that was changed and changed back."""

from __future__ import annotations

import pytest

from monitor.comparison.reversal import fold_reversals
from monitor.comparison.revision import compare_revision
from monitor.domain.change import ChangeStatus
from tests.builders import NOW, figure, narrative


def step(old: int, new: int, revision: int, restores: int | None = None):
    before = narrative(2013, figure(old), text=f"Courts convicted {old}.", revision=revision - 1)
    after = narrative(2013, figure(new), text=f"Courts convicted {new}.", revision=revision)
    change = compare_revision(
        before,
        after,
        country_name="Argentina",
        now=NOW,
        status=ChangeStatus.PUBLISHED,
        restores=restores,
    )
    assert change is not None
    return change


THERE, BACK = step(17, 19, 2), step(19, 17, 3, restores=1)


def test_a_text_that_comes_back_is_told_as_such() -> None:
    assert BACK.headline == (
        "Argentina: the 2013 narrative was changed back to an earlier text: convictions now 17, first 19"
    )
    assert BACK.id != THERE.id


def test_within_one_period_there_and_back_fold_into_one_note() -> None:
    told = fold_reversals([THERE, BACK])
    assert (told.changes, told.folded) == ((BACK,), (THERE,))


def test_a_way_back_over_several_steps_folds_them_all() -> None:
    steps = [step(17, 19, 2), step(19, 21, 3), step(21, 17, 4, restores=1)]
    told = fold_reversals(steps)
    assert (told.changes, told.folded) == ((steps[2],), tuple(steps[:2]))


@pytest.mark.parametrize(
    "changes",
    [(BACK,), (THERE,), (step(19, 21, 3), step(21, 17, 4, restores=1))],
    ids=["back", "there", "rest"],
)
def test_what_began_in_an_earlier_period_is_told_step_by_step(changes) -> None:
    assert fold_reversals(changes).changes == changes
