"""The audit log is what was signed: its tree is hashed again, and met with every checkpoint, also those kept outside."""

from empower.audit.models import AuditEvent, Checkpoint, Position, TreeNode
from empower.audit.proof import keys, memory, merkle, notes
from empower.audit.queries.proving import frontier_at, roots_of, tree_size
from empower.refusals import NotPossible

from .faults import CHUNK, Fault

_IN_DATABASE, _IN_FILE = "in the database", "remembered in the file"


def checkpoints_of_the_file():
    """What the file outside remembers, or None where there is none. To be read before the database's moment begins:
    what is in it by then is committed.
    """
    return memory.remembered()


def log_is_what_was_signed(*, since=0, remembered=None):
    """The first thing that does not agree, as a `Fault`, or None. Of the events only their digests are read: that those
    are the bodies' is `first_fault`'s word.

    ``checkpoint_malformed``, ``checkpoint_altered``, ``checkpoint_forged``: what was signed, in itself.
    ``event_altered``, ``event_moved``, ``event_inserted``, ``event_deleted``, ``log_truncated``: the first position at
    which the log is not what the tree says. ``tree_altered``, ``tree_broken``: the tree is not what the log says.
    ``checkpoint_mismatch``: both agree, and are not what was signed; between which positions is told.

    From position ``since`` on, and only checkpoints that reach beyond it. Five queries, and one for each larger tree
    that is asked where something is wrong; memory constant, but for the size and root of each checkpoint.
    """
    try:
        return _of_signatures(since, remembered or ()) or _of_the_tree(since, remembered or ())
    except NotPossible as broken:
        return Fault(broken.code, broken.message)


def _of_signatures(since, remembered):
    trusted = keys.trusted_keys()
    for row in _rows(since).iterator(chunk_size=CHUNK):
        try:
            told = notes.checkpoint_of(row.note)
            if (told.size, told.root.hex()) != (row.size, row.root):
                raise notes.Untrue("checkpoint_altered", "its size or root is not what its note says")
            told.refuse_unless_signed(trusted)
        except notes.Untrue as fault:
            return _untrue(fault, row.size, _IN_DATABASE)
    for told in remembered:
        try:
            told.refuse_unless_signed(trusted)
        except notes.Untrue as fault:
            return _untrue(fault, told.size, _IN_FILE)
    return None


def _untrue(fault, size, where):
    return Fault(fault.kind, f"The checkpoint of {size} events {where}: {fault}.")


def _rows(since):
    return Checkpoint.objects.filter(size__gt=since).order_by("size")


def _of_the_tree(since, remembered):
    size = tree_size()
    begin = min(since, size)
    signed = sorted(
        [
            *(
                (row_size, bytes.fromhex(root), _IN_DATABASE)
                for row_size, root in _rows(since).values_list("size", "root")
            ),
            *((one.size, one.root, _IN_FILE) for one in remembered if one.size > since),
        ],
        reverse=True,
    )
    tree = merkle.Growing(begin, frontier_at(begin))
    nodes = TreeNode.objects.filter(number__gte=merkle.nodes_in(begin)).order_by("number")
    stored = nodes.values_list("number", "digest").iterator(chunk_size=CHUNK)
    matched = begin
    for position, digest in _leaves(begin, size):
        leaf = bytes.fromhex(digest)
        if position != tree.size:
            return _truncated(tree.size, size, "the tree over it")
        for number, node in enumerate(tree.append(leaf), merkle.nodes_in(position)):
            found, kept = next(stored, (None, b""))
            if found != number:
                return Fault("tree_broken", f"The tree over the audit log lacks its node {number}.")
            if bytes(kept) != node:
                return _what_differs(position, leaf, node, bytes(kept), signed)
        met = matched
        while signed and signed[-1][0] == tree.size:
            met, root, where = signed.pop()
            if root != tree.root():
                return Fault(
                    "checkpoint_mismatch",
                    f"The first {tree.size} events of the audit log are not those of the checkpoint {where}: it was "
                    f"rewritten somewhere from position {matched} to {tree.size - 1}.",
                )
        matched = met
    if tree.size < size:
        return _truncated(tree.size, size, "the tree over it")
    if signed:
        return _truncated(tree.size, signed[0][0], f"the checkpoint {signed[0][2]}")
    return None


def _leaves(begin, end):
    rows = Position.objects.filter(position__gte=begin, position__lt=end).order_by("position")
    return rows.values_list("position", "event__digest").iterator(chunk_size=CHUNK)


def _truncated(position, size, what):
    return Fault(
        "log_truncated", f"The audit log ends before position {position}, or its tree does; {what} is of {size} events."
    )


def _what_differs(position, leaf, node, kept, signed):
    """The kind, from what stands at ``position`` now (``leaf``) and what the tree says stood there (``kept``)."""
    if node != leaf:
        return Fault("tree_altered", f"A node of the tree over the events up to position {position} is not their hash.")
    stood_elsewhere = TreeNode.objects.filter(digest=leaf).exists()
    stands_elsewhere = AuditEvent.objects.filter(position__isnull=False, digest=kept.hex()).exists()
    kind, how = {
        (True, True): ("event_moved", "stands an event that stood elsewhere, and its own stands elsewhere"),
        (True, False): ("event_deleted", "stood an event that is gone; what stands there came after it"),
        (False, True): ("event_inserted", "stands an event that was not in the log; its own stands elsewhere"),
        (False, False): ("event_altered", "stands an event that was not in the log; its own is gone"),
    }[stood_elsewhere, stands_elsewhere]
    if kind == "event_altered" and _was_signed(position, leaf, signed):
        return Fault(
            "tree_altered", f"The tree's leaf at position {position} is not the event's; the event was signed."
        )
    return Fault(kind, f"At position {position} of the audit log {how}.")


def _was_signed(position, leaf, signed):
    """Whether the rest of the tree leads from this leaf to a root that was signed."""
    for size, root, _where in reversed(signed):
        if size > position:
            return merkle.is_included(leaf, position, size, roots_of(merkle.inclusion_ranges(position, size)), root)
    return False
