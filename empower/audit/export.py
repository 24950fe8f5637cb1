"""The log as a bundle for a stranger's verifier (docs/verify_audit.py): JSON lines, in constant memory.

::

    {"kind": "log", "version": 1, "size": 1729, "checkpoints": 12}
    {"kind": "checkpoint", "note": "..."}                                        by size, as many as said
    {"kind": "event", "position": 0, "event": "1", "leaf": "...", "body": "..."}  by position, ``size`` of them
    {"kind": "end"}

``body`` is the canonical JSON in a string, letter for letter what was hashed; ``leaf`` what the tree holds for that
position, or null where it has not grown so far. The rest is for the verifier to find out.
"""

import json
from itertools import islice

from django.db.models import Max

from .models import Checkpoint, Position, TreeNode
from .proof import merkle

VERSION = 1
_CHUNK = 1000


def bundle_lines():
    """The lines, each with its newline, of what has a position when it begins. A query and a second for each thousand."""
    last = Position.objects.aggregate(last=Max("position"))["last"]
    size = 0 if last is None else last + 1
    # Those that a longer log has are left out, and nothing that is signed meanwhile comes in.
    signed = Checkpoint.objects.filter(size__lte=size).order_by("size")
    yield _line(kind="log", version=VERSION, size=size, checkpoints=signed.count())
    for note in signed.values_list("note", flat=True).iterator(chunk_size=_CHUNK):
        yield _line(kind="checkpoint", note=note)
    rows = Position.objects.filter(position__lt=size).order_by("position")
    rows = rows.values_list("position", "event_id", "event__body").iterator(chunk_size=_CHUNK)
    while chunk := list(islice(rows, _CHUNK)):
        leaves = _leaves([position for position, _event, _body in chunk])
        for position, event, body in chunk:
            yield _line(kind="event", position=position, event=str(event), leaf=leaves.get(position), body=body)
    yield _line(kind="end")


def _leaves(positions):
    numbers = {merkle.number_of(0, position): position for position in positions}
    rows = TreeNode.objects.filter(number__gte=min(numbers), number__lte=max(numbers)).values_list("number", "digest")
    return {
        numbers[number]: bytes(digest).hex() for number, digest in rows.iterator(chunk_size=_CHUNK) if number in numbers
    }


def _line(**told):
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
