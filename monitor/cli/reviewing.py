"""Commands of a person's last word: review, replay, explain."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from monitor.cli.output import Format, fail, print_listing, refuse
from monitor.cli.progress import shown_progress
from monitor.cli.querying import FormatOption
from monitor.cli.session import configuration, opened_database
from monitor.domain.figure import Form, Measure

if TYPE_CHECKING:
    from monitor.domain.change import Change
    from monitor.jobs.replay import Replayed
    from monitor.jobs.review import Reviewer
    from monitor.storage.database import Session

ChangeArgument = Annotated[str, typer.Argument(metavar="CHANGE", help="Id of a change.")]
ReviewerOption = Annotated[
    str | None, typer.Option("--reviewer", help="Who decides; the user's name unless given.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")]
_Answer = TypeVar("_Answer")
_DIGITS = 15
_LISTED = ("id", "kind", "country", "edition", "old", "new", "held", "significance", "headline")


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    review = typer.Typer(help="The changes that wait for a person.", no_args_is_help=True)
    review.command(name="list")(list_held)
    review.command()(show)
    review.command()(approve)
    review.command()(reject)
    review.command()(correct)
    review.command(name="export")(export_)
    review.command(name="import")(import_)
    app.add_typer(review, name="review")
    app.command()(replay)
    app.command()(explain)


def list_held(context: typer.Context, output: FormatOption = Format.TABLE) -> None:
    """List what is held: news first, the most significant on top."""
    from monitor.jobs.interchange import change_json
    from monitor.storage.reviews import held_changes

    with opened_database(configuration(context)) as database, database.reading() as session:
        found = held_changes(session)
    rows = [
        {**change_json(each), "held": _reasons(each), "significance": each.significance} for each in found
    ]
    print_listing(rows, _LISTED, output, empty="Nothing waits for a person.")


def show(context: typer.Context, change: ChangeArgument) -> None:
    """Show one change in full: both sentences, why it is held, what was decided."""
    from monitor.jobs.explain import held_words
    from monitor.jobs.interchange import instant_json
    from monitor.storage.changes import change as stored_change
    from monitor.storage.reviews import reviews_of

    with opened_database(configuration(context)) as database, database.reading() as session:
        found = stored_change(session, change)
        decisions = reviews_of(session, change)
    if found is None:
        fail([f"{change}: no change has this id; `tip-monitor review list` names those held"])
        return
    typer.echo(
        f"{found.headline}\n{found.kind.value}, {found.status.value}, significance {found.significance}"
    )
    if found.detail.get("held"):
        typer.echo(f"held: {held_words(found)}")
    for side, value, sentence, address, snapshot in (
        ("old", found.old, found.evidence_old, found.source_url_old, found.snapshot_old),
        ("new", found.new, found.evidence_new, found.source_url, found.snapshot_new),
    ):
        typer.echo(f"\n{side}: {'not mentioned' if value is None else value}")
        for line in (sentence, address, f"snapshot {snapshot}" if snapshot else None):
            if line:
                typer.echo(f"  {_printable(line)}")
    for each in decisions:
        typer.echo(
            f"\n{each.decision.value} by {_printable(each.reviewer)} "
            f"{instant_json(each.decided_at)}: {_printable(each.reason)}"
        )


def approve(
    context: typer.Context,
    changes: Annotated[list[str], typer.Argument(metavar="CHANGE...", help="Ids of held changes.")],
    reviewer: ReviewerOption = None,
    reason: ReasonOption = "",
) -> None:
    """Let held changes out to digests, feeds and API."""
    from monitor.jobs.review import approve as approve_change

    for change in changes:

        def decide(session: Session, by: Reviewer, change: str = change) -> Change:
            return approve_change(session, change, by)

        approved = _decided(context, reviewer, reason, decide)
        typer.echo(f"{change}: approved, {approved.status.value}")


def reject(
    context: typer.Context,
    change: ChangeArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept, and told with the correction.")],
    reviewer: ReviewerOption = None,
) -> None:
    """Take a change back; whoever was told gets a correction."""
    from monitor.jobs.review import reject as reject_change

    new = _decided(context, reviewer, reason, lambda session, by: reject_change(session, change, by))
    typer.echo(f"{change}: rejected")
    _print_new(new)


def correct(
    context: typer.Context,
    change: ChangeArgument,
    value: Annotated[str, typer.Option(help="A number, unreported, none (no such figure), or a tier.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept, and told with the correction.")],
    edition: Annotated[
        int | None, typer.Option(help="Whose narrative is meant: the change's edition, or the one before.")
    ] = None,
    measure: Annotated[Measure | None, typer.Option(help="Which figure; the change's unless given.")] = None,
    form: Annotated[Form | None, typer.Option(help="Of which form; the change's unless given.")] = None,
    sentence: Annotated[
        str | None, typer.Option(help="The narrative's words that say so; the change's unless given.")
    ] = None,
    reviewer: ReviewerOption = None,
) -> None:
    """Say what a sentence really gives; it holds as long as the sentence stands in the narrative."""
    from monitor.jobs.review import Amendment
    from monitor.jobs.review import correct as correct_change

    amendment = Amendment(_value(value), measure, form, sentence, edition)
    new = _decided(
        context, reviewer, reason, lambda session, by: correct_change(session, change, amendment, by)
    )
    typer.echo(f"{change}: corrected")
    _print_new(new)


def export_(
    context: typer.Context,
    path: Annotated[Path | None, typer.Argument(help="JSON Lines file; else standard output.")] = None,
) -> None:
    """Write every correction in force as JSON Lines."""
    from monitor.jobs.review import export_corrections

    with opened_database(configuration(context)) as database, database.reading() as session:
        lines = list(export_corrections(session))
    text = "".join(f"{line}\n" for line in lines)
    if path is None:
        typer.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        fail([f"{path}: {error.strerror}: give a path that may be written"])
    typer.echo(f"{path}: {len(lines)} corrections")


def import_(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="JSON Lines file of `review export`.")],
    reviewer: ReviewerOption = None,
) -> None:
    """Read corrections from a file and apply them; alerts nobody."""
    from monitor.jobs.review import ReviewRefused, import_corrections, read_corrections

    try:
        made = read_corrections(path.read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        fail([f"{path}: {reason}: give a readable file of `review export`"])
        return
    except ReviewRefused as refused:
        fail([f"{path}, {refused}"])
        return
    count = _decided(context, reviewer, "imported", lambda session, by: import_corrections(session, made, by))
    typer.echo(f"{path}: {count} of {len(made)} corrections are new")


def replay(
    context: typer.Context,
    apply: Annotated[bool, typer.Option("--apply", help="Store the new readings and what follows.")] = False,
    alert: Annotated[
        bool, typer.Option("--alert", help="With --apply: tell subscribers, corrections included.")
    ] = False,
    output: FormatOption = Format.TABLE,
) -> None:
    """Read stored snapshots again with the present parsers and extractor, offline; show what differs."""
    from monitor.bootstrap import tier_rules, utc_now, vocabulary
    from monitor.fetching.sites import read_sites
    from monitor.jobs.replay import Replayer
    from monitor.jobs.replay import replay as replay_texts
    from monitor.settings.files import shipped

    if alert and not apply:
        refuse("--alert tells what --apply stores: give both")
    words = vocabulary()
    with opened_database(configuration(context)) as database, shown_progress() as progress:
        sites = read_sites(shipped("config") / "sites.toml")
        replayer = Replayer(database, words.language, words.countries, sites, tier_rules(), utc_now)
        result = replay_texts(replayer, apply=apply, alert=alert, progress=progress)
    _print_differences(result, output)
    if output is Format.TABLE:
        done = "applied" if apply else "nothing was stored: give --apply to store them"
        typer.echo(
            f"{result.read} of {result.documents} texts were read again, "
            f"{result.recut} of them cut otherwise out of their snapshots; "
            f"{len(result.differences)} values differ, {len(result.changes)} changes; {done}"
        )
    fail(result.failures)


def explain(
    context: typer.Context,
    change: ChangeArgument,
    address: Annotated[str, typer.Argument(help="Mail address.")],
) -> None:
    """Say why an address did or did not get a change."""
    from monitor.bootstrap import shipped_countries, utc_now
    from monitor.jobs.explain import explain as explained

    with opened_database(configuration(context)) as database, database.reading() as session:
        lines = explained(session, change, address, countries=shipped_countries(), now=utc_now())
    if lines is None:
        fail([f"{change}: no change has this id; `tip-monitor changes` lists them"])
        return
    for line in lines:
        typer.echo(_printable(line))


def _decided(
    context: typer.Context,
    reviewer: str | None,
    reason: str,
    decide: Callable[[Session, Reviewer], _Answer],
) -> _Answer:
    """Take a decision in one transaction; what it refuses is one line and exit code 1."""
    from monitor.bootstrap import shipped_countries, tier_rules, utc_now
    from monitor.jobs.review import Reviewer, ReviewRefused

    name = (reviewer or _user()).strip()
    by = Reviewer(name, reason.strip(), utc_now(), shipped_countries(), tier_rules())
    try:
        with opened_database(configuration(context)) as database, database.transaction() as session:
            return decide(session, by)
    except ReviewRefused as refused:
        fail([str(refused)])
        raise


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        refuse("the user has no name here: give --reviewer NAME")


def _value(text: str) -> int | str | None:
    """A number, or a word: what it means depends on the change."""
    cleaned = text.strip().replace(",", "")
    if cleaned.lower() == "none":
        return None
    return int(cleaned) if cleaned.isdecimal() and len(cleaned) <= _DIGITS else cleaned


def _reasons(found: Change) -> str:
    doubts = found.detail.get("held")
    return ",".join(str(doubt) for doubt in doubts) if isinstance(doubts, list) else ""


def _print_new(new: list[Change]) -> None:
    for each in new:
        typer.echo(f"{each.id}: {each.kind.value}, {each.status.value}: {_printable(each.headline)}")


def _print_differences(result: Replayed, output: Format) -> None:
    rows = [
        {
            "country": each.country,
            "edition": each.edition,
            "measure": each.measure.value if each.measure else "tier",
            "form": each.form.value if each.form else None,
            "relation": each.relation.value if each.relation else None,
            "old": each.old,
            "new": each.new,
            "source_url": each.url,
        }
        for each in sorted(
            result.differences, key=lambda each: (each.country or "", each.measure or "", each.edition or 0)
        )
    ]
    columns = ("country", "measure", "form", "relation", "edition", "old", "new")
    print_listing(rows, columns, output, empty="No value differs.")


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)
