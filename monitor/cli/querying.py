"""Commands that ask the store: countries, figures, tiers, changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from monitor.cli.output import Format, print_listing, refuse
from monitor.cli.session import configuration, opened_database
from monitor.domain.change import ChangeKind, ChangeStatus
from monitor.domain.figure import Measure

FormatOption = Annotated[Format, typer.Option("--format", help="Table for people, json or csv for programs.")]
CountryArgument = Annotated[str, typer.Argument(metavar="ISO3", help="Code of a country, e.g. ARG.")]


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
    output: FormatOption = Format.TABLE,
) -> None:
    """Show a country's figures with their sentences."""
    from monitor.jobs.interchange import figure_json, instant_json
    from monitor.storage.observations import figures as stored_figures

    code = known_country(country)
    with opened_database(configuration(context)) as database, database.reading() as session:
        observed = stored_figures(session, country=code, edition=edition, measure=measure)
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


def tiers(
    context: typer.Context,
    country: Annotated[str | None, typer.Argument(metavar="[ISO3]")] = None,
    edition: Annotated[int | None, typer.Option(help="Only this edition.")] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Show tier placements, of one country or of all."""
    from monitor.storage.observations import placements

    code = known_country(country) if country else None
    with opened_database(configuration(context)) as database, database.reading() as session:
        found = placements(session, country=code, edition=edition)
    rows = [
        {
            "country": each.country,
            "edition": each.edition,
            "tier": each.tier.value,
            "movement": each.movement.value if each.movement else None,
            "watch_list_years": each.watch_list_years,
            "secondary": each.secondary,
        }
        for each in found
    ]
    columns = ("country", "edition", "tier", "movement", "watch_list_years")
    print_listing(rows, columns, output, empty="No tier placements are stored.")


def changes(
    context: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"], help="Found since (UTC)."
        ),
    ] = None,
    kind: Annotated[list[ChangeKind] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only this country; may be repeated.")] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """List what changed, newest first."""
    from monitor.jobs.interchange import change_json
    from monitor.storage.changes import changes as stored_changes

    codes = tuple(known_country(each) for each in country or ())
    with opened_database(configuration(context)) as database, database.reading() as session:
        found = stored_changes(
            session,
            since=since.replace(tzinfo=UTC) if since else None,
            kinds=tuple(kind or ()),
            countries=codes,
            statuses=tuple(ChangeStatus),
        )
    rows = [change_json(change) for change in found]
    columns = ("id", "kind", "country", "edition", "old", "new", "status", "headline")
    print_listing(rows, columns, output, empty="No changes are stored.")
