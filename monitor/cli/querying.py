"""Commands that ask the store: countries, figures, tiers, changes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import Format, print_listing, refuse
from monitor.cli.session import configuration, opened_database
from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.domain.figure import Measure

if TYPE_CHECKING:
    from monitor.domain.tier import TierPlacement

FormatOption = Annotated[Format, typer.Option("--format", help="Table for people, json or csv for programs.")]
CountryArgument = Annotated[str, typer.Argument(metavar="ISO3", help="Code of a country, e.g. ARG.")]


_SCREENFUL = 50
_MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]


def register(app: typer.Typer) -> None:
    """Add this module's commands to ``app``."""
    app.command()(countries)
    app.command()(figures)
    app.command()(tiers)
    app.command()(changes)


def known_country(iso3: str) -> str:
    """Return the code in capitals.

    Raises:
        typer.BadParameter: no country has it.
    """
    from monitor.bootstrap import shipped_countries

    code = iso3.strip().upper()
    if code not in shipped_countries():
        refuse(f"no country has the code {iso3!r}; `tip-monitor countries` lists them")
    return code


def countries(output: FormatOption = Format.TABLE) -> None:
    """List the countries of the report with their codes."""
    from monitor.bootstrap import shipped_countries

    rows = [
        {"iso3": country.iso3, "name": country.name, "region": country.region, "names": list(country.names)}
        for country in shipped_countries().values()
    ]
    print_listing(rows, ("iso3", "name", "region"), output, empty="")


def figures(
    context: typer.Context,
    country: CountryArgument,
    edition: Annotated[int | None, typer.Option(help="Only this edition.")] = None,
    measure: Annotated[Measure | None, typer.Option(help="Only this measure.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=_MOMENTS, help="As they were known at this time (UTC); a date: at its end."),
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Show a country's figures with their sentences."""
    from monitor.jobs.interchange import figure_json, instant_json
    from monitor.storage.observations import figures as stored_figures

    code = known_country(country)
    with opened_database(configuration(context)) as database, database.reading() as session:
        observed = stored_figures(
            session, country=code, edition=edition, measure=measure, as_of=_known_by(as_of)
        )
    rows: list[dict[str, object]] = []
    for each in observed:
        row = {"edition": each.edition, **figure_json(each.figure)}
        row |= {
            "source_url": each.url,
            "seen_at": instant_json(each.seen_at),
            "extractor_version": each.extractor_version,
        }
        if output is Format.TABLE:
            row["value"] = "not reported" if each.figure.value is None else each.figure.value
            row["sentence"] = each.figure.evidence.text
        rows.append(row)
    columns = ("edition", "measure", "form", "value", "unit", "relation", "year", "qualifier", "sentence")
    print_listing(rows, columns, output, empty=f"No figures of {code} are stored.")


def _known_by(moment: datetime | None) -> datetime | None:
    """The instant that is meant: a date alone stands for its last moment."""
    if moment is None:
        return None
    is_date = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.replace(tzinfo=UTC) + (timedelta(days=1, microseconds=-1) if is_date else timedelta())


def tiers(
    context: typer.Context,
    country: Annotated[str | None, typer.Argument(metavar="[ISO3]")] = None,
    edition: Annotated[int | None, typer.Option(help="Only this edition.")] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Show tier placements, of one country or of all."""
    from monitor.storage.placements import placements

    code = known_country(country) if country else None
    with opened_database(configuration(context)) as database, database.reading() as session:
        found = placements(session, country=code, edition=edition)
        history = found if edition is None else placements(session, country=code)
    rows = [
        {
            "country": each.country,
            "edition": each.edition,
            "tier": each.tier.value,
            "movement": each.movement.value if each.movement else None,
            "watch_list_years": each.watch_list_years,
            "secondary": each.secondary,
            "watch_list": words,
        }
        for each, words in _with_clocks(found, history)
    ]
    columns = ("country", "edition", "tier", "movement", "watch_list", "secondary")
    print_listing(rows, columns, output, empty="No tier placements are stored.")


def _with_clocks(
    found: Sequence[TierPlacement], history: Iterable[TierPlacement]
) -> Iterator[tuple[TierPlacement, str | None]]:
    """Give each placement with how its country's years on the Watch List stand there, in words."""
    from monitor.bootstrap import tier_rules
    from monitor.comparison.watch_list import clock_words, watch_list_clock

    rules = tier_rules()
    known: dict[str, dict[int, TierPlacement]] = {}
    for each in history:
        known.setdefault(each.country, {})[each.edition] = each
    for each in found:
        clock = watch_list_clock(known[each.country], each.edition, rules, stated=each.watch_list_years)
        yield each, clock_words(clock) if clock else None


def changes(
    context: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option(formats=_MOMENTS, help="Found since (UTC)."),
    ] = None,
    kind: Annotated[list[ChangeKind] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only this country; may be repeated.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=0,
            help=f"At most so many, the newest; 0 for all. Without it {_SCREENFUL} in a table on a terminal, "
            "else all.",
        ),
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """List what changed, newest first."""
    from monitor.jobs.interchange import change_json
    from monitor.storage.changes import changes as stored_changes

    codes = tuple(known_country(each) for each in country or ())
    is_read_by_a_person = output is Format.TABLE and sys.stdout.isatty()
    most = limit if limit is not None else _SCREENFUL if is_read_by_a_person else 0
    with opened_database(configuration(context)) as database, database.reading() as session:
        found = stored_changes(
            session,
            since=since.replace(tzinfo=UTC) if since else None,
            kinds=tuple(kind or ()),
            countries=codes,
            statuses=tuple(ChangeStatus),
            limit=most + 1 if most else None,
        )
    rows = [change_json(change) for change in (found[:most] if most else found)]
    columns = ("id", "kind", "country", "edition", "old", "new", "status", "headline")
    print_listing(rows, columns, output, empty="No changes are stored.")
    if most and len(found) > most and output is Format.TABLE:
        typer.echo(f"The newest {most} are shown; --limit 0 shows all.", err=True)
