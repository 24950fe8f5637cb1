"""`verify` meets the log with what was signed: each thing that an owner of the database may do is named."""

from io import StringIO

import pytest
from django.core.management import call_command

from empower import append_only
from empower.audit.models import Checkpoint
from empower.audit.proof import memory, notes
from empower.audit.services import first_fault, seal_log
from empower.insights.verification.running import verify
from tests.audit import sealed_log, tampering

pytestmark = pytest.mark.long(
    "postgresql"
)  # what is said of the figures; tests/insights/test_figures.py asks both engines for them


@pytest.fixture
def log(db, settings, tmp_path, monkeypatch):
    """The sealed log, with every trigger gone and nobody asking for them: that this is found has a test of its own."""
    sealed_log.kept_apart(settings, tmp_path)
    sealed_log.make()
    tampering.without_triggers()
    monkeypatch.setattr(append_only, "missing", lambda connection: [])


def fault(**how):
    found = verify(**how).fault
    return found and found.name


def test_a_log_as_it_was_signed_is_found_so_and_its_checkpoints_are_counted(log):
    verdict = verify()
    assert verdict.fault is None
    assert (verdict.counts["checkpoints"], verdict.counts["remembered"]) == (3, 3)
    said = StringIO()
    call_command("verify", stdout=said)
    assert "15 events, 3 checkpoints (3 in the file outside)." in said.getvalue()


@pytest.mark.parametrize(("attack", "kind", "_theirs", "position"), sealed_log.ATTACKS, ids=sealed_log.NAMES)
def test_what_was_done_to_it_is_named(log, attack, kind, _theirs, position):
    attack()
    found = verify().fault
    assert found is not None
    assert found.name == kind
    if position is not None:
        assert f"osition {position}" in found.sentence


def test_an_event_whose_digest_gives_it_away_is_named_without_the_tree(log):
    tampering.run("UPDATE audit_auditevent SET body = replace(body, 'coffee', 'toffee')")
    assert first_fault()[0] == "event_altered"
    assert fault() == "event_altered"


@pytest.mark.parametrize(
    ("since", "named"), [(0, "event_altered"), (6, "event_altered"), (7, None), (13, None), (14, None)]
)
def test_since_begins_the_hashing_at_its_position(log, since, named):
    tampering.change_body(6)
    assert fault(since=since) == named


def test_since_begins_anywhere(log):
    assert [fault(since=since) for since in range(16)] == [None] * 16


def test_since_begins_from_a_frontier_that_is_met_with_what_was_signed(log):
    sealed_log.change_a_leaf()
    assert fault(since=7) == "tree_altered"  # leaf 6 is of the frontier of 7
    assert fault(since=13) is None


def test_the_file_alone_tells_what_the_database_forgot(log):
    tampering.cut_short(5)
    assert fault() == "log_truncated"
    memory.settings.CHECKPOINTS_FILE.unlink()
    assert fault() is None  # whoever has the database and the file can make the log end earlier: docs/proof.md


def test_a_note_of_somebody_else_in_the_file_is_named(log):
    with open(memory.settings.CHECKPOINTS_FILE, "a") as file:
        file.write("\n" + notes.Checkpoint.signed_by(notes.Signer.made("hotel.example/audit"), 5, bytes(32)).note)
    assert fault() == "checkpoint_forged"


def test_a_checkpoint_that_only_the_database_has_is_met_as_well(log):
    memory.settings.CHECKPOINTS_FILE.unlink()
    assert fault() is None
    sealed_log.alter_and_rewrite_the_tree()
    assert fault() == "checkpoint_mismatch"


def test_a_tree_that_lacks_a_node_or_has_too_many_is_named(log):
    tampering.run("DELETE FROM audit_treenode WHERE number = 4")
    assert fault() == "tree_broken"
    tampering.run("INSERT INTO audit_treenode (number, digest) VALUES (5000, %s)", b"0" * 32)
    assert fault() == "tree_broken"


def test_without_checkpoints_there_is_nothing_to_meet(db, settings, tmp_path):
    sealed_log.kept_apart(settings, tmp_path)
    sealed_log.record(3)
    assert fault() is None
    assert not memory.settings.CHECKPOINTS_FILE.exists()


def test_a_machine_without_the_key_verifies_with_the_public_one(log, settings, tmp_path):
    public = str(notes.Signer.read(settings.CHECKPOINT_KEY).verifier)
    settings.CHECKPOINT_KEY, settings.VAR_DIR = "", tmp_path
    assert fault() == "checkpoint_forged"
    settings.CHECKPOINT_TRUSTED_KEYS = [public]
    assert fault() is None


def test_a_log_that_is_sealed_on_is_found_whole(log):
    seal_log()
    assert Checkpoint.objects.count() == 4
    assert fault() is None


def test_ten_times_the_log_asks_no_more_questions(log, django_assert_max_num_queries):
    sealed_log.record(150, 100)
    seal_log()
    with django_assert_max_num_queries(80):
        assert fault() is None
