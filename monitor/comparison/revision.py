"""Compares a page with its own earlier text: the same edition, revised in place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.comparison.bounds import sure_direction
from monitor.comparison.doubt import doubts_of_figures, held, is_collapse, is_implausible
from monitor.comparison.headline import candidates, headline_figure
from monitor.comparison.significance import weighed
from monitor.comparison.state import ReadDocument
from monitor.comparison.wording import measure_words, quantity, tier_direction, tier_words
from monitor.domain.change import UNREPORTED, Cause, Change, ChangeKind, ChangeStatus, change_id
from monitor.domain.figure import CORE_MEASURES, Figure, Form, Measure, Relation
from monitor.domain.review import Doubt

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_SPACE = re.compile(r"\s+")
_MOST_SENTENCES = 40


def same_words(old: str, new: str) -> bool:
    """Whether two texts differ in white space at most, which is no change."""
    return _SPACE.sub(" ", old).strip() == _SPACE.sub(" ", new).strip()


def compare_revision(
    old: ReadDocument,
    new: ReadDocument,
    *,
    country_name: str,
    now: datetime,
    status: ChangeStatus,
    restores: int | None = None,
    doubts: Sequence[Doubt] = (),
) -> Change | None:
    """Return what the revision of a narrative changed, or None where no word did.

    ``restores`` is the earlier revision whose very text is back (A, B, A), which the headline says.

    ``detail`` holds ``sentences`` ``{"removed": [...], "added": [...]}``, at most 40 of each, and
    ``figures`` ``[{"measure", "form", "old", "new"}]``, those the revision moved, and ``revision``.
    ``old`` and ``new``, and the sentences that give them, are set where it moved exactly one figure
    (with its ``measure`` and ``form``) or the tier; else the sentences are the first that differ.
    It comes back held for ``doubts``, for conflicting, unsure or implausible figures it moved to, and
    where its figures vanished at once.
    """
    before, after = old.document, new.document
    if same_words(before.text, after.text):
        return None
    removed, added = _sentence_difference(before.text, after.text)
    moved = _moved_figures(old, new)
    detail: dict[str, object] = {
        "sentences": {"removed": removed[:_MOST_SENTENCES], "added": added[:_MOST_SENTENCES]},
        "figures": [
            {
                "measure": each.measure.value,
                "form": each.form.value,
                "old": _value(each.old),
                "new": _value(each.new),
            }
            for each in moved
        ],
        "revision": new.revision,
    }
    if restores is not None:
        detail["restores"] = restores
    tier_old, tier_new = old.reading.tier, new.reading.tier
    tier_moved = tier_old is not None and tier_new is not None and tier_old.value is not tier_new.value
    values: tuple[int | str | None, int | str | None] = (None, None)
    sentences = (removed[0] if removed else None, added[0] if added else None)
    direction, measure, form = None, None, None
    if tier_moved and tier_old and tier_new:
        values = (tier_old.value.value, tier_new.value.value)
        sentences = (tier_old.evidence.text, tier_new.evidence.text)
        direction = tier_direction(tier_old.value, tier_new.value)
        what = f"now {tier_words(tier_old.value, tier_new.value)}"
    elif len(moved) == 1:
        measure, form = moved[0].measure, moved[0].form
        values = (_value(moved[0].old), _value(moved[0].new))
        sentences = (_sentence(moved[0].old, sentences[0]), _sentence(moved[0].new, sentences[1]))
        if isinstance(values[0], int) and isinstance(values[1], int) and moved[0].old and moved[0].new:
            direction = sure_direction(moved[0].old, moved[0].new)
        what = f"{measure_words(measure, form)} now {_told(moved[0].new)}, first {_told(moved[0].old)}"
    elif moved:
        what = f"{len(moved)} figures changed"
    else:
        what = "the wording changed, no figure did"
    verb = "changed back to an earlier text" if restores is not None else "revised"
    collapsed = is_collapse(old.reading.figures, new.reading.figures)
    change = Change(
        id=change_id(
            ChangeKind.NARRATIVE_REVISED,
            after.country,
            after.edition,
            before.text_sha256,
            after.text_sha256,
            new.revision,
        ),
        kind=ChangeKind.NARRATIVE_REVISED,
        cause=Cause.SOURCE_REVISED,
        country=after.country,
        edition=after.edition,
        headline=f"{country_name}: the {after.edition} narrative was {verb}: {what}",
        created_at=now,
        old=values[0],
        new=values[1],
        measure=measure,
        form=form,
        direction=direction,
        status=status,
        source_url=after.url,
        source_url_old=before.url,
        evidence_old=sentences[0],
        evidence_new=sentences[1],
        snapshot_old=before.snapshot_sha256,
        snapshot_new=after.snapshot_sha256,
        detail=detail,
    )
    found = [*doubts, *_doubts_of(moved, new), *((Doubt.COVERAGE_COLLAPSE,) if collapsed else ())]
    return weighed(held(change, found))


@dataclass(frozen=True, slots=True)
class _Moved:
    """A headline figure that the revision moved."""

    measure: Measure
    form: Form
    old: Figure | None
    new: Figure | None


def _doubts_of(moved: Sequence[_Moved], new: ReadDocument) -> tuple[Doubt, ...]:
    found: list[Doubt] = []
    for each in moved:
        possible = candidates(new.reading.figures, each.measure, each.form, Relation.CURRENT)
        found += doubts_of_figures(possible[:1], (possible,) if possible else (), {})
        before, after = _value(each.old), _value(each.new)
        if isinstance(before, int) and isinstance(after, int) and is_implausible(before, after, {}):
            found.append(Doubt.IMPLAUSIBLE_JUMP)
    return tuple(found)


def _sentence_difference(old: str, new: str) -> tuple[list[str], list[str]]:
    before, after = _sentences(old), _sentences(new)
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    removed: list[str] = []
    added: list[str] = []
    for tag, a_start, a_end, b_start, b_end in matcher.get_opcodes():
        if tag != "equal":
            removed += before[a_start:a_end]
            added += after[b_start:b_end]
    return removed, added


def _sentences(text: str) -> list[str]:
    return [" ".join(part.split()) for part in _SENTENCE_END.split(text) if part.strip()]


def moved_by(revision: Change) -> frozenset[Measure | None]:
    """Return the measures whose headline figures a revision moved, None among them for the tier."""
    figures = revision.detail.get("figures")
    moved = [Measure(each["measure"]) for each in figures] if isinstance(figures, list) else []
    tier_moved = revision.measure is None and revision.old is not None and revision.new is not None
    return frozenset([*moved, *((None,) if tier_moved else ())])


def _moved_figures(old: ReadDocument, new: ReadDocument) -> list[_Moved]:
    pairs = [
        _Moved(
            measure,
            form,
            headline_figure(old.reading.figures, measure, form),
            headline_figure(new.reading.figures, measure, form),
        )
        for measure in CORE_MEASURES
        for form in Form
    ]
    return [each for each in pairs if _value(each.old) != _value(each.new)]


def _sentence(figure: Figure | None, otherwise: str | None) -> str | None:
    return figure.evidence.text if figure else otherwise


def _value(figure: Figure | None) -> int | str | None:
    if figure is None:
        return None
    return UNREPORTED if figure.value is None else figure.value


def _told(figure: Figure | None) -> str:
    if figure is None:
        return "not mentioned"
    return "not reported" if figure.value is None else quantity(figure)
