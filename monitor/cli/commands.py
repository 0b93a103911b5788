"""Which commands there are and where each is defined; a command's module is imported when it is called."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo", "The whole loop on a bundled sample site, without network."),
    "run": ("operating", "The daemon: scheduler, pages, deliveries."),
    "worker": ("operating", "One more worker of a distributed installation."),
    "web": ("operating", "Pages, feeds and API alone."),
    "check": ("checking", "One fetch-extract-compare cycle now."),
    "backfill": ("backfilling", "Past editions, once; resumable, without alerts."),
    "import": ("checking", "Read saved files as if they had been fetched."),
    "extract": ("extracting", "Read one file and print what is in it."),
    "evaluate": ("evaluating", "Precision, recall and F1 against labelled texts."),
    "countries": ("querying", "List the countries with their codes."),
    "figures": ("querying", "Show a country's figures with their sentences."),
    "tiers": ("querying", "Show tier placements."),
    "changes": ("querying", "List what changed, newest first."),
    "subscribers": ("telling", "Who gets digests."),
    "digest": ("telling", "What subscribers are told."),
    "explain": ("reviewing", "Say why an address did or did not get a change."),
    "review": ("reviewing", "The changes that wait for a person."),
    "replay": ("reviewing", "Read stored snapshots again, show what would differ."),
    "export": ("keeping", "Figures, tiers and changes as files."),
    "sources": ("sources", "The sources with their health."),
    "doctor": ("doctoring", "Examine the installation; each fault with its fix."),
    "backup": ("keeping", "Copy the database while it is in use."),
    "restore": ("keeping", "Put a backup back."),
    "migrate": ("operating", "Bring the database up to date."),
    "config": ("operating", "The configuration in force."),
}
"""Name -> module of this package, and the line of ``--help``."""


class LazyCommands(TyperGroup):
    """The group of all commands. ``--help`` imports none of them: they need libraries that take long."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command; an unknown name loads all, so that similar ones can be proposed."""
        if cmd_name not in self.commands:
            known = COMMANDS.get(cmd_name)
            for module in [known[0]] if known else sorted({module for module, _ in COMMANDS.values()}):
                self.commands.update(_commands_of(module))
        return self.commands.get(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _commands_of(module: str) -> dict[str, Any]:
    part = typer.Typer(rich_markup_mode=None, add_completion=False)
    importlib.import_module(f"monitor.cli.{module}").register(part)
    return dict(typer.main.get_group(part).commands)
