"""Decides which figure each number of a comparison is compared with.

Numbers that print a measure or a unit find the figure of that measure or unit; bare ones are dealt
out in order, or go to the one figure that stands before (rules 4, 16 and 18 of the labelling guideline).
"""

# ruff: noqa: PLR0912 - a grammar is a list of cases, each with its way out

from __future__ import annotations

from monitor.domain.figure import (
    LIMITING_FORMS,
    Accused,
    Form,
    Group,
    Measure,
    Qualifier,
    Relation,
    Reporter,
    Stage,
    Unit,
)
from monitor.extraction.comparisons import Comparison, Item
from monitor.extraction.drafts import Draft
from monitor.extraction.lexicon import Noun


def deal(
    comparison: Comparison, roots: list[Draft], parts: list[Draft], span: tuple[int, int]
) -> list[Draft]:
    """Return the drafts of a comparison, given the figures it may be compared with.

    Args:
        roots: the figures before it that split no other, in order; may be empty.
        parts: the figures before it that do.
        span: the evidence of all of them.
    """
    made: list[Draft] = []
    whole = wholes(roots)
    parts, roots = [*parts, *roots[len(whole) :]], whole
    _take_respective_parts(comparison, parts)
    groups: dict[int, list[Item]] = {}
    for item in comparison.items:
        groups.setdefault(item.group, []).append(item)
    years = sorted(
        {item.year for item in comparison.items if item.year is not None and not item.current}, reverse=True
    )
    for number, items in enumerate(groups.values()):
        # "Dropped from 50 investigations to 16": the first number says what both count.
        anchors = roots or made[:1]
        dealt = _deal_group(items, anchors, parts, respectively=comparison.respectively)
        for item, template, measure in dealt:
            relation = Relation.PREVIOUS if number == 0 else Relation.EARLIER
            if item.year is not None and len(years) > 1:
                relation = Relation.PREVIOUS if item.year == years[0] else Relation.EARLIER
            if item.current:
                relation = Relation.CURRENT
            head = _draft(item, template, measure, relation, span)
            made.append(head)
            made += _parts(item, head, parts, span)
    return made


def _split_by_form(nearest: Draft, roots: list[Draft]) -> bool:
    alike = {root.form for root in roots if root.measure is nearest.measure}
    return alike == {Form.SEX, Form.LABOR}


def _take_respective_parts(comparison: Comparison, parts: list[Draft]) -> None:
    """ "12 suspects, ten for sex and two for labor (nine in 2016, eight and one, respectively)"."""
    if not comparison.items:
        return
    head, *rest = comparison.items
    if not comparison.respectively or not head.dated or len(rest) < 2 or len(rest) != len(parts):
        return
    bare = all(
        item.np.bare and item.np.form is None and not item.dated and not item.measures for item in rest
    )
    if bare and sum(item.np.value or 0 for item in rest) <= (head.np.value or 0):
        head.parts, comparison.items = rest, [head]


def _deal_group(
    items: list[Item], roots: list[Draft], parts: list[Draft], *, respectively: bool
) -> list[tuple[Item, Draft | None, Measure]]:
    dealt: list[tuple[Item, Draft | None, Measure]] = []
    bare = [
        item
        for item in items
        if not item.measures and item.printed_unit is None and item.np.form is None and item.np.group is None
    ]
    alone = {id(item) for item in bare}
    # "34 cases, 25 defendants, and nine convictions": the defendants are not those convicted
    claimed = {measure for item in items for measure in item.measures}
    free = [root for root in roots if root.measure not in claimed] or roots
    for item in items:
        if id(item) in alone:
            continue
        if item.measures:
            dealt += [(item, _by_measure(item, measure, roots), measure) for measure in item.measures]
        elif roots:
            nearest = _by_unit(item, items, free, parts)
            if len(items) == 1 and item.np.form is None and _split_by_form(nearest, roots):
                # "convicted three sex traffickers and two labor traffickers, compared with seven traffickers"
                nearest = nearest.copy(form=Form.ALL)
            # "identified and assisted 137 victims, compared to 144 victims": the same number of both
            shared = [root for root in roots if root.source == nearest.source and root.unit is nearest.unit]
            dealt += [(item, root, root.measure) for root in (shared if nearest in shared else [nearest])]
    if not bare or not roots:
        if bare and dealt:
            _, template, measure = dealt[0]
            dealt += [(item, template, measure) for item in bare]
        return dealt
    last = roots[-1].source
    shared = [root for root in roots if root.source == last]
    sources = list(dict.fromkeys(root.source for root in roots))
    targets: list[list[Draft]]
    if len(bare) == 1:
        targets = [roots if bare[0].np.value == 0 and not items[1:] else shared]
    elif len(sources) >= len(bare) and not (respectively and len(parts) == len(bare)):
        targets = [[root for root in roots if root.source == source] for source in sources[-len(bare) :]]
    elif len(shared) == len(bare):
        targets = [[root] for root in shared]
    elif len(parts) == len(bare):
        targets = [[part] for part in parts]
    elif len(parts) > len(bare) and respectively:
        targets = [[part] for part in parts[-len(bare) :]]
    else:
        return dealt
    for item, group in zip(bare, targets, strict=True):
        dealt += [(item, template, template.measure) for template in group]
    return dealt


def wholes(roots: list[Draft]) -> list[Draft]:
    """ "Convicted 11 traffickers, eight for labor and three for sex trafficking, compared with nine"."""
    for at, root in enumerate(roots):
        parts = roots[at + 1 :]
        if root.form is not Form.ALL or len(parts) < 2:
            continue
        split = all(
            part.measure is root.measure and part.unit is root.unit and part.form is not Form.ALL
            for part in parts
        )
        if split and sum(part.value or 0 for part in parts) <= (root.value or 0):
            return roots[: at + 1]
    return roots


def _by_measure(item: Item, measure: Measure, roots: list[Draft]) -> Draft | None:
    same = [root for root in roots if root.measure is measure]
    if item.np.form in LIMITING_FORMS:
        same = [root for root in same if root.form is item.np.form] or same
    if item.printed_unit is not None:
        same = [root for root in same if root.unit is item.printed_unit] or same
    if item.np.stage is None:
        same = [root for root in same if root.stage is not Stage.CONTINUED] or same
    if item.np.noun is Noun.MEASURE and not item.np.persons:
        same = [root for root in same if root.unit is Unit.CASES] or same
    if item.np.form is None and same and same[-1].form is not Form.ALL:
        same = [root for root in same if root.form is Form.ALL] or same
    if item.np.form is None and len({root.form for root in same}) > 1:
        return same[-1].copy(form=Form.ALL)
    return same[-1] if same else None


def _by_unit(item: Item, items: list[Item], roots: list[Draft], parts: list[Draft]) -> Draft:
    if item.np.group is not None:
        for draft in reversed([*roots, *parts]):
            if draft.group is item.np.group:
                return draft
    if item.np.form in LIMITING_FORMS:
        for draft in reversed([*parts, *roots]):
            if draft.form is item.np.form:
                return draft
    unit = item.printed_unit
    fitting = [root for root in roots if root.unit is unit]
    rivals = [other for other in items if other.printed_unit is unit and not other.measures]
    if len(fitting) > 1 and len(rivals) > 1:
        at = rivals.index(item)
        tail = fitting[-len(rivals) :]
        if at < len(tail):
            return tail[at]
    return fitting[-1] if fitting else roots[-1]


def _draft(
    item: Item, template: Draft | None, measure: Measure, relation: Relation, span: tuple[int, int]
) -> Draft:
    np = item.np
    split_by_both = {Form.SEX, Form.LABOR} <= {part.np.form for part in item.parts}
    if np.form is None and (np.total or split_by_both):
        np.form = Form.ALL
    unit = item.printed_unit or (template.unit if template is not None else Unit.CASES)
    if template is not None and template.measure in (Measure.VICTIMS_IDENTIFIED, Measure.VICTIMS_ASSISTED):
        unit = Unit.PERSONS
    return Draft(
        measure,
        np.value,
        unit,
        item.start,
        *span,
        form=np.form or (template.form if template is not None else Form.ALL),
        relation=relation,
        year=item.year,
        qualifier=np.qualifier or Qualifier.EXACT,
        stage=np.stage or item.stage or (template.stage if template is not None else Stage.ANY),
        accused=Accused.OFFICIALS
        if np.officials
        else (template.accused if template is not None else Accused.ANY),
        reporter=Reporter.OTHER
        if item.other
        else (template.reporter if template is not None else Reporter.GOVERNMENT),
        group=np.group or (Group.ALL if template is None or np.noun is Noun.VICTIM else template.group),
        story=template.story if template is not None else False,
        basis=template.source if template is not None else -1,
        printed_form=np.form is not None,
    )


def _parts(item: Item, head: Draft, parts: list[Draft], span: tuple[int, int]) -> list[Draft]:
    """The split of a compared value: by its own forms, else in the order of the current split."""
    made = []
    plain = [part for part in item.parts if part.np.form is None and part.np.group is None]
    for part in item.parts:
        form, group = part.np.form, part.np.group or part.np.exploited
        if form is None and group is None:
            if len(plain) != len(item.parts) or len(parts) < len(plain):
                continue
            pattern = parts[-len(plain) :][plain.index(part)]
            form, group = pattern.form, pattern.group
        elif form is Form.ALL and group is None:
            continue
        draft = _draft(part, head, head.measure, head.relation, span)
        draft.form = form or head.form
        draft.group = group or Group.ALL
        draft.year = part.year if part.dated else head.year
        draft.unit = head.unit
        draft.parent = head
        made.append(draft)
    return made
