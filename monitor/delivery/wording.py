"""Decides the words in which a change is told, the same in mail, feed and page.

Absent, unreported and zero read differently everywhere: "not mentioned", "not reported", "0".
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.comparison.claims import ClaimRelation
from monitor.comparison.wording import measure_words, tier_direction
from monitor.delivery.plain_text import one_line
from monitor.domain.change import UNREPORTED, Change, ChangeKind, Direction
from monitor.domain.figure import LIMITING_FORMS, Form, Qualifier
from monitor.domain.tier import Tier

_KINDS = {
    ChangeKind.EDITION_PUBLISHED: "New edition",
    ChangeKind.TIER_CHANGED: "Tier changed",
    ChangeKind.FIGURE_CHANGED: "Figure changed",
    ChangeKind.FIGURE_APPEARED: "Figure appeared",
    ChangeKind.FIGURE_VANISHED: "Figure gone",
    ChangeKind.FIGURE_RESTATED: "Figure restated",
    ChangeKind.NARRATIVE_REVISED: "Narrative revised",
    ChangeKind.CLAIM_MADE: "News claim",
    ChangeKind.CORRECTION: "Correction",
}
REGIONS = {
    "AF": "Africa",
    "EAP": "East Asia and the Pacific",
    "EUR": "Europe and Eurasia",
    "NEA": "the Near East and North Africa",
    "SCA": "South and Central Asia",
    "WHA": "the Western Hemisphere",
}
"""The report's own regions, by their codes, as they read after "in"."""
_RELATIONS = {
    ClaimRelation.AGREES: "Agrees with the official number",
    ClaimRelation.DIFFERS: "Differs from the official number",
    ClaimRelation.NEWER: "Newer than the official numbers",
    ClaimRelation.NO_OFFICIAL: "No official number to compare with",
}
_QUALIFIERS = {
    Qualifier.EXACT: "",
    Qualifier.AT_LEAST: "at least ",
    Qualifier.AT_MOST: "up to ",
    Qualifier.ABOUT: "about ",
}
_TIERS = {tier.value: tier for tier in Tier}


def kind_words(kind: ChangeKind) -> str:
    """Return the label of a kind: ``Tier changed``."""
    return _KINDS[kind]


def region_words(region: str) -> str:
    """Return the name of one of the report's six regions; a code that is none of them stays as it is."""
    return REGIONS.get(region, region)


def value_words(value: int | str | None, kind: ChangeKind, qualifier: Qualifier | str | None = None) -> str:
    """Return a change's old or new value in words.

    ``Tier 2 Watch List``, ``1,234``, ``at least 9``, ``0``; ``not reported`` where the text says that
    there is no number, ``not mentioned`` where it is silent. An edition's year stays as it is.
    """
    if value is None:
        return "not mentioned"
    if value == UNREPORTED:
        return "not reported"
    if isinstance(value, int):
        return f"{_qualified(qualifier)}{value:,}"
    if kind is not ChangeKind.EDITION_PUBLISHED and value in _TIERS:
        return _TIERS[value].label
    return one_line(value)


def is_silent(value: int | str | None) -> bool:
    """Whether a value is no value: absent, or said to be unreported."""
    return value is None or value == UNREPORTED


def old_words(change: Change) -> str:
    """Return the old side in words; of a claim that is the official number, which may be none."""
    if change.kind is ChangeKind.CLAIM_MADE and change.old is None:
        return "no official number"
    return value_words(change.old, change.kind, _text(change.detail, "qualifier_old"))


def new_words(change: Change) -> str:
    """Return the new side in words."""
    return value_words(change.new, change.kind, _text(change.detail, "qualifier_new"))


def has_sides(change: Change) -> bool:
    """Whether old and new are worth setting side by side; an edition or a reworded page has none."""
    return change.kind is not ChangeKind.EDITION_PUBLISHED and (change.old, change.new) != (None, None)


def side_names(change: Change) -> tuple[str, str]:
    """Return what the old and the new side are: the captions of their values and sentences."""
    edition = change.edition
    if change.kind is ChangeKind.CLAIM_MADE:
        return (f"Official, {edition} report" if edition else "Official"), "News article"
    if change.kind is ChangeKind.NARRATIVE_REVISED:
        return "First published", "Now"
    if change.kind is ChangeKind.CORRECTION:
        return "As told before", "Corrected"
    if edition is None:
        return "Before", "Now"
    if change.kind is ChangeKind.FIGURE_RESTATED:
        return f"Printed in the {edition - 1} report", f"Restated in the {edition} report"
    return f"{edition - 1} report", f"{edition} report"


def is_transition(change: Change) -> bool:
    """Whether old became new; a claim only stands beside the official number."""
    return change.kind is not ChangeKind.CLAIM_MADE


def source_names(change: Change) -> tuple[str, str]:
    """Return what to call the old and the new side's page."""
    if change.kind is ChangeKind.CLAIM_MADE:
        return side_names(change)
    if change.edition is None:
        return "Earlier page", "Page"
    before = change.edition if change.kind is ChangeKind.NARRATIVE_REVISED else change.edition - 1
    return f"{before} report", f"{change.edition} report"


def subject_words(change: Change) -> str | None:
    """Return what the values count, ``sex trafficking convictions``; None where nothing is counted."""
    return measure_words(change.measure, change.form or Form.ALL) if change.measure else None


def way_words(change: Change) -> str | None:
    """Return ``upgraded``, ``downgraded``, ``up`` or ``down``; None where there is no way.

    A tier's way comes from the tiers themselves; to and from Special Case, which is no rank, there
    is none. A claim and a restatement have none either: nothing went anywhere.
    """
    old, new = _tier(change.old), _tier(change.new)
    if old and new:
        return {Direction.UP: "upgraded", Direction.DOWN: "downgraded", None: None}[tier_direction(old, new)]
    if change.direction is None or change.kind in (ChangeKind.CLAIM_MADE, ChangeKind.FIGURE_RESTATED):
        return None
    return change.direction.value


def relation_words(change: Change) -> str | None:
    """Return how a claim stands to the official number; None of any other kind."""
    relation = _text(change.detail, "relation")
    if change.kind is not ChangeKind.CLAIM_MADE or relation not in set(ClaimRelation):
        return None
    return _RELATIONS[ClaimRelation(relation)]


def split_words(change: Change) -> tuple[str | None, str | None]:
    """Return the split by form of the old and the new total: ``15 sex trafficking, 2 labor trafficking``."""
    split = change.detail.get("split")
    if not isinstance(split, Mapping):
        return None, None
    return _parts(split.get("old")), _parts(split.get("new"))


def revision_words(change: Change) -> str | None:
    """Return ``2 sentences removed, 1 added``; None of a change that is no revision of a page."""
    sentences = change.detail.get("sentences")
    if not isinstance(sentences, Mapping):
        return None
    removed, added = (len(sentences.get(side, ())) for side in ("removed", "added"))
    return f"{removed} sentence{'' if removed == 1 else 's'} removed, {added} added"


def headline_under(change: Change, country_name: str) -> str:
    """Return the headline as it reads below a heading that already names the country."""
    headline = one_line(change.headline)
    rest = headline.removeprefix(f"{country_name}: ")
    return rest[:1].upper() + rest[1:]


def explanation(change: Change) -> str:
    """Return one sentence that says what this kind of change means, and what it does not."""
    fixed = _FIXED_EXPLANATIONS.get(change.kind)
    return fixed if fixed is not None else _EXPLANATIONS[change.kind](change)


def _tier_explanation(change: Change) -> str:
    clock = change.detail.get("clock")
    if isinstance(clock, Mapping) and isinstance(words := clock.get("words"), str):
        return f"{words[:1].upper()}{words[1:]} (22 U.S.C. 7107(b)(2))."
    if change.detail.get("secondary"):
        return "The placement before comes from a secondary list; the report's own page was not read."
    years = change.detail.get("watch_list_years")
    if _tier(change.new) is Tier.TWO_WATCH_LIST and isinstance(years, int) and years > 1:
        return f"The report counts {years} consecutive years on the Watch List."
    if Tier.SPECIAL_CASE in (_tier(change.old), _tier(change.new)):
        return "A Special Case is outside the tiers, so this is neither an upgrade nor a downgrade."
    return "Tier 1 is the best placement, Tier 3 the worst; the Watch List lies between Tier 2 and Tier 3."


def _figure_explanation(change: Change) -> str:
    if "unit_old" in change.detail:
        return "One edition counts cases and the other persons, so the two numbers compare only roughly."
    if change.form in LIMITING_FORMS:
        return f"Only {change.form} trafficking is compared, since the two editions share no total."
    return "Each edition's number is for its own reporting period."


def _claim_explanation(change: Change) -> str:
    match _text(change.detail, "relation"):
        case ClaimRelation.AGREES:
            return "A news article states this; the report gives the same for the same period."
        case ClaimRelation.DIFFERS:
            return "A news article states this; the report gives another number for the same period."
        case ClaimRelation.NEWER:
            return "A news article states this for a time that no edition of the report covers yet."
        case _:
            return "A news article states this; the report has no number to set it against."


def _appearance_explanation(change: Change) -> str:
    before = (
        "said that this number was not reported"
        if change.old == UNREPORTED
        else "did not mention this number"
    )
    return f"The edition before {before}; that did not mean zero."


def _vanishing_explanation(change: Change) -> str:
    now = (
        "says that the number was not reported" if change.new == UNREPORTED else "does not mention the number"
    )
    return f"This edition {now}; that does not mean zero."


def _restatement_explanation(change: Change) -> str:
    return (
        f"The report now gives {new_words(change)} for a year for which it had printed {old_words(change)}:"
        " the same year counted anew, not a change from one year to the next."
    )


_FIXED_EXPLANATIONS = {
    ChangeKind.EDITION_PUBLISHED: "A new edition is out; its figures mostly cover the year before it.",
    ChangeKind.NARRATIVE_REVISED: "The page of a published edition was edited after it was first read.",
    ChangeKind.CORRECTION: "What you were told before was wrong; this replaces it.",
}
_EXPLANATIONS = {
    ChangeKind.TIER_CHANGED: _tier_explanation,
    ChangeKind.FIGURE_CHANGED: _figure_explanation,
    ChangeKind.FIGURE_APPEARED: _appearance_explanation,
    ChangeKind.FIGURE_VANISHED: _vanishing_explanation,
    ChangeKind.FIGURE_RESTATED: _restatement_explanation,
    ChangeKind.CLAIM_MADE: _claim_explanation,
}


def _parts(side: object) -> str | None:
    if not isinstance(side, Mapping):
        return None
    parts = [
        f"{side[form]:,} {form} trafficking" for form in LIMITING_FORMS if isinstance(side.get(form), int)
    ]
    return ", ".join(parts) or None


def _tier(value: int | str | None) -> Tier | None:
    return _TIERS.get(value) if isinstance(value, str) else None


def _qualified(qualifier: Qualifier | str | None) -> str:
    return _QUALIFIERS[Qualifier(qualifier)] if qualifier in set(Qualifier) else ""


def _text(detail: Mapping[str, object], key: str) -> str | None:
    value = detail.get(key)
    return value if isinstance(value, str) else None
