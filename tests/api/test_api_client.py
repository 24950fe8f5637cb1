"""A client that others generate from the schema does the main job: log, spend, be told to wait, approve, report."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from empower.staff.services import issue_token
from tests.api.contract import schema
from tests.scene import set_the_scene

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The package ``empower_client``, as openapi-python-client writes it: imported by the name of a module in it."""
    folder = tmp_path_factory.mktemp("generated")
    file = folder / "schema.json"
    file.write_text(json.dumps(schema(), default=str))
    options = folder / "options.yml"
    options.write_text("post_hooks: []\n")
    command = [BIN / "openapi-python-client", "generate", "--path", file, "--meta", "none", "--config", options]
    command += ["--output-path", folder / "empower_client", "--fail-on-warning"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield lambda name="": importlib.import_module(f"empower_client{name and '.'}{name}")
    sys.path.remove(str(folder))


@pytest.mark.sqlite  # the same bytes go over the same wire; what the database does with them is asked elsewhere
def test_it_logs_spends_is_told_to_wait_is_approved_and_reads_the_report(generated, served):
    scene = set_the_scene()

    def client(person):
        _token, secret = issue_token(actor=person, employee=person, name="generated client")
        return generated().AuthenticatedClient(base_url=served.url, token=secret)

    maria, omar = client(scene.maria), client(scene.omar)
    models = generated("models")

    def ask(where, caller, *path, **said):
        return generated(f"api.{where}").sync(*path, client=caller, **said)

    made = ask(
        "incidents.incidents_create",
        maria,
        idempotency_key=uuid4().hex,
        body=models.NewIncident(
            property_="LAX",
            narrative="The lift stood still for an hour.",
            guests=[models.GuestOfNewIncident(name="Ms Okafor", room="1204")],
        ),
    )
    assert made.status == "open"
    guest = made.guests[0].id

    def spend(amount):
        wish = models.NewSpend(
            incident=made.id, guest=guest, gesture="meal", amount=amount, currency="USD", reason="An hour"
        )
        return ask("spends.spends_create", maria, body=wish, idempotency_key=uuid4().hex)

    posted = spend("150.00")
    assert (posted.status, posted.authority.remaining) == ("posted", "1850.00")
    waiting = spend("3000.00")
    assert (waiting.status, waiting.approval.status) == ("pending", "open")
    wrong = spend("12.345")
    assert isinstance(wrong, models.Problem)
    assert (wrong.status, wrong.errors[0].field) == (400, "amount")

    queue = ask("approvals.approvals_list", omar, status=[models.ApprovalsListStatusItem("open")])
    assert [one.id for one in queue.results] == [waiting.approval.id]
    yes = models.Yes(reason="Of course.", version=waiting.approval.version)
    decided = ask("approvals.approvals_approve", omar, waiting.approval.id, body=yes, idempotency_key=uuid4().hex)
    assert (decided.status, decided.decided_amount) == ("approved", "3000.00")

    ended = models.HowItEnded(outcome=models.HowItEndedOutcome("recovered"), feeling_after=9)
    resolved = ask("incidents.incidents_resolve", maria, made.id, body=ended, idempotency_key=uuid4().hex)
    assert resolved.status == "resolved"
    report = ask("reports.reports_usage", omar)
    assert report.figures["recovery_incidents"].value == 1
    both = ask("spends.spends_list", omar, status=[models.SpendsListStatusItem(one) for one in ("posted", "pending")])
    assert {one.status for one in both.results} == {"posted"}
