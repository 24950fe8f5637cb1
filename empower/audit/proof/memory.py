"""The file outside the database, in which the sealer remembers what it signed: ``CHECKPOINTS_FILE``.

Notes one after the other, an empty line between them, only ever appended to: it may lie on a volume that takes nothing
else (``chattr +a``, WORM). Whoever can write to the database should not be able to write to it.
"""

import fcntl
import os
from contextlib import contextmanager

from django.conf import settings

from .notes import checkpoints_in


def remembered():
    """The checkpoints of the file, in its order; None where there is no file. Their signatures are not looked at.

    Reads all of it: ten years of a note an hour are about 20 MB.
    """
    try:
        with open(settings.CHECKPOINTS_FILE, encoding="utf-8", errors="replace", newline="") as file:
            return _read(file.read())
    except FileNotFoundError:
        return None


def _read(text):
    # A note that lacks but its last newline is whole.
    return checkpoints_in(text if text.endswith("\n") else f"{text}\n")


@contextmanager
def opened():
    """The file, made if need be, for one sealer at a time: a second waits. Answers a `Memory`. OSError as it comes."""
    path = settings.CHECKPOINTS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield Memory(path, handle)
    finally:
        os.close(handle)


class Memory:
    """The opened file."""

    def __init__(self, path, handle):
        self.path, self.handle = path, handle
        self.text = self._all()
        self.checkpoints = _read(self.text)

    def add(self, checkpoint):
        """Appends the note and waits until the disk has it.

        Half a note, of a sealer that was cut off, is left where it is: the empty lines after it keep it from being
        read as a part of this one.
        """
        gap = "" if not self.text else "\n" if self.text.endswith("\n") else "\n\n"
        written = (gap + checkpoint.note).encode()
        while written:
            written = written[os.write(self.handle, written) :]
        os.fsync(self.handle)
        self.text = self._all()
        self.checkpoints.append(checkpoint)

    def _all(self):
        os.lseek(self.handle, 0, os.SEEK_SET)
        pieces = []
        while piece := os.read(self.handle, 1 << 20):
            pieces.append(piece)
        return b"".join(pieces).decode("utf-8", "replace")
