"""Compares a country's narrative with the one of the edition before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from monitor.comparison.derived import conviction_rate, total_of_parts
from monitor.comparison.doubt import doubts_of_figures, held, is_collapse
from monitor.comparison.headline import candidates, comparable_pair
from monitor.comparison.significance import weighed
from monitor.comparison.state import CountryRecord, ReadDocument
from monitor.comparison.tiers import compare_tier
from monitor.comparison.wording import (
    counted,
    difference,
    direction_of,
    figure_words,
    measure_words,
    period,
)
from monitor.domain.change import UNREPORTED, Cause, Change, ChangeKind, ChangeStatus, Direction, change_id
from monitor.domain.document import Edition
from monitor.domain.figure import CORE_MEASURES, Figure, Form, Measure, Qualifier, Relation, Status
from monitor.domain.review import Doubt

_PARTS = (Form.SEX, Form.LABOR)
_NOTHING_ELSE_KNOWN = CountryRecord()


def edition_published(edition: Edition, *, now: datetime, status: ChangeStatus) -> Change:
    """Return the event that ``edition`` appeared."""
    change = Change(
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
    return weighed(change)


def compare_editions(
    old: ReadDocument,
    new: ReadDocument,
    *,
    country_name: str,
    now: datetime,
    status: ChangeStatus,
    record: CountryRecord = _NOTHING_ELSE_KNOWN,
    cause: Cause = Cause.NEW_EDITION,
) -> tuple[Change, ...]:
    """Return what differs between a country's narratives of two consecutive editions.

    One figure change per measure: the total where both editions have one, else by form. A number
    that appears or vanishes does so against an edition that was silent (old or new null) or that
    said it was unreported. ``record`` is what else is known of the country: doubtful changes
    (``doubt``) come back held.

    Raises:
        ValueError: the two are not the same country in consecutive editions; anything else would
            compare different periods as if one revised the other.
    """
    before, after = old.document, new.document
    if before.country != after.country or before.edition is None or after.edition != before.edition + 1:
        raise ValueError(
            f"{before.country} {before.edition} and {after.country} {after.edition} are not consecutive"
        )
    moved = compare_tier(
        old, new, country_name=country_name, record=record, now=now, status=status, cause=cause
    )
    pair = _Pair(old, new, country_name, now, status, record, cause)
    figures = (change for measure in CORE_MEASURES for change in pair.measure(measure))
    return (*((moved,) if moved else ()), *figures)


class _Pair:
    """One comparison under way: what all its changes share."""

    def __init__(
        self,
        old: ReadDocument,
        new: ReadDocument,
        name: str,
        now: datetime,
        status: ChangeStatus,
        record: CountryRecord,
        cause: Cause,
    ) -> None:
        self._old, self._new, self._name, self._now, self._status = old, new, name, now, status
        self._record, self._cause = record, cause
        self._edition = new.document.edition or 0
        self._collapsed = is_collapse(old.reading.figures, new.reading.figures)

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
            yield from self._differing(*total, sides=(old, new))
            return
        parts = [pair for form in _PARTS if (pair := comparable_pair(old[form], new[form]))]
        if parts:
            for pair in parts:
                yield from self._differing(*pair, sides=(old, new))
            return
        had, has = _numbers(old), _numbers(new)
        if has and not had:
            for figure in has:
                yield self._appeared(figure, new[figure.form], _silence(old, figure.form))
        elif had and not has:
            for figure in had:
                yield self._vanished(measure, figure, old[figure.form], _silence(new, figure.form))

    def _differing(
        self, old: Figure, new: Figure, sides: tuple[dict[Form, tuple[Figure, ...]], ...]
    ) -> Iterator[Change]:
        if old.value == new.value:
            return
        detail: dict[str, object] = {
            "qualifier_old": old.qualifier.value,
            "qualifier_new": new.qualifier.value,
        }
        if old.unit is not new.unit:
            detail |= {"unit_old": old.unit.value, "unit_new": new.unit.value}
        if new.form is Form.ALL:
            detail["split"] = {"old": _split(sides[0]), "new": _split(sides[1])}
        if derived := self._derived(new.measure, new.form):
            detail["derived"] = derived
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
            doubts=self._doubts((old, new), (sides[0][old.form], sides[1][new.form])),
        )

    def _derived(self, measure: Measure, form: Form) -> dict[str, object]:
        """What no text prints: a total where only its parts are compared, convictions per prosecution."""
        both = (self._old.reading.figures, self._new.reading.figures)
        derived: dict[str, object] = {}
        if form is not Form.ALL:
            totals = [total_of_parts(figures, measure) for figures in both]
            if None not in totals:
                derived["total_of_parts"] = {"old": totals[0], "new": totals[1]}
        elif measure is Measure.CONVICTIONS:
            rates = [conviction_rate(figures) for figures in both]
            if rates != [None, None]:
                derived["conviction_rate"] = {"old": rates[0], "new": rates[1]}
        return derived

    def _appeared(self, new: Figure, candidates: Sequence[Figure], old: Figure | None) -> Change:
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
            doubts=self._doubts((new,), (candidates,)),
        )

    def _vanished(
        self, measure: Measure, old: Figure, candidates: Sequence[Figure], new: Figure | None
    ) -> Change:
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
            doubts=(*self._doubts((old,), (candidates,)), *self._collapse()),
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
            doubts=self._doubts((old, new), (printed, restated)),
        )

    def _doubts(self, chosen: Sequence[Figure], of: Sequence[Sequence[Figure]]) -> tuple[Doubt, ...]:
        return doubts_of_figures(chosen, of, self._earlier(chosen[-1].measure, chosen[-1].form))

    def _collapse(self) -> tuple[Doubt, ...]:
        return (Doubt.COVERAGE_COLLAPSE,) if self._collapsed else ()

    def _earlier(self, measure: Measure, form: Form) -> Mapping[int, int]:
        known = self._record.series.get((measure, form), {})
        return {edition: value for edition, value in known.items() if edition < self._edition}

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
        figure: Figure,
        direction: Direction | None = None,
        detail: dict[str, object] | None = None,
        doubts: Sequence[Doubt] = (),
    ) -> Change:
        before, after = self._old.document, self._new.document
        measure, form = figure.measure, figure.form
        change = Change(
            id=change_id(kind, after.country, after.edition, measure, form, old, new, self._cause),
            kind=kind,
            cause=self._cause,
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
        return weighed(held(change, doubts), self._earlier(measure, form))


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
