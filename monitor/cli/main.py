"""``tip-monitor``: gathers the commands, and turns what stops one into a line and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli.commands import LazyCommands

_WRONG_USAGE = {"monitor.settings.configuration": "ConfigurationError"}
_FAILURES = {
    "monitor.storage.database": "StorageError",
    "monitor.queueing.task": "QueueUnavailable",
    "monitor.scheduler.daemon": "PortTaken",
}

app = typer.Typer(
    name="tip-monitor",
    cls=LazyCommands,
    help="Reads the Trafficking in Persons Report, compares it with the year before, tells what changed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def global_options(
    config: Annotated[
        str | None,
        typer.Option(
            "--config",
            metavar="PATH",
            help="TOML file that overrides the shipped configuration; may stand after the command too.",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and end.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Reads the Trafficking in Persons Report, compares it with the year before, tells what changed."""
    del config, version


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; ends the process with 0 (done), 1 (something failed) or 2 (wrong usage)."""
    try:
        app(args=_config_first(list(sys.argv[1:] if arguments is None else arguments)))
    except _errors(_WRONG_USAGE) as error:
        _end(error, 2)
    except _errors(_FAILURES) as error:
        _end(error, 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _errors(names: Mapping[str, str]) -> tuple[type[BaseException], ...]:
    """The errors whose message is the line to print; only those of modules a command imported."""
    return tuple(
        getattr(sys.modules[module], name) for module, name in names.items() if module in sys.modules
    )


def _config_first(arguments: list[str]) -> list[str]:
    """Move ``--config PATH`` before the command, so that it may stand anywhere."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--config" and place + 1 < len(arguments):
            return [*arguments[place : place + 2], *arguments[:place], *arguments[place + 2 :]]
        if argument.startswith("--config="):
            return [argument, *arguments[:place], *arguments[place + 1 :]]
    return arguments


def _end(error: BaseException, code: int) -> None:
    sys.stderr.write(" ".join(str(error).split()) + "\n")
    sys.exit(code)
