"""The log is sealed: the tree grows over what has a position, and a checkpoint of it is signed."""

from dataclasses import dataclass

from django.db import connection, transaction

from empower.clock import now
from empower.refusals import NotPossible

from ..models import Checkpoint, Position, TreeNode
from ..proof import keys, memory, merkle, notes
from ..queries.proving import frontier_at, root_at, tree_size
from .sequencing import SEQUENCER_LOCK, sequence_events


@dataclass(frozen=True)
class Sealed:
    """``checkpoint`` (`proof.notes.Checkpoint`) of all that there is, or None of nothing; ``added``: events new in it."""

    checkpoint: notes.Checkpoint | None
    added: int


def seal_log(*, new_file=False):
    """Gives positions to what waits, grows the tree and signs a checkpoint of it, in the file outside and in the database.

    `NotPossible`: the tree is smaller than what was signed before (``log_truncated``) or another
    (``checkpoint_mismatch``), what was remembered is not signed by us (``checkpoint_forged``), the file is gone
    (``memory_missing``; ``new_file`` begins another), the log is not whole (``position_gap``, ``event_altered``,
    ``tree_broken``). OSError where the file can't be opened: nothing is signed that is not remembered.

    Any number may run at once, and be killed anywhere. What is signed is committed before; it is in the file, on the
    disk, before the database shows it to anybody, and the next one puts into either what it lacks. For n new events
    2n nodes are written and n bodies read; the rest is two dozen statements, whatever the length of the log.
    """
    signer, trusted = keys.signing_key(), keys.trusted_keys()
    sequence_events()
    grow_tree()
    with memory.opened() as kept:
        return _seal(signer, trusted, kept, new_file)


def grow_tree(*, batch=1000):
    """Appends every event that has a position to the tree, ``batch`` to a transaction. Returns how many.

    One at a time, by the sequencer's lock. `NotPossible` as `seal_log` says; what was appended before stays.
    """
    grown = 0
    while True:
        with transaction.atomic():
            _one_at_a_time()
            size = tree_size()
            tree = merkle.Growing(size, frontier_at(size))
            rows = (
                Position.objects.filter(position__gte=size)
                .order_by("position")
                .values_list("position", "event_id", "event__body", "event__digest")[:batch]
            )
            first, nodes = merkle.nodes_in(size), []
            for position, event, body, digest in rows:
                nodes += tree.append(_leaf(tree.size, position, event, body, digest))
            TreeNode.objects.bulk_create(
                [TreeNode(number=number, digest=node) for number, node in enumerate(nodes, first)]
            )
        grown += tree.size - size
        if tree.size - size < batch:
            return grown


def _leaf(expected, position, event, body, digest):
    if position != expected:
        raise NotPossible("position_gap", f"Position {expected} of the audit log is missing: nothing is signed.")
    leaf = merkle.leaf_hash(body.encode())
    if leaf.hex() != digest:
        raise NotPossible(
            "event_altered", f"Event {event}, at position {position}, does not hash to its digest: nothing is signed."
        )
    return leaf


def _one_at_a_time():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])


def _seal(signer, trusted, kept, new_file):
    row = Checkpoint.objects.latest()
    if row is not None and not kept.checkpoints and not new_file:
        raise NotPossible(
            "memory_missing",
            f"{kept.path} remembers no checkpoint, though the database has one of {row.size} events. If the file was "
            "moved, let CHECKPOINTS_FILE say where to; to begin another: seal --new-file.",
        )
    size = tree_size()
    in_file = max(kept.checkpoints, key=lambda one: one.size, default=None)
    in_database = row and notes.checkpoint_of(row.note)
    for one, where in ((in_file, f"remembered in {kept.path}"), (in_database, "in the database")):
        if one is not None:
            _refuse_unless_it_goes_on(one, where, size, trusted)
    if size == 0:
        return Sealed(None, 0)
    known = [one for one in (in_file, in_database) if one is not None]
    checkpoint = next((one for one in known if one.size == size), None)
    added = 0 if checkpoint else size - max((one.size for one in known), default=0)
    checkpoint = checkpoint or notes.Checkpoint.signed_by(signer, size, root_at(size))
    # The file first: what anybody can have been shown is remembered.
    if in_file is None or in_file.size < size:
        kept.add(checkpoint)
    _keep(checkpoint)
    return Sealed(checkpoint, added)


def _refuse_unless_it_goes_on(checkpoint, where, size, trusted):
    """One that was signed before must be ours, and the tree that there is now must begin with its tree."""
    try:
        checkpoint.refuse_unless_signed(trusted)
    except notes.Untrue as fault:
        raise NotPossible(
            fault.kind, f"The checkpoint of {checkpoint.size} events {where} is not ours: {fault}. Nothing is signed."
        ) from None
    if checkpoint.size > size:
        raise NotPossible(
            "log_truncated",
            f"The audit log has {size} events; the checkpoint {where} is of {checkpoint.size}. Nothing is signed.",
        )
    if root_at(checkpoint.size) != checkpoint.root:
        raise NotPossible(
            "checkpoint_mismatch",
            f"The first {checkpoint.size} events of the audit log are not those of the checkpoint {where}. "
            "Nothing is signed.",
        )


def _keep(checkpoint):
    with transaction.atomic():
        _one_at_a_time()
        if not Checkpoint.objects.filter(size=checkpoint.size).exists():
            Checkpoint.objects.create(
                sealed_at=now(), size=checkpoint.size, root=checkpoint.root.hex(), note=checkpoint.note
            )
