"""``tip-monitor``: gathers the commands, and turns what stops one into a line and an exit code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import Annotated

import structlog
import typer

from monitor import __version__
from monitor.cli import checking, demo, extracting, operating, querying, telling
from monitor.settings.configuration import ConfigurationError

app = typer.Typer(
    name="tip-monitor",
    help="Reads the Trafficking in Persons Report, compares it with the year before, tells what changed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

for commands in (demo, operating, checking, extracting, querying, telling):
    commands.register(app)


@app.callback()
def global_options(
    config: Annotated[
        str | None,
        typer.Option("--config", metavar="PATH", help="TOML file that overrides the shipped configuration."),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Options before or after any command."""
    del config
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; ends the process with 0 (done), 1 (something failed) or 2 (wrong usage)."""
    _log_to_stderr()
    try:
        app(args=_config_first(list(sys.argv[1:] if arguments is None else arguments)))
    except ConfigurationError as error:
        _end(error, 2)
    except _stopping_errors() as error:
        _end(error, 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _stopping_errors() -> tuple[type[BaseException], ...]:
    """The failures whose message is the line to print; only those of modules a command imported."""
    names = {"monitor.storage.database": "StorageError", "monitor.scheduler.daemon": "PortTaken"}
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


def _log_to_stderr() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
            if sys.stderr.isatty()
            else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
