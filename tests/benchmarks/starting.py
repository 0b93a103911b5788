"""How long a start takes: ``python -m tests.benchmarks.starting [--times 7]``.

From the start of ``tip-monitor run`` to the last byte of its first page, with no database yet and with
one that is there, each as the median of the clock and of the processor's time; and ``tip-monitor
--help`` beside importing its command line library alone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

_CONFIG = '[[sources]]\nkey = "feed"\nkind = "feed"\nurl = "https://news.example/feed"\nevery = "1d"\n'


def seconds_to_first_page(directory: Path) -> tuple[float, float]:
    """Return the clock's and the processor's seconds until ``run`` over ``directory`` has served a page."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = directory / "monitor.toml"
    config.write_text(_CONFIG)
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "--config", str(config), "run", "--port", str(port)],
        env=os.environ | {"TIP_MONITOR_DATA_DIR": str(directory / "var")},
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
                    page.read()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit("run ended before it served a page") from None
                time.sleep(0.005)
        elapsed = time.perf_counter() - begun
        state = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return elapsed, (int(state[11]) + int(state[12])) / os.sysconf("SC_CLK_TCK")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def processor_seconds(command: Sequence[str]) -> float:
    """Return the processor's seconds that ``command`` takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print, as JSON on one line at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.starting")
    parser.add_argument("--times", type=int, default=7)
    times = parser.parse_args().times
    found: dict[str, float] = {}
    for name in ("a new database", "a database that is there"):
        measured = []
        with tempfile.TemporaryDirectory() as directory:
            if name != "a new database":
                seconds_to_first_page(Path(directory))
            for number in range(times):
                place = Path(directory)
                if name == "a new database":
                    place = place / str(number)
                    place.mkdir()
                measured.append(seconds_to_first_page(place))
        for unit, values in zip(("s", "s of processor"), zip(*measured, strict=True), strict=True):
            found[f"first page, {name}, {unit}"] = round(statistics.median(values), 2)
        found[f"first page, {name}, s at worst"] = round(max(each for each, _ in measured), 2)
    commands = ([sys.executable, "-c", "import typer"], [sys.executable, "-m", "monitor", "--help"])
    pairs = [[processor_seconds(command) for command in commands] for _ in range(3 * times)]
    library, help_ = (statistics.median(values) for values in zip(*pairs, strict=True))
    found["--help, ms of processor"] = round(help_ * 1000, 1)
    found["--help, times importing typer"] = round(help_ / library, 2)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
