"""What a command imports: ``--help`` nothing that takes long, a command its own module."""

from __future__ import annotations

import importlib
import subprocess
import sys

import typer

from monitor.cli.commands import COMMANDS

_HEAVY = ("alembic", "asyncio", "fastapi", "httpx", "jinja2", "pydantic", "rich", "sqlalchemy", "structlog")


def test_help_imports_the_library_of_the_commands_and_nothing_else_that_takes_long() -> None:
    program = (
        "import sys\nfrom monitor.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {_HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "Commands:" in done.stdout


def test_the_help_of_a_command_loads_no_database() -> None:
    modules = sorted({module for module, _ in COMMANDS.values()})
    program = (
        f"import importlib, sys\nfor name in {modules}:\n"
        "    importlib.import_module(f'monitor.cli.{name}')\n"
        "    assert 'sqlalchemy' not in sys.modules, name"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_the_table_names_every_command_in_the_module_that_defines_it() -> None:
    defined = set()
    for module in {module for module, _ in COMMANDS.values()}:
        app = typer.Typer()
        importlib.import_module(f"monitor.cli.{module}").register(app)
        defined |= {(name, module) for name in typer.main.get_group(app).commands}
    assert defined == {(name, module) for name, (module, _) in COMMANDS.items()}


def test_the_lines_of_the_help_fit_into_a_terminal() -> None:
    assert [line for _, line in COMMANDS.values() if len(line) > 60 or not line.endswith(".")] == []
