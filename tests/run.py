"""`make test`: every check, the tests on SQLite and on PostgreSQL, and one summary over all of it.

All of it at once: while one engine's tests wait for a browser, for a process or for their last one to end, the other's go
on. What is told of PostgreSQL is kept until SQLite's tests have told theirs. Goes on after a failure, so that one run
tells everything; fails when anything did.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

from tests import engine
from tests.conftest import chromium

BIN = Path(sys.executable).parent
CHECKS = {
    "ruff check": [BIN / "ruff", "check", "--quiet", "."],
    "ruff format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "floors (import-linter)": [BIN / "lint-imports", "--no-logo"],
    "migrations are complete": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
}


def environment(**changes):
    """The caller's, without what would lead the tests to a real installation.

    Nor what would have each of some hundred processes compile all it imports: three minutes of a processor.
    """
    ours = {"DATABASE_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "PORT", "VAR_DIR", "MAKEFLAGS", "MAKELEVEL"}
    ours |= {"PYTHONDONTWRITEBYTECODE", "SECRET_KEY_FALLBACKS"}
    return {name: value for name, value in os.environ.items() if name not in ours} | changes


def check_all():
    """Runs the checks beside each other; tells of them in their order and answers the names of those that failed."""
    ours = environment(DJANGO_SETTINGS_MODULE="tests.settings")
    with ThreadPoolExecutor() as beside:
        started = {
            name: beside.submit(subprocess.run, command, env=ours, capture_output=True, text=True)
            for name, command in CHECKS.items()
        }
    failed = []
    for name, one in started.items():
        done = one.result()
        print(f"{name}: {'FAILED' if done.returncode else 'ok'}", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr, flush=True)
            failed.append(name)
    return failed


def read_once():
    """On a fresh checkout pytest rewrites every test as it reads it: once here, and not in five workers side by side."""
    if not any(Path("tests/__pycache__").glob("conftest.*pytest*")):
        command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet"]
        subprocess.run(command, env=environment(TEST_ENGINE="sqlite"), stdin=subprocess.DEVNULL, capture_output=True)


def test(name, arguments, told):
    """Runs pytest on the engine ``name``; answers how many passed, failed and were skipped, and whether all is well.

    What it says goes to the file ``told``; for None, where ours goes.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # Of SQLite's, with the browser's among them, one more than processors: who waits leaves its own to another.
        workers = (os.cpu_count() or 1) + (name == "sqlite")
        command = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "worksteal", "--durations=25"]
        done = subprocess.run(
            [*command, f"--junitxml={report}", *arguments],
            env=environment(TEST_ENGINE=name),
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told and subprocess.STDOUT,
        )
        if not report.exists():
            return 0, 1, 0, False
        totals = [0, 0, 0]
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
            failed = number["failures"] + number["errors"]
            totals = [
                totals[0] + number["tests"] - failed - number["skipped"],
                totals[1] + failed,
                totals[2] + number["skipped"],
            ]
        return *totals, done.returncode == 0


def main(arguments):
    began = time.monotonic()
    engines, missing = ["sqlite"], []
    try:
        engine.postgresql_binaries()
        engines.append("postgresql")
    except engine.Missing as reason:
        missing.append(f"every test on PostgreSQL: {reason}")
    if not chromium():
        missing.append("the browser tests: no chromium on this machine")
    passed = failed = skipped = 0
    with ThreadPoolExecutor() as beside, tempfile.TemporaryFile("w+") as told:
        read = beside.submit(read_once)
        broken = check_all()
        read.result()
        started = [beside.submit(test, name, arguments, told if place else None) for place, name in enumerate(engines)]
        for place, name in enumerate(engines):
            print(f"\nTests on {name}", flush=True)
            *counts, well = started[place].result()
            if place:
                told.seek(0)
                shutil.copyfileobj(told, sys.stdout)
            passed, failed, skipped = (
                total + one for total, one in zip((passed, failed, skipped), counts, strict=True)
            )
            if not well:
                broken.append(f"tests on {name}")
    print()
    for what in missing:
        print(f"Skipped {what}")
    if broken:
        print(f"FAILED: {', '.join(broken)}")
    # A check that failed counts as one more failure: the last line alone must not look well when something isn't.
    failed += len([name for name in broken if name in CHECKS])
    seconds = time.monotonic() - began
    summary = f"{passed} passed, {failed} failed, {skipped} skipped"
    print(f" {summary} on {' and '.join(engines)} in {seconds:.0f}s ".center(100, "="))
    return 1 if broken or failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
