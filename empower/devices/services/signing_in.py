"""Staff number and PIN, on a phone that was enrolled. Whatever is wrong, the answer and its time are the same."""

from .hashing import is_right
from .rules import digits_of
from .tries import was_right
from .trying import count_try, person_of


def sign_in_with_pin(*, device, staff_number, pin):
    """The Employee, or None: no such number here, no PIN, a wrong one, one that rests, a phone that rests or is none.

    Counts the try first, for the person and for the phone; elsewhere than on a phone nothing is counted, so nobody can
    lock a colleague from outside. One slow hash, always.
    """
    row = person_of(device, staff_number)
    may = count_try(device, row)
    digits = digits_of(pin) if isinstance(pin, str) else None
    right = is_right(digits or "", row.employee_id if row else 0, row.secret if row else "")
    if not may.allowed or not right:
        may.note_wrong()
        return None
    was_right(row)
    was_right(device)
    return row.employee
