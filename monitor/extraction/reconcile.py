"""Decides which drafts of a passage are figures: repeats, stories, agencies, periods.

A figure said twice is one with the more exact fields; a story counts only where its measure has no
other account (rules 7 and 15 of the labelling guideline).
"""

from __future__ import annotations

from collections import Counter, defaultdict

from monitor.domain.figure import Accused, Form, Group, Measure, Relation, Reporter, Stage, Unit
from monitor.extraction.drafts import Draft
from monitor.extraction.frames import VICTIM_MEASURES


def reconcile(drafts: list[Draft], edition: int | None = None, *, news: bool = False) -> list[Draft]:
    """Return the drafts that stand, in the order of the text.

    An ``edition`` of the report, where known, reports on no year before the one ahead of it; ``news``
    are about the latest year that they count.
    """
    if not drafts:
        return []
    _relate_years(drafts, edition, news=news)
    standing = _without_denied_parts(_without_later_parts(_without_agencies(_without_stories(drafts))))
    return _without_repeats(standing)


def _relate_years(drafts: list[Draft], edition: int | None, *, news: bool) -> None:
    """A figure whose printed year lies before the text's own year is of an earlier period."""
    year = _year_of(drafts, news=news)
    if year is None:
        return
    own = _own_years(drafts, year) if news else {}
    if edition is not None and year < edition - 1:
        _relate_to_edition(drafts, edition)
    latest = {d.measure for d in drafts if _plain(d) and d.year in (None, year) and not (d.story or d.weak)}
    beside = _by_sentence(drafts)
    for draft in drafts:
        if draft.year is None or draft.relation is not Relation.CURRENT:
            continue
        if draft.measure not in latest and _compared(draft, beside[draft.start]):
            # The newest that there is: "in 2016, the latest year of which data are known, ..."
            continue
        told = own.get(draft.measure, year)
        if draft.year == told - 1:
            draft.relation = Relation.PREVIOUS
        elif draft.year < told - 1:
            draft.relation = Relation.EARLIER
    nearest: dict[tuple[object, ...], int] = {}
    for draft in drafts:
        if draft.relation is Relation.PREVIOUS and draft.year is not None:
            name = (draft.measure, draft.unit, draft.accused, draft.reporter, draft.group)
            nearest[name] = max(nearest.get(name, 0), draft.year)
    for draft in drafts:
        if draft.relation is Relation.PREVIOUS and draft.year is not None:
            name = (draft.measure, draft.unit, draft.accused, draft.reporter, draft.group)
            if draft.year < nearest[name] and nearest[name] < year:
                draft.relation = Relation.EARLIER


def _relate_to_edition(drafts: list[Draft], edition: int) -> None:
    """Where the report's own year is not named, an older year is the period before.

    "Police opened 12 cases. In 2016, ..." But "in 2016, the latest year of which data are known" stays
    the current one where the text tells of no other.
    """
    told = {d.measure for d in drafts if _plain(d) and d.year is None and not d.story and not d.weak}
    sources = {d.source for d in drafts}
    bases = {d.basis for d in drafts if d.basis != d.source}
    for draft in drafts:
        if draft.year is None or draft.measure not in told or draft.relation is Relation.CUMULATIVE:
            continue
        if draft.source in bases or (draft.basis != draft.source and draft.basis in sources):
            # "... in 2016, compared to 72 in 2015": the newest data that the report has
            continue
        if draft.relation is Relation.CURRENT and draft.year < edition - 1:
            draft.relation = Relation.PREVIOUS if draft.year == edition - 2 else Relation.EARLIER
        elif draft.relation is Relation.PREVIOUS and draft.year < edition - 2:
            draft.relation = Relation.EARLIER


def _by_sentence(drafts: list[Draft]) -> dict[int, list[Draft]]:
    beside: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        beside[draft.start].append(draft)
    return beside


def _compared(draft: Draft, beside: list[Draft]) -> bool:
    """Whether its sentence compares it with a figure of the year before, or of the same year by a slip."""
    return any(
        d.relation is Relation.PREVIOUS
        and d.measure is draft.measure
        and d.year is not None
        and draft.year is not None
        and draft.year - 1 <= d.year <= draft.year
        for d in beside
    )


def _year_of(drafts: list[Draft], *, news: bool) -> int | None:
    """The year that the text reports on: the one its comparisons come after, else its own commonest.

    An article reports on the latest.
    """
    compared = Counter(d.year + 1 for d in drafts if d.year is not None and d.relation is Relation.PREVIOUS)
    current = Counter(d.year for d in drafts if d.year is not None and d.relation is Relation.CURRENT)
    votes = compared + current
    if not votes:
        return None
    if news:
        return max(current or votes)
    best = max(votes.values())
    return max(year for year, count in votes.items() if count == best)


def _own_years(drafts: list[Draft], year: int) -> dict[Measure, int]:
    """The newest year that an article gives each measure, where that is near and nothing is undated."""
    told = [draft for draft in drafts if _plain(draft) and not (draft.story or draft.weak)]
    undated = {draft.measure for draft in told if draft.year is None}
    newest: dict[Measure, int] = {}
    for draft in told:
        if draft.year is not None and draft.measure not in undated:
            newest[draft.measure] = max(draft.year, newest.get(draft.measure, 0))
    return {measure: own for measure, own in newest.items() if own >= year - 1}


def _of_all(draft: Draft) -> bool:
    """Whether it counts everybody, by the government's account."""
    return (
        draft.accused is Accused.ANY
        and draft.reporter is Reporter.GOVERNMENT
        and draft.group is Group.ALL
        and draft.relation in (Relation.CURRENT, Relation.PREVIOUS)
    )


def _plain(draft: Draft) -> bool:
    return draft.relation is Relation.CURRENT and _of_all(draft)


def _without_stories(drafts: list[Draft]) -> list[Draft]:
    told = {d.measure for d in drafts if _plain(d) and not d.story and not d.weak}
    stories = {d.measure for d in drafts if _plain(d) and d.story and not d.weak}
    kept = []
    for draft in drafts:
        if draft.weak and (draft.measure in told or draft.measure in stories):
            continue
        if draft.story and (draft.measure in told or draft.value is None):
            continue
        kept.append(draft)
    return kept


def _without_agencies(drafts: list[Draft]) -> list[Draft]:
    """A split by agency is no figure beside the government's own (rule 13); nor is an agency's silence."""
    totals: dict[tuple[Measure, Form, Relation, Unit], int] = {}
    for d in drafts:
        counts_all = not (d.agency or (d.police and d.measure in VICTIM_MEASURES) or d.story)
        if _of_all(d) and counts_all and d.value and d.stage is not Stage.CONTINUED:
            name = (d.measure, d.form, d.relation, d.unit)
            totals[name] = max(d.value, totals.get(name, 0))
    dropped = {
        d.source
        for d in drafts
        if (d.agency or d.national)
        and d.parent is None
        and d.accused is Accused.ANY
        and d.reporter is Reporter.GOVERNMENT
        and (d.relation is Relation.CURRENT or d.measure in VICTIM_MEASURES)
        and (total := totals.get((d.measure, d.form, d.relation, d.unit))) is not None
        and (d.value or 0) < total
    }
    return [
        d
        for d in drafts
        if d.source not in dropped
        and d.basis not in dropped
        and (d.parent is None or d.parent.source not in dropped)
    ]


def _without_later_parts(drafts: list[Draft]) -> list[Draft]:
    """ "Authorities found three victims in centers", after all 46: of those, unless it is compared."""
    compared = {d.basis for d in drafts if d.basis != d.source}
    totals: list[Draft] = []
    dropped: set[int] = set()
    for d in drafts:
        if d.measure is not Measure.VICTIMS_IDENTIFIED or not _plain(d) or not d.value:
            continue
        after = any(t.form is d.form and t.start < d.start and (t.value or 0) > d.value for t in totals)
        if d.parent is None and after and d.source not in compared:
            dropped.add(d.source)
        elif not (d.police or d.agency):
            totals.append(d)
    return [
        d for d in drafts if d.source not in dropped and (d.parent is None or d.parent.source not in dropped)
    ]


def _without_denied_parts(drafts: list[Draft]) -> list[Draft]:
    """ "One prosecution was initiated, but none under the trafficking law": no zero beside the one."""
    told = {d.measure for d in drafts if d.value and _plain(d) and not (d.story or d.weak)}
    drafts = [d for d in drafts if not (d.statute and d.measure in told and d.relation is Relation.CURRENT)]

    counted: dict[tuple[object, ...], int] = {}
    for d in drafts:
        if d.value and _plain(d):
            name = (d.measure, d.form, d.start)
            counted[name] = min(d.source, counted.get(name, d.source))

    def denied(zero: Draft) -> bool:
        first = counted.get((zero.measure, zero.form, zero.start))
        return (
            zero.value == 0
            and _plain(zero)
            and zero.stage is Stage.ANY
            and first is not None
            and first < zero.source
        )

    return [d for d in drafts if not denied(d)]


def _without_repeats(drafts: list[Draft]) -> list[Draft]:
    by_key: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        known = by_key.get(draft.key)
        if known is None:
            by_key[draft.key] = draft
            continue
        if known.year is None:
            known.year = draft.year
        if known.stage is Stage.ANY:
            known.stage = draft.stage
        if known.reporter is Reporter.OTHER:
            known.reporter = draft.reporter
        if known.report_edition is None:
            known.report_edition = draft.report_edition
    return list(by_key.values())
