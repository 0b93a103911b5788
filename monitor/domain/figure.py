"""Figures: one number read from a text, as the labelling guideline defines it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What was counted. The first four are the core measures."""

    INVESTIGATIONS = "investigations"
    PROSECUTIONS = "prosecutions"
    CONVICTIONS = "convictions"
    VICTIMS_IDENTIFIED = "victims_identified"
    ARRESTS = "arrests"
    SENTENCES = "sentences"
    VICTIMS_ASSISTED = "victims_assisted"
    INSPECTIONS = "inspections"
    PENALTY_YEARS = "penalty_years"
    FUNDING = "funding"


CORE_MEASURES = (
    Measure.INVESTIGATIONS,
    Measure.PROSECUTIONS,
    Measure.CONVICTIONS,
    Measure.VICTIMS_IDENTIFIED,
)


class Form(StrEnum):
    """The form of trafficking that a number is limited to; ``ALL`` where the text limits it to none."""

    ALL = "all"
    SEX = "sex"
    LABOR = "labor"


# The forms that a number is limited to, where it is limited to one.
LIMITING_FORMS = (Form.SEX, Form.LABOR)


class Unit(StrEnum):
    """What one of the counted things is; ``YEARS`` and ``MONEY`` only for law facts."""

    CASES = "cases"
    PERSONS = "persons"
    YEARS = "years"
    MONEY = "money"


class Relation(StrEnum):
    """The period of a number, seen from the period of the text at hand."""

    CURRENT = "current"
    PREVIOUS = "previous"
    EARLIER = "earlier"
    CUMULATIVE = "cumulative"


class Status(StrEnum):
    """Whether the text gives the number or says that it was not given."""

    REPORTED = "reported"
    UNREPORTED = "unreported"


class Qualifier(StrEnum):
    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"


class Stage(StrEnum):
    NEW = "new"
    CONTINUED = "continued"
    ANY = "any"


class Accused(StrEnum):
    ANY = "any"
    OFFICIALS = "officials"


class Reporter(StrEnum):
    GOVERNMENT = "government"
    OTHER = "other"


class Group(StrEnum):
    """The part of the victims that is counted."""

    ALL = "all"
    WOMEN = "women"
    MEN = "men"
    GIRLS = "girls"
    BOYS = "boys"
    CHILDREN = "children"
    ADULTS = "adults"
    FOREIGN = "foreign"


class Confidence(StrEnum):
    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A substring of a document's text: ``document_text[start:end] == text``, in characters."""

    text: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text) or self.start < 0:
            raise ValueError(f"evidence span {self.start}:{self.end} does not fit its text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a text, or the text's word that there is none.

    ``year`` is the calendar year the text itself names for the number. ``value`` is null exactly
    where ``status`` is unreported. ``maximum`` (years) belongs to ``PENALTY_YEARS``, whose
    ``value`` is the minimum; ``currency`` (ISO 4217) to ``FUNDING``, whose ``value`` is the amount
    in whole units. ``report_edition`` is the TIP Report edition that a news text attributes the
    number to.

    Raises:
        ValueError: value and status contradict each other, or the value is negative.
    """

    country: str | None
    measure: Measure
    value: int | None
    evidence: Evidence
    form: Form = Form.ALL
    unit: Unit = Unit.CASES
    relation: Relation = Relation.CURRENT
    year: int | None = None
    status: Status = Status.REPORTED
    qualifier: Qualifier = Qualifier.EXACT
    stage: Stage = Stage.ANY
    accused: Accused = Accused.ANY
    reporter: Reporter = Reporter.GOVERNMENT
    group: Group = Group.ALL
    confidence: Confidence = Confidence.HIGH
    maximum: int | None = None
    currency: str | None = None
    report_edition: int | None = None

    def __post_init__(self) -> None:
        if (self.value is None) != (self.status is Status.UNREPORTED):
            raise ValueError(f"value {self.value} does not go with status {self.status}")
        if self.value is not None and self.value < 0:
            raise ValueError(f"negative value {self.value}")

    @property
    def is_core(self) -> bool:
        """Whether this is a core figure in the sense of the guideline's score."""
        return (
            self.measure in CORE_MEASURES
            and self.relation in (Relation.CURRENT, Relation.PREVIOUS)
            and self.accused is Accused.ANY
            and self.reporter is Reporter.GOVERNMENT
            and self.group is Group.ALL
        )
