"""docs/proof.md: its commands, run one after the other as a reader would, against a real server."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from empower.audit.models import AuditEvent
from empower.audit.proof import notes
from empower.audit.services import seal_log
from empower.incidents.services import log_incident
from empower.staff.services import issue_token
from tests.own_database import CHECKOUT
from tests.scene import set_the_scene

PAGE = CHECKOUT / "docs" / "proof.md"


def blocks():
    return re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.long("postgresql")
@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
def test_every_command_of_the_page_does_what_it_says(served, settings, tmp_path):
    scene = set_the_scene()
    key, file = str(notes.Signer.made("hotel.example/audit")), tmp_path / "outside.txt"
    settings.CHECKPOINT_KEY, settings.CHECKPOINTS_FILE = key, file
    seal_log()
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones])
    event = AuditEvent.objects.get(subject_type="incident", subject_id=incident.pk)
    _token, secret = issue_token(actor=scene.maria, employee=scene.maria, name="proof")
    environment = served.database.environment | {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "CHECKPOINT_KEY": key,
        "CHECKPOINTS_FILE": str(file),
        "TMPDIR": str(tmp_path),
        "URL": served.url,
        "TOKEN": secret,
        "EVENT": str(event.pk),
    }
    done = subprocess.run(
        ["sh", "-ec", "\n".join(blocks())], env=environment, cwd=CHECKOUT, capture_output=True, text=True, timeout=600
    )
    assert (done.returncode, done.stderr) == (0, "")
    for said in (
        "Sealed ", "hotel.example/audit+", "All agrees: ", "2 from elsewhere", "All is well: ", "The event stands at position ",
        "that were signed begin with the ",
    ):  # fmt: skip
        assert said in done.stdout


def test_the_page_names_every_kind_that_the_verifier_does():
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", PAGE.read_text()))
    source = (CHECKOUT / "docs" / "verify_audit.py").read_text()
    kinds = set(re.findall(r'"((?:event|log|checkpoint|position|bundle|entry)_[a-z_]+)"', source))
    assert kinds - named - {"event_unreadable", "leaf_hash"} == set()
