"""Runs the benchmarks of that name, or all: ``python -m tests.benchmarks [NAME...]``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run each in a process of its own; return 0 if all went through."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    wanted = sys.argv[1:] or known
    if unknown := set(wanted) - set(known):
        sys.stderr.write(f"no benchmark {', '.join(sorted(unknown))}: there are {', '.join(known)}\n")
        return 2
    failed = False
    for name in wanted:
        print(f"{name}:", flush=True)
        failed |= bool(subprocess.call([sys.executable, "-m", f"tests.benchmarks.{name}"]))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
