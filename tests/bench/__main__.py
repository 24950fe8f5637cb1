"""``make bench``: fills a world, keeps its roll-ups, times what people wait for, and has DuckDB count the same.

``SPENDS=1000000`` (as they come), ``ENGINES="postgresql sqlite"``, ``TIMES=40`` periods for each thing. Each engine runs in a
process of its own, in a folder that goes when it is over. Prints a table in Markdown; what differs from the referee ends it
with 1. ``DATABASE_URL=… python -m tests.bench postgresql`` measures on a database of one's own, which it fills if it is empty.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SPENDS, TIMES = int(os.environ.get("SPENDS", 1_000_000)), int(os.environ.get("TIMES", 40))
ENGINES = os.environ.get("ENGINES", "postgresql sqlite").split()


def main():
    folder = Path(tempfile.mkdtemp(prefix="empower-bench-"))
    folder.chmod(0o755)
    try:
        return max(_on(engine, folder) for engine in ENGINES)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _on(engine, folder):
    """Starts itself again with the address of an empty database."""
    from tests.engine import start_postgresql

    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    if engine == "postgresql":
        # As on a server: what is acknowledged is on the disk.
        url = start_postgresql(folder / "postgresql", fsync=True)
    settings = {"DATABASE_URL": url, "VAR_DIR": str(folder / engine), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run(
        [sys.executable, "-m", "tests.bench", engine], env=os.environ | settings, check=False
    ).returncode


def measure(engine):
    """All of it on the database of the environment. Answers the exit code."""
    import django

    django.setup()
    from django.core.management import call_command

    from empower.insights.services import rebuild_roll_ups
    from empower.spending.models import Spend
    from ledger.serving import settle_in
    from tests.engine import name_and_version

    from .world import World

    call_command("migrate", verbosity=0)
    world = World(SPENDS)
    if world.is_filled:
        made = "filled before"
    else:
        made = f"filled in {_taken(world.fill):.0f} s"
        made += f", all roll-ups from the facts in {_taken(rebuild_roll_ups):.0f} s"
    settle_in()  # as a server's process does before it serves
    print(f"\n{name_and_version()}, {Spend.objects.count():,} spends, {platform.machine()}, {os.cpu_count()} cores")
    print(f"({made}; {TIMES} periods of three days to three years, drawn at random; warm;")
    print("the last column is what two million stores in a dict took Python right after each)\n")
    print("| what | median, 95 % | not above | then |\n|---|---|---|---|")
    differs = set()
    for row in _rows(world, differs):
        print(f"| {' | '.join(row)} | {_taken(_two_million_stores):.2f} s |", flush=True)
    if differs:
        print(f"\nDuckDB says otherwise of: {', '.join(sorted(differs))}.")
        return 1
    print(f"\nDuckDB counted the same in all {max(5, TIMES // 4)} periods.")
    return 0


def _rows(world, differs):
    """(what, how long, not above) as they are measured; into ``differs`` goes what DuckDB says otherwise."""
    from . import measures
    from .referee import Referee

    both = ("all properties", world.chen), ("one property", world.gm)
    for who, user in both:
        page = measures.pages(world, user, TIMES)
        yield f"the dashboard page, asked again, {who}", _said(page["again"]), "200 ms (SQLite: 400)"
        yield (
            f"the same counted anew, its drawings from their cache, {who}",
            _said(page["counted"]),
            "200 ms (SQLite: 400)",
        )
        yield f"the same with its drawings made, {who}", _said(page["drawn"]), ""
    for who, user in both:
        yield f"its figures, {who}", _said(measures.figures(world, user, TIMES)), "100 ms"
    for who, user in both:
        for said, days in (("a month", 30), ("a year", 365)):
            seconds = measures.panels(world, user, days)
            yield f"the six panels fetched afterwards, {who}, {said}", f"{seconds:.2f} s", ""
    mine, theirs, found = measures.counted(world, Referee(), max(5, TIMES // 4))
    differs.update(found)
    ratio = _median(mine) / _median(theirs)
    yield "the counts behind them", _said(mine), f"a quarter of DuckDB's; it is {ratio:.2f}"
    yield "the same counts by DuckDB", _said(theirs), ""
    seconds, number = measures.catching_up(world, 10_000)
    yield f"reading {number:,} new spends", f"{seconds:.2f} s", "2 s"
    page = measures.pages(world, world.chen, max(5, TIMES // 4))
    yield "the page counted anew with these beside the roll-ups, all properties", _said(page["counted"]), ""
    yield "folding them into the roll-ups (the worker)", f"{_taken(measures.fold_them_all):.2f} s", ""
    alone, beside = measures.writing(world, 200)
    yield "a spend through its service", f"{1000 * alone / 200:.1f} ms", ""
    more = f"a quarter more; it is {100 * (beside / alone - 1):+.0f} %"
    yield "the same while the worker keeps the roll-ups", f"{1000 * beside / 200:.1f} ms", more


def _taken(act):
    begins = time.perf_counter()
    act()
    return time.perf_counter() - begins


def _two_million_stores():
    """What this machine is at the moment, in one number: a host that is shared is not always the same."""
    stored = {}
    for number in range(2_000_000):
        stored[number & 1023] = number


def _median(seconds):
    return sorted(seconds)[len(seconds) // 2]


def _said(seconds):
    ordered = sorted(seconds)
    return f"{1000 * _median(ordered):.0f} ms, {1000 * ordered[int(0.95 * (len(ordered) - 1))]:.0f} ms"


if __name__ == "__main__":
    sys.exit(measure(sys.argv[1]) if len(sys.argv) > 1 else main())
