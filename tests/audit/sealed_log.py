"""A log that was sealed in three steps, and what its owner may do to it: the same for `verify` and for the stranger."""

from django.db import transaction

from empower.audit.models import Checkpoint
from empower.audit.proof import keys, memory, merkle, notes
from empower.audit.services import grow_tree, record_event, seal_log, sequence_events
from tests.audit import tampering
from tests.audit.people import MARIA

SIZES = (5, 8, 13)


def kept_apart(settings, folder):
    """A key and a file of this test's own."""
    settings.CHECKPOINT_KEY, settings.CHECKPOINT_TRUSTED_KEYS = str(notes.Signer.made("hotel.example/audit")), []
    settings.CHECKPOINTS_FILE = folder / "checkpoints.txt"


def record(count, begin=0):
    with transaction.atomic():
        for n in range(begin, begin + count):
            record_event(actor=MARIA, verb="coffee.given", facts={"n": n})


def make():
    """13 events under three checkpoints, and two more that have a position and no place in the tree."""
    done = 0
    for size in SIZES:
        record(size - done, done)
        seal_log()
        done = size
    record(2, done)
    sequence_events()


def rewrite_the_tree():
    """What is there now, hashed anew: an owner who knows the arithmetic, and has no key."""
    tampering.run("DELETE FROM audit_treenode")
    grow_tree()


def alter(position=6):
    tampering.change_body(position)


def alter_and_rewrite_the_tree():
    tampering.change_body(6)
    rewrite_the_tree()


def insert():
    record(1, 99)
    tampering.insert(6)


def cut_short_and_sign_again():
    """With the key as well: only what is remembered outside knows."""
    tampering.cut_short(8)
    record(5, 99)
    sequence_events()
    grow_tree()
    from empower.audit.queries.proving import root_at

    _checkpoint_row(notes.Checkpoint.signed_by(keys.signing_key(), 13, root_at(13)))


def forge():
    """The last checkpoint by another key of the same name."""
    row = Checkpoint.objects.latest()
    tampering.run("DELETE FROM audit_checkpoint WHERE size = 13")
    stranger = notes.Signer.made("hotel.example/audit")
    _checkpoint_row(notes.Checkpoint.signed_by(stranger, row.size, bytes.fromhex(row.root)))


def enlarge():
    """The last checkpoint's note says more than was signed."""
    tampering.run("UPDATE audit_checkpoint SET note = replace(note, %s, %s) WHERE size = 13", "\n13\n", "\n12\n")


def change_a_leaf():
    tampering.run("UPDATE audit_treenode SET digest = %s WHERE number = %s", b"0" * 32, merkle.number_of(0, 6))


def change_a_node():
    tampering.run("UPDATE audit_treenode SET digest = %s WHERE number = %s", b"0" * 32, merkle.number_of(1, 3))


def _checkpoint_row(checkpoint):
    from empower.clock import now

    Checkpoint.objects.create(sealed_at=now(), size=checkpoint.size, root=checkpoint.root.hex(), note=checkpoint.note)


#: (what is done, what `verify` names, what the stranger names who has the file, the position or None)
ATTACKS = [
    (alter, "event_altered", "event_altered", 6),
    (alter_and_rewrite_the_tree, "checkpoint_mismatch", "checkpoint_mismatch", 5),
    (lambda: tampering.delete(6), "event_deleted", "event_deleted", 6),
    (lambda: tampering.run("DELETE FROM audit_position WHERE position = 6"), "position_gap", "position_gap", 6),
    (lambda: tampering.swap(3, 6), "event_moved", "event_moved", 3),
    (insert, "event_inserted", "event_inserted", 6),
    (lambda: tampering.cut_short(8), "log_truncated", "log_truncated", 8),
    (lambda: tampering.run("DELETE FROM audit_position WHERE position >= 12"), "event_unplaced", "log_truncated", None),
    (cut_short_and_sign_again, "checkpoint_mismatch", "checkpoint_mismatch", 8),
    (forge, "checkpoint_forged", "checkpoint_forged", None),
    (enlarge, "checkpoint_altered", "checkpoint_forged", None),
    (change_a_leaf, "tree_altered", "event_altered", 6),
    (change_a_node, "tree_altered", None, 7),
]
NAMES = [
    "alter", "alter_and_rewrite_the_tree", "delete", "leave_a_gap", "swap", "insert", "cut_short", "cut_the_positions_short",
    "cut_short_and_sign_again", "forge", "enlarge", "change_a_leaf", "change_a_node",
]  # fmt: skip
__all__ = ["ATTACKS", "NAMES", "SIZES", "kept_apart", "make", "memory", "record"]
