"""What a check answers, and how two ordered streams are laid side by side."""

from dataclasses import dataclass

#: How many rows are fetched at a time.
CHUNK = 2000


@dataclass(frozen=True)
class Fault:
    """The first thing found: a stable name for scripts, a sentence for people."""

    name: str
    sentence: str

    def __str__(self):
        return f"{self.name}: {self.sentence}"


def side_by_side(left, right):
    """(key, left value or None, right value or None) of two streams of (key, value) in ascending order of unique keys.

    Constant memory: one row of each is held.
    """
    end = (None, None)
    left, right = iter(left), iter(right)
    mine, theirs = next(left, end), next(right, end)
    while mine is not end or theirs is not end:
        if theirs is end or (mine is not end and mine[0] < theirs[0]):
            yield mine[0], mine[1], None
            mine = next(left, end)
        elif mine is end or theirs[0] < mine[0]:
            yield theirs[0], None, theirs[1]
            theirs = next(right, end)
        else:
            yield mine[0], mine[1], theirs[1]
            mine, theirs = next(left, end), next(right, end)
