"""What nobody thought of: schemathesis makes requests of the schema, right and wrong ones, and holds the answers to it.

The ordinary run takes a sample as one role; `make test-long` asks as every role, at length.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from empower.staff.services import issue_token
from tests.admin.cases import lay_out
from tests.scene import set_the_scene

BIN = Path(sys.executable).parent
LONG = bool(os.environ.get("TEST_LONG"))

pytestmark = [pytest.mark.browser]  # one engine: what differs between them is asked of the services


def ask_all_sorts(served, person, tmp_path):
    """Runs schemathesis as this person; answers its report where it found something, else None."""
    _token, secret = issue_token(actor=person, employee=person, name="schemathesis")
    much = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "10"]
    little = ["--phases", "fuzzing", "--max-examples", "1"]
    command = [BIN / "schemathesis", "--config-file", Path(__file__).with_name("schemathesis.toml"), "run"]
    command += [f"{served.url}/api/schema/", "--header", f"Authorization: Bearer {secret}", "--seed", "1"]
    command += ["--continue-on-failure", "--request-timeout", "60", *(much if LONG else little)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=tmp_path)
    return None if done.returncode == 0 else done.stdout[-40_000:] + done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "maria",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("omar", "grace", "chen", "ada", "admin")),
    ],
)  # fmt: skip
def test_whoever_asks_and_whatever_the_answer_is_what_the_schema_says(name, serve, tmp_path):
    scene = set_the_scene()
    lay_out(scene)
    served = serve(EMPOWER_TEST_UNTHROTTLED="1")
    if found := ask_all_sorts(served, getattr(scene, name), tmp_path):
        pytest.fail(found, pytrace=False)  # an assertion would show the first and the last lines of it
