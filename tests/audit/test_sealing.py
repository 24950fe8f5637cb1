"""Sealing: what is signed goes on from what was signed before, or nothing is; twice at once, killed anywhere."""

import signal
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from empower.audit.models import AuditEvent, Checkpoint, Position, TreeNode
from empower.audit.proof import keys, memory, merkle, notes
from empower.audit.queries.proving import root_at, tree_size
from empower.audit.services import grow_tree, record_event, seal_log, sequence_events
from tests.audit.people import MARIA
from tests.audit.tampering import cut_short, without_triggers


@pytest.fixture(autouse=True)
def kept_apart(settings, tmp_path):
    """A key and a file of this test's own; answers the file's path."""
    settings.CHECKPOINT_KEY, settings.CHECKPOINT_TRUSTED_KEYS = str(notes.Signer.made("hotel.example/audit")), []
    settings.CHECKPOINTS_FILE = tmp_path / "outside" / "checkpoints.txt"
    return settings.CHECKPOINTS_FILE


def record(count):
    with transaction.atomic():
        return [record_event(actor=MARIA, verb="spend.posted", facts={"n": n}) for n in range(count)]


def seal(count=0, **how):
    record(count)
    return seal_log(**how).checkpoint


def run(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def expected_root():
    tree = merkle.Growing()
    for body in AuditEvent.objects.in_order().values_list("body", flat=True):
        tree.append(merkle.leaf_hash(body.encode()))
    return tree.root()


def said(**how):
    out = StringIO()
    call_command("seal", stdout=out, **how)
    return out.getvalue()


# --- what it signs ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_checkpoint_is_of_all_there_is_and_stands_in_both_places(kept_apart):
    assert said() == "The audit log has no event yet: nothing to seal.\n"
    assert kept_apart.read_text() == ""
    record(5)
    assert said().startswith("Sealed 5 events, 5 of them new:\n\nhotel.example/audit\n5\n")
    row = Checkpoint.objects.get()
    assert (row.size, row.root) == (5, expected_root().hex())
    assert kept_apart.read_text() == row.note
    record(2)
    assert "Sealed 7 events, 2 of them new" in said()
    assert [one.size for one in memory.remembered()] == [5, 7]
    assert Checkpoint.objects.latest().root == expected_root().hex()
    for one in memory.remembered():
        one.refuse_unless_signed(keys.trusted_keys())


@pytest.mark.django_db
def test_with_nothing_new_it_says_so_and_signs_nothing(kept_apart):
    seal(3)
    before = kept_apart.read_bytes()
    assert said() == "Nothing new since the checkpoint of 3 events.\n"
    assert kept_apart.read_bytes() == before
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_the_tree_grows_by_batches_to_the_same_tree():
    record(23)
    sequence_events()
    assert (grow_tree(batch=5), tree_size()) == (23, 23)
    record(10)
    sequence_events()
    assert (grow_tree(batch=10), grow_tree()) == (10, 0)
    assert TreeNode.objects.count() == merkle.nodes_in(33)
    assert root_at(33) == expected_root()


@pytest.mark.django_db
def test_sealing_a_longer_log_asks_no_more_questions(django_assert_max_num_queries):
    seal(300)
    for count in (1, 60):
        record(count)
        with django_assert_max_num_queries(26):
            seal_log()


@pytest.mark.django_db
def test_what_was_signed_is_refused_to_be_rewritten():
    seal(3)
    for table, column in (("audit_checkpoint", "note"), ("audit_treenode", "digest")):
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError, match="is written once"), transaction.atomic():
                run(statement)


# --- what it refuses ----------------------------------------------------------------------------------------------


def refused(**how):
    with pytest.raises(CommandError) as told:
        said(**how)
    return str(told.value).partition(":")[0]


def forget(size):
    without_triggers()
    cut_short(size)


@pytest.mark.django_db
def test_a_log_that_was_cut_short_is_not_signed(kept_apart):
    seal(4)
    seal(6)
    before = kept_apart.read_bytes()
    forget(4)
    assert refused() == "log_truncated"
    record(3)
    assert refused() == "log_truncated"  # 7 of 10
    assert kept_apart.read_bytes() == before
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_a_log_that_grew_again_otherwise_is_not_signed(kept_apart):
    seal(4)
    seal(6)
    forget(4)
    record(8)
    assert refused() == "checkpoint_mismatch"
    assert [one.size for one in memory.remembered()] == [4, 10]
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_an_event_that_no_longer_hashes_is_not_signed():
    seal(2)
    event = record(1)[0]
    without_triggers()
    run("UPDATE audit_auditevent SET body = replace(body, '0', '1') WHERE id = %s", event.pk)
    assert refused() == "event_altered"
    assert tree_size() == 2


@pytest.mark.django_db
def test_a_gap_in_the_positions_is_not_signed():
    seal(2)
    record(2)
    sequence_events()
    without_triggers()
    run("DELETE FROM audit_position WHERE position = 2")
    assert refused() == "position_gap"


@pytest.mark.django_db
def test_a_tree_that_lacks_a_node_is_not_signed():
    seal(6)
    record(1)
    without_triggers()
    run("DELETE FROM audit_treenode WHERE number = 6")  # over the first four events
    assert refused() == "tree_broken"


@pytest.mark.django_db
def test_a_checkpoint_by_another_key_is_not_gone_on_from(settings, kept_apart):
    seal(3)
    own, settings.CHECKPOINT_KEY = settings.CHECKPOINT_KEY, str(notes.Signer.made("hotel.example/audit"))
    record(1)
    assert refused() == "checkpoint_forged"
    # A key that was retired says so, and its work is gone on from.
    settings.CHECKPOINT_TRUSTED_KEYS = [str(notes.Signer.read(own).verifier)]
    assert seal().size == 4


@pytest.mark.django_db
def test_a_file_that_is_gone_is_not_begun_again_unless_somebody_says_so(kept_apart):
    seal(3)
    kept_apart.unlink()
    record(1)
    assert refused() == "memory_missing"
    assert refused() == "memory_missing"
    assert Checkpoint.objects.count() == 1
    assert "Sealed 4 events" in said(new_file=True)
    assert [one.size for one in memory.remembered()] == [4]


@pytest.mark.django_db
def test_without_a_file_to_remember_it_in_nothing_is_signed(settings, tmp_path):
    (tmp_path / "a file").touch()
    settings.CHECKPOINTS_FILE = tmp_path / "a file" / "checkpoints.txt"
    record(1)
    assert refused() == "The file of the checkpoints or the key can't be used; nothing is signed"
    assert not Checkpoint.objects.exists()


@pytest.mark.django_db
def test_keys_are_told_and_made_without_sealing(settings, kept_apart):
    record(1)
    assert said(public_key=True).strip() == str(keys.signing_key().verifier)
    made = said(make_key="another.example/audit").strip()
    assert notes.Signer.read(made.removeprefix("CHECKPOINT_KEY=")).name == "another.example/audit"
    assert refused(make_key="two words").startswith("a key's name")
    assert not kept_apart.exists()
    assert not Checkpoint.objects.exists()


# --- cut off, and twice at once -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_killed_after_the_file_the_next_one_tells_the_database(kept_apart, monkeypatch):
    record(3)
    with monkeypatch.context() as cut:
        cut.setattr("empower.audit.services.sealing._keep", lambda checkpoint: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            seal_log()
    assert ([one.size for one in memory.remembered()], Checkpoint.objects.count()) == ([3], 0)
    assert said() == "Nothing new since the checkpoint of 3 events.\n"
    assert Checkpoint.objects.get().note == kept_apart.read_text()
    assert seal(1).size == 4


@pytest.mark.django_db
@pytest.mark.parametrize("part", [1, 30, 70, 100, -2])
def test_killed_while_it_writes_the_half_note_is_passed_over(kept_apart, part):
    seal(3)
    record(2)
    whole = notes.Checkpoint.signed_by(keys.signing_key(), 5, b"0" * 32).note
    with open(kept_apart, "a") as file:
        file.write("\n" + whole[:part])
    assert seal().size == 5
    assert [one.size for one in memory.remembered()] == [3, 5]
    assert seal(1).size == 6


@pytest.mark.django_db
def test_a_note_whole_but_for_its_last_newline_counts(kept_apart):
    seal(3)
    kept_apart.write_text(kept_apart.read_text().removesuffix("\n"))
    seal(1)
    assert [one.size for one in memory.remembered()] == [3, 4]


@pytest.mark.django_db
def test_what_only_the_database_has_is_gone_on_from():
    seal(3)
    older = memory.remembered()
    newer = seal(2)
    # The file as it was: a backup that was put back, say.
    memory.settings.CHECKPOINTS_FILE.write_text(older[0].note)
    assert said() == "Nothing new since the checkpoint of 5 events.\n"
    assert memory.remembered() == [*older, newer]


KILLED = """
import os, signal
from empower.audit.proof import memory
from empower.audit.services import sealing

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def half(self, checkpoint):
    os.write(self.handle, checkpoint.note[:90].encode())
    die()

{patch}
sealing.seal_log()
"""


@pytest.mark.parametrize(
    "patch",
    [
        "sealing.grow_tree = die",
        "memory.Memory.add = die",
        "memory.Memory.add = half",
        "sealing._keep = die",
        "sealing.Checkpoint.objects.create = die",
    ],
)
def test_killed_between_any_two_steps_the_next_one_ends_it(own_database, settings, patch):
    record(9)
    told = {"CHECKPOINTS_FILE": str(settings.CHECKPOINTS_FILE), "CHECKPOINT_KEY": settings.CHECKPOINT_KEY}
    done = own_database.run_manage("shell", "-c", KILLED.format(patch=patch), **told)
    assert done.returncode == -signal.SIGKILL, done.stderr
    record(1)
    assert seal_log().checkpoint.size == 10
    row = Checkpoint.objects.latest()
    assert (row.size, row.root) == (10, expected_root().hex())
    assert memory.remembered()[-1].note == row.note


@pytest.mark.races
def test_many_sealers_at_once_sign_one_history(own_database):
    faults, rounds = [], 6

    def keep_sealing():
        try:
            for _one in range(rounds):
                with transaction.atomic():
                    record_event(actor=MARIA, verb="spend.posted")
                seal_log()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [Thread(target=keep_sealing) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert faults == []
    remembered = memory.remembered()
    assert list(Position.objects.order_by("position").values_list("position", flat=True)) == list(range(24))
    assert [one.size for one in remembered] == sorted({one.size for one in remembered})
    assert remembered[-1].size == 24
    assert [one.note for one in remembered] == list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
    leaves = [merkle.leaf_hash(body.encode()) for body in AuditEvent.objects.in_order().values_list("body", flat=True)]
    tree, roots = merkle.Growing(), {}
    for leaf in leaves:
        tree.append(leaf)
        roots[tree.size] = tree.root()
    assert all(roots[one.size] == one.root for one in remembered)


def test_it_is_a_command_for_a_timer(own_database, settings):
    record(2)
    told = {"CHECKPOINTS_FILE": str(settings.CHECKPOINTS_FILE), "CHECKPOINT_KEY": settings.CHECKPOINT_KEY}
    done = own_database.run_manage("seal", **told)
    assert (done.returncode, done.stderr) == (0, "")
    assert notes.checkpoints_in(done.stdout) == memory.remembered()
    forget(1)
    done = own_database.run_manage("seal", **told)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("CommandError: log_truncated: The audit log has 1 events; the checkpoint")
