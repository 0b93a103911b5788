"""The figure as it grows while a clause is read, before the passage is reconciled."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from monitor.domain.figure import (
    Accused,
    Confidence,
    Evidence,
    Figure,
    Form,
    Group,
    Measure,
    Qualifier,
    Relation,
    Reporter,
    Stage,
    Status,
    Unit,
)


class Draft(Struct, eq=False):
    """One figure in the making.

    ``source`` is the offset of the number it comes from: drafts of one number shared by several
    verbs have the same. ``parent`` is the figure that it splits. ``story`` marks a case told as a
    story, ``weak`` a number that stands only in an article or an ordinal. ``agency``
    and ``police`` say which body counts, ``national`` that only those of one people are counted,
    ``statute`` that a zero is of one law.
    ``when`` is "this" or "last" where the text says so of the year; ``report_edition`` is the edition that
    an article names as where it has the number.
    """

    measure: Measure
    value: int | None
    unit: Unit
    source: int
    start: int
    end: int
    form: Form = Form.ALL
    relation: Relation = Relation.CURRENT
    year: int | None = None
    qualifier: Qualifier = Qualifier.EXACT
    stage: Stage = Stage.ANY
    accused: Accused = Accused.ANY
    reporter: Reporter = Reporter.GOVERNMENT
    group: Group = Group.ALL
    parent: Draft | None = None
    story: bool = False
    weak: bool = False
    low: bool = False
    printed_form: bool = False
    agency: bool = False
    police: bool = False
    national: bool = False
    statute: bool = False
    basis: int = -1
    report_edition: int | None = None
    when: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two drafts the same figure said twice."""
        return (
            self.measure,
            self.form,
            self.relation,
            self.value,
            self.unit,
            self.accused,
            self.reporter,
            self.group,
        )

    def copy(self, **changes: object) -> Draft:
        return replace(self, **changes)

    def figure(self, text: str, country: str | None) -> Figure:
        return Figure(
            country=country,
            measure=self.measure,
            value=self.value,
            evidence=Evidence(text=text[self.start : self.end], start=self.start, end=self.end),
            form=self.form,
            unit=self.unit,
            relation=self.relation,
            year=self.year,
            status=Status.UNREPORTED if self.value is None else Status.REPORTED,
            qualifier=self.qualifier,
            stage=self.stage,
            accused=self.accused,
            reporter=self.reporter,
            group=self.group,
            report_edition=self.report_edition,
            confidence=Confidence.LOW if self.low or self.story or self.weak else Confidence.HIGH,
        )
