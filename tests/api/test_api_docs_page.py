"""docs/api.md: its commands, run one after the other as a reader would, against a real server."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from empower.incidents.models import Incident
from empower.spending.models import Spend
from tests.own_database import CHECKOUT
from tests.scene import set_the_scene

DOCS = CHECKOUT / "docs"
STATUS = re.compile(r"[1-5][0-9]{2}")


def commands():
    blocks = re.findall(r"^```sh\n(.*?)^```$", (DOCS / "api.md").read_text(), re.MULTILINE | re.DOTALL)
    # A reader's checkout has its Python in .venv; ours may lie elsewhere.
    return "\n".join(blocks).replace(".venv/bin/python", sys.executable)


def promised():
    return re.findall(r"  # ([1-5][0-9]{2})$", commands(), re.MULTILINE)


@pytest.mark.long("postgresql")
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="no curl or bash on this machine")
def test_every_command_of_the_page_answers_as_it_promises(served, tmp_path):
    scene = set_the_scene()
    environment = served.database.environment | {
        "EMPOWER": served.url,
        "TMPDIR": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands()],
        env=environment, cwd=CHECKOUT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = done.stdout.splitlines()
    assert [line for line in lines if STATUS.fullmatch(line)] == promised()
    assert len(promised()) >= 14
    for said in (
        '"remaining":"2000.00"', '"status":"posted"', '"status":"pending"', "id,gesture,amount,currency,status",
        '"field":"gesture","code":"does_not_exist"', '"field":"amount","code":"invalid"',
        '"field":"tip","code":"unknown_field"',
    ):  # fmt: skip
        assert said in done.stdout, said
    assert any(re.fullmatch(r"[0-9]+,meal,3000.00,USD,posted", line) for line in lines)
    [incident] = Incident.objects.all()
    assert (incident.status, incident.outcome, incident.property) == ("resolved", "recovered", scene.lax)
    assert sorted(Spend.objects.values_list("amount", "status")) == [(15_000, "posted"), (300_000, "posted")]


def test_the_readme_lists_every_document():
    readme = (CHECKOUT / "README.md").read_text()
    assert [page.name for page in sorted(DOCS.glob("*.md")) if f"(docs/{page.name})" not in readme] == []
