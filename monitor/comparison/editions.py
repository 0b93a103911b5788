"""Compares a country's narrative with the one of the edition before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from monitor.comparison.bounds import sure_direction
from monitor.comparison.derived import conviction_rate, total_of_parts
from monitor.comparison.doubt import doubts_of_figures, held, is_collapse, rivals_of
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
from monitor.domain.figure import (
    CORE_MEASURES,
    LIMITING_FORMS,
    Figure,
    Form,
    Measure,
    Qualifier,
    Relation,
    Status,
)
from monitor.domain.review import Doubt

_Sides = Mapping[Form, Sequence[Figure]]
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
        before = {form: self._of_the_year_before(measure, form, new[form], old[form]) for form in Form}
        yield from self._restated(measure, old, before)

    def _compared(self, measure: Measure, old: _Sides, new: _Sides) -> Iterator[Change]:
        total = comparable_pair(old[Form.ALL], new[Form.ALL], self._is_later)
        if total:
            yield from self._differing(*total, sides=(old, new))
            return
        had, has = _numbers(old), _numbers(new)
        totals = [figure for figure in (*had, *has) if figure.form is Form.ALL]
        if had and has and totals:
            # One edition prints a total and the other only forms: what both print by form compares.
            for form in LIMITING_FORMS:
                if pair := comparable_pair(old[form], new[form], self._is_later):
                    yield from self._differing(*pair, sides=(old, new))
            return
        for form in (Form.ALL,) if totals else LIMITING_FORMS:
            if pair := comparable_pair(old[form], new[form], self._is_later):
                yield from self._differing(*pair, sides=(old, new))
            elif (appeared := _reported(new[form])) and not _reported(old[form]):
                yield self._appeared(appeared, new[form], _silence(old, form))
            elif (vanished := _reported(old[form])) and not _reported(new[form]):
                yield self._vanished(measure, vanished, old[form], _silence(new, form))

    def _is_later(self, old: Figure, new: Figure) -> bool:
        """Whether ``new`` is of a later period than ``old``, as far as the texts name years."""
        if new.year is None:
            return True
        return new.year > (self._edition - 2 if old.year is None else old.year)

    def _of_the_year_before(
        self, measure: Measure, form: Form, current: Sequence[Figure], printed: Sequence[Figure]
    ) -> tuple[Figure, ...]:
        """What the new narrative gives for the period of the old one."""
        years = {figure.year for figure in printed if figure.year is not None} or {self._edition - 2}
        previous = self._candidates(self._new, measure, form, Relation.PREVIOUS)
        return (
            *(figure for figure in previous if figure.year is None or figure.year in years),
            *(figure for figure in current if figure.year in years),
        )

    def _differing(self, old: Figure, new: Figure, sides: tuple[_Sides, _Sides]) -> Iterator[Change]:
        if old.value == new.value:
            # The same number again, but the text gives another one too: which holds is for a person.
            rivals = [(old, each) for each in rivals_of(new, sides[1][new.form])]
            rivals += [(each, new) for each in rivals_of(old, sides[0][old.form])]
            if not rivals:
                return
            old, new = rivals[0]
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
        way = sure_direction(old, new)
        yield self._change(
            ChangeKind.FIGURE_CHANGED,
            headline=f"{self._name}: {figure_words(new)} {period(new, self._edition)}, "
            f"{difference(old, way)}",
            figure=new,
            old=old.value,
            new=new.value,
            direction=way,
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
        words = measure_words(new.measure, new.form)
        before = f"had not reported {words}" if old else f"said nothing of {words}"
        return self._change(
            ChangeKind.FIGURE_APPEARED,
            headline=f"{self._name}: {figure_words(new)} {period(new, self._edition)}, "
            f"where the {self._edition - 1} report {before}",
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
        after = f"says that {words} were not reported" if new else f"says nothing of {words}"
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

    def _restated(self, measure: Measure, printed: _Sides, restated: _Sides) -> Iterator[Change]:
        """What both give for one period: the total where both print one and it differs, else by form."""
        total = _same_count(printed[Form.ALL], restated[Form.ALL])
        pairs = [total] if total else []
        if not total or total[0].value == total[1].value:
            pairs = [pair for form in LIMITING_FORMS if (pair := _same_count(printed[form], restated[form]))]
        for old, new in pairs:
            if old.value == new.value:
                continue
            detail: dict[str, object] = {}
            if new.form is Form.ALL:
                detail["split"] = {"old": _split(printed), "new": _split(restated)}
            yield self._change(
                ChangeKind.FIGURE_RESTATED,
                headline=f"{self._name}: the {self._edition} report puts the year before at "
                f"{counted(measure, new.form, new.value or 0)}; "
                f"the {self._edition - 1} report had printed {counted(measure, old.form, old.value or 0)}",
                figure=new,
                old=old.value,
                new=new.value,
                direction=direction_of(old.value or 0, new.value or 0),
                evidence_old=old.evidence.text,
                evidence_new=new.evidence.text,
                detail=detail,
                doubts=self._doubts((old, new), (printed[old.form], restated[new.form])),
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


def _numbers(sides: _Sides) -> list[Figure]:
    """The numbers that stand for a measure: the total, or else its parts."""
    total = _reported(sides[Form.ALL])
    return [total] if total else [figure for form in LIMITING_FORMS if (figure := _reported(sides[form]))]


def _reported(found: Sequence[Figure]) -> Figure | None:
    return next((figure for figure in found if figure.status is Status.REPORTED), None)


def _silence(sides: _Sides, form: Form) -> Figure | None:
    """The text's word that the number is unreported, for the form or for all forms at once."""
    return next(iter((*sides[form], *sides[Form.ALL])), None)


def _split(sides: _Sides) -> dict[str, int]:
    return {
        form.value: figure.value
        for form in LIMITING_FORMS
        if (figure := _reported(sides[form])) and figure.value is not None
    }


def _same_count(printed: Sequence[Figure], restated: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """The best figures of the same unit and stage that are exact and alone of their kind on their side.

    So a difference between them is the report's own.
    """
    for old in filter(partial(_is_sure, among=printed), printed):
        for new in filter(partial(_is_sure, among=restated), restated):
            if (old.unit, old.stage) == (new.unit, new.stage):
                return old, new
    return None


def _is_sure(figure: Figure, among: Sequence[Figure]) -> bool:
    alike = [other for other in among if (other.unit, other.stage) == (figure.unit, figure.stage)]
    return figure.status is Status.REPORTED and figure.qualifier is Qualifier.EXACT and len(alike) == 1
