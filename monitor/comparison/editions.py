"""Compares a country's narrative with the one of the edition before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.comparison.headline import candidates, comparable_pair
from monitor.comparison.state import ReadDocument
from monitor.comparison.wording import (
    counted,
    difference,
    direction_of,
    figure_words,
    measure_words,
    period,
    tier_direction,
    tier_words,
)
from monitor.domain.change import UNREPORTED, Cause, Change, ChangeKind, ChangeStatus, Direction, change_id
from monitor.domain.document import Edition
from monitor.domain.figure import CORE_MEASURES, Figure, Form, Measure, Qualifier, Relation, Status

_PARTS = (Form.SEX, Form.LABOR)


def edition_published(edition: Edition, *, now: datetime, status: ChangeStatus) -> Change:
    """Return the event that ``edition`` appeared."""
    return Change(
        id=change_id(ChangeKind.EDITION_PUBLISHED, edition.year),
        kind=ChangeKind.EDITION_PUBLISHED,
        cause=Cause.NEW_EDITION,
        country=None,
        edition=edition.year,
        headline=f"The {edition.year} Trafficking in Persons Report has been published",
        created_at=now,
        new=str(edition.year),
        status=status,
        source_url=edition.url,
    )


def compare_editions(
    old: ReadDocument, new: ReadDocument, *, country_name: str, now: datetime, status: ChangeStatus
) -> tuple[Change, ...]:
    """Return what differs between a country's narratives of two consecutive editions.

    One figure change per measure: the total where both editions have one, else by form. A number
    that appears or vanishes does so against an edition that was silent (old or new null) or that
    said it was unreported.

    Raises:
        ValueError: the two are not the same country in consecutive editions; anything else would
            compare different periods as if one revised the other.
    """
    before, after = old.document, new.document
    if before.country != after.country or before.edition is None or after.edition != before.edition + 1:
        raise ValueError(
            f"{before.country} {before.edition} and {after.country} {after.edition} are not consecutive"
        )
    pair = _Pair(old, new, country_name, now, status)
    return (*pair.tier(), *(c for measure in CORE_MEASURES for c in pair.measure(measure)))


class _Pair:
    """One comparison under way: what all its changes share."""

    def __init__(
        self, old: ReadDocument, new: ReadDocument, name: str, now: datetime, status: ChangeStatus
    ) -> None:
        self._old, self._new, self._name, self._now, self._status = old, new, name, now, status
        self._edition = new.document.edition or 0

    def tier(self) -> Iterator[Change]:
        old, new = self._old.reading.tier, self._new.reading.tier
        if old is None or new is None or old.value is new.value:
            return
        yield self._change(
            ChangeKind.TIER_CHANGED,
            headline=f"{self._name}: {tier_words(old.value, new.value)} in the {self._edition} report",
            old=old.value.value,
            new=new.value.value,
            direction=tier_direction(old.value, new.value),
            evidence_old=old.evidence.text,
            evidence_new=new.evidence.text,
            detail={
                "movement": new.movement.value if new.movement else None,
                "watch_list_years": new.watch_list_years,
            },
        )

    def measure(self, measure: Measure) -> Iterator[Change]:
        old = {form: self._candidates(self._old, measure, form, Relation.CURRENT) for form in Form}
        new = {form: self._candidates(self._new, measure, form, Relation.CURRENT) for form in Form}
        yield from self._compared(measure, old, new)
        for form in Form:
            yield from self._restated(measure, form, old[form])

    def _compared(
        self, measure: Measure, old: dict[Form, tuple[Figure, ...]], new: dict[Form, tuple[Figure, ...]]
    ) -> Iterator[Change]:
        total = comparable_pair(old[Form.ALL], new[Form.ALL])
        if total:
            yield from self._differing(*total, split={"old": _split(old), "new": _split(new)})
            return
        parts = [pair for form in _PARTS if (pair := comparable_pair(old[form], new[form]))]
        if parts:
            for pair in parts:
                yield from self._differing(*pair, split=None)
            return
        had, has = _numbers(old), _numbers(new)
        if has and not had:
            for figure in has:
                yield self._appeared(figure, _silence(old, figure.form))
        elif had and not has:
            for figure in had:
                yield self._vanished(measure, figure, _silence(new, figure.form))

    def _differing(self, old: Figure, new: Figure, split: object) -> Iterator[Change]:
        if old.value == new.value:
            return
        detail: dict[str, object] = {
            "qualifier_old": old.qualifier.value,
            "qualifier_new": new.qualifier.value,
        }
        if old.unit is not new.unit:
            detail |= {"unit_old": old.unit.value, "unit_new": new.unit.value}
        if split:
            detail["split"] = split
        yield self._change(
            ChangeKind.FIGURE_CHANGED,
            headline=f"{self._name}: {figure_words(new)} {period(new, self._edition)}, "
            f"{difference(old, new)}",
            figure=new,
            old=old.value,
            new=new.value,
            direction=direction_of(old.value or 0, new.value or 0),
            evidence_old=old.evidence.text,
            evidence_new=new.evidence.text,
            detail=detail,
        )

    def _appeared(self, new: Figure, old: Figure | None) -> Change:
        before = "had not reported" if old else "said nothing of"
        words = measure_words(new.measure, new.form)
        return self._change(
            ChangeKind.FIGURE_APPEARED,
            headline=f"{self._name}: {figure_words(new)} {period(new, self._edition)}, "
            f"where the {self._edition - 1} report {before} {words}",
            figure=new,
            old=UNREPORTED if old else None,
            new=new.value,
            evidence_old=old.evidence.text if old else None,
            evidence_new=new.evidence.text,
            detail={"qualifier_new": new.qualifier.value},
        )

    def _vanished(self, measure: Measure, old: Figure, new: Figure | None) -> Change:
        words = measure_words(measure, old.form)
        after = "says they were not reported" if new else f"says nothing of {words}"
        return self._change(
            ChangeKind.FIGURE_VANISHED,
            headline=f"{self._name}: {figure_words(old)} {period(old, self._edition - 1)}; "
            f"the {self._edition} report {after}",
            figure=old,
            old=old.value,
            new=UNREPORTED if new else None,
            evidence_old=old.evidence.text,
            evidence_new=new.evidence.text if new else None,
            detail={"qualifier_old": old.qualifier.value},
        )

    def _restated(self, measure: Measure, form: Form, printed: tuple[Figure, ...]) -> Iterator[Change]:
        restated = self._candidates(self._new, measure, form, Relation.PREVIOUS)
        if not _is_sure(printed) or not _is_sure(restated):
            return
        old, new = printed[0], restated[0]
        if old.unit is not new.unit or old.stage is not new.stage or old.value == new.value:
            return
        if new.year is not None and old.year is not None and new.year != old.year:
            return
        words = measure_words(measure, form)
        yield self._change(
            ChangeKind.FIGURE_RESTATED,
            headline=f"{self._name}: the {self._edition} report puts the year before at "
            f"{counted(measure, form, new.value or 0)}; "
            f"the {self._edition - 1} report had printed {_number(old.value or 0)} {words}",
            figure=new,
            old=old.value,
            new=new.value,
            direction=direction_of(old.value or 0, new.value or 0),
            evidence_old=old.evidence.text,
            evidence_new=new.evidence.text,
        )

    @staticmethod
    def _candidates(
        side: ReadDocument, measure: Measure, form: Form, relation: Relation
    ) -> tuple[Figure, ...]:
        return candidates(side.reading.figures, measure, form, relation)

    def _change(
        self,
        kind: ChangeKind,
        *,
        headline: str,
        old: int | str | None,
        new: int | str | None,
        evidence_old: str | None,
        evidence_new: str | None,
        figure: Figure | None = None,
        direction: Direction | None = None,
        detail: dict[str, object] | None = None,
    ) -> Change:
        before, after = self._old.document, self._new.document
        measure = figure.measure if figure else None
        form = figure.form if figure else None
        return Change(
            id=change_id(kind, after.country, after.edition, measure, form, old, new, Cause.NEW_EDITION),
            kind=kind,
            cause=Cause.NEW_EDITION,
            country=after.country,
            edition=after.edition,
            headline=headline,
            created_at=self._now,
            measure=measure,
            form=form,
            old=old,
            new=new,
            direction=direction,
            status=self._status,
            source_url=after.url,
            source_url_old=before.url,
            evidence_old=evidence_old,
            evidence_new=evidence_new,
            snapshot_old=before.snapshot_sha256,
            snapshot_new=after.snapshot_sha256,
            detail=detail or {},
        )


def _numbers(sides: dict[Form, tuple[Figure, ...]]) -> list[Figure]:
    """The numbers that stand for a measure: the total, or else its parts."""
    total = _reported(sides[Form.ALL])
    return [total] if total else [figure for form in _PARTS if (figure := _reported(sides[form]))]


def _reported(found: tuple[Figure, ...]) -> Figure | None:
    return next((figure for figure in found if figure.status is Status.REPORTED), None)


def _silence(sides: dict[Form, tuple[Figure, ...]], form: Form) -> Figure | None:
    """The text's word that the number is unreported, for the form or for all forms at once."""
    return next(iter((*sides[form], *sides[Form.ALL])), None)


def _split(sides: dict[Form, tuple[Figure, ...]]) -> dict[str, int]:
    return {
        form.value: figure.value
        for form in _PARTS
        if (figure := _reported(sides[form])) and figure.value is not None
    }


def _is_sure(found: tuple[Figure, ...]) -> bool:
    """Whether one exact number stands for the measure, so that a difference is the report's own."""
    return (
        bool(found)
        and found[0].status is Status.REPORTED
        and found[0].qualifier is Qualifier.EXACT
        and len({(figure.unit, figure.stage) for figure in found}) == len(found)
    )


def _number(value: int) -> str:
    return "no" if value == 0 else f"{value:,}"
