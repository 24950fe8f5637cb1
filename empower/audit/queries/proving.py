"""The proofs: that an event is in the log, and that a log is the beginning of a later one. One query each for the hashes."""

from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from empower.refusals import NotPossible
from empower.texts import malformed

from ..models import AuditEvent, Checkpoint, TreeNode
from ..proof import merkle


@dataclass(frozen=True)
class InclusionProof:
    """``hashes`` lead from ``leaf_hash``, at ``position`` of ``size`` events, to the root of ``checkpoint`` (a row)."""

    event: AuditEvent
    position: int
    leaf_hash: bytes
    size: int
    hashes: list
    checkpoint: Checkpoint


@dataclass(frozen=True)
class ConsistencyProof:
    """``hashes`` lead from ``from_root`` to ``to_root``. ``checkpoint``: the row of ``to_size`` events, or None."""

    from_size: int
    to_size: int
    from_root: bytes
    to_root: bytes
    hashes: list
    checkpoint: Checkpoint | None


def prove_inclusion(event, *, size=None):
    """That ``event`` (read with its position) is in the log of the last checkpoint, or of that of ``size`` events.

    Two queries. `NotPossible` ``not_sealed``: it is newer than the last checkpoint. ValidationError ``size``: there is
    no checkpoint of that size, or it was made before the event.
    """
    last = Checkpoint.objects.latest()
    place = getattr(event, "position", None)
    if last is None or place is None or place.position >= last.size:
        raise NotPossible(
            "not_sealed",
            _("This event is newer than the last checkpoint: ask again when the log has been sealed."),
            field="event",
            state={"sealed": last.size if last else 0},
        )
    checkpoint = last
    if size is not None and size != last.size:
        checkpoint = Checkpoint.objects.filter(size=size).first()
        if checkpoint is None:
            raise malformed("size", _("There is no checkpoint of %(size)s events."), size=size)
        if place.position >= size:
            raise malformed(
                "size",
                _("The event stands at position %(position)s, the first that %(size)s events reach is before it."),
                position=place.position,
                size=size,
            )
    return InclusionProof(
        event=event,
        position=place.position,
        leaf_hash=merkle.leaf_hash(event.body.encode()),
        size=checkpoint.size,
        hashes=roots_of(merkle.inclusion_ranges(place.position, checkpoint.size)),
        checkpoint=checkpoint,
    )


def prove_consistency(first, second=None):
    """That the log of ``first`` events is the beginning of that of ``second`` (by default the last checkpoint's).

    Three queries. Any two sizes that are sealed will do, of checkpoints or not. `NotPossible` ``not_sealed``: the last
    checkpoint is of fewer. ValidationError ``from``: 0, or more than ``to``.
    """
    last = Checkpoint.objects.latest()
    if last is None or max(first, second or 0) > last.size:
        raise NotPossible(
            "not_sealed",
            _("The last checkpoint is of fewer events: ask again when the log has been sealed."),
            field="from" if last is None or first > last.size else "to",
            state={"sealed": last.size if last else 0},
        )
    second = last.size if second is None else second
    if not 0 < first <= second:
        raise malformed("from", _("From one event at least, to as many or more."))
    ranges = merkle.consistency_ranges(first, second)
    from_root, to_root, *hashes = roots_of([(0, first), (0, second), *ranges])
    checkpoint = last if second == last.size else Checkpoint.objects.filter(size=second).first()
    return ConsistencyProof(first, second, from_root, to_root, hashes, checkpoint)


def tree_size():
    """How many events the tree covers. One query. `NotPossible` ``tree_broken``: its nodes are those of no tree."""
    last = TreeNode.objects.aggregate(last=Max("number"))["last"]
    size = 0 if last is None else merkle.size_of(last + 1)
    if size is None:
        raise _broken(f"its last node, {last}, is that of no tree")
    return size


def frontier_at(size):
    """The nodes over the first ``size`` events, left to right. One query, none for no event."""
    return _nodes(merkle.covering(0, size))


def root_at(size):
    """The root over the first ``size`` events. One query, none for no event."""
    return roots_of([(0, size)])[0] if size else merkle.EMPTY_ROOT


def roots_of(ranges):
    """The root over each range of positions, (begin, end), end left out. One query, of 2 log2(n) rows at most."""
    parts = [merkle.covering(begin, end) for begin, end in ranges]
    found = iter(_nodes([node for part in parts for node in part]))
    return [merkle.fold([next(found) for _node in part]) for part in parts]


def _nodes(wanted):
    numbers = [merkle.number_of(level, index) for level, index in wanted]
    rows = TreeNode.objects.filter(number__in=numbers).values_list("number", "digest") if numbers else ()
    found = {number: bytes(digest) for number, digest in rows}
    for number in numbers:
        if number not in found:
            raise _broken(f"its node {number} is missing")
    return [found[number] for number in numbers]


def _broken(how):
    return NotPossible("tree_broken", f"The tree over the audit log can't be read: {how}. `verify` says more.")
