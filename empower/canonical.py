"""One object, one sequence of bytes: the form in which an event is hashed, so that a stranger can hash it again.

Where it agrees with RFC 8785 (JSON Canonicalization Scheme): UTF-8 without a byte-order mark, no whitespace, members
sorted by name, only the escapes that JSON demands, duplicate names impossible. Where it does not: names are sorted by
code point, not by UTF-16 unit (they differ only above U+FFFF, and our names are ASCII); integers are written out in
full, not as IEEE doubles, so one above 2**53 keeps its value; and floats are refused instead of being given a form.
Strings are kept as they are, with no Unicode normalisation, as the RFC also says.
"""

import json
from datetime import UTC


def canonical(thing):
    """The canonical bytes of ``thing``: None, bool, int, str, and lists and str-keyed dicts of these.

    Anything else, and a lone surrogate, is a TypeError that names where it stands: callers say what they mean
    (``moment`` for a time, minor units for money).
    """
    _refuse_the_rest(thing, "$")
    return json.dumps(thing, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode()


def moment(at):
    """An aware datetime as ``2026-11-21T22:51:10.123456Z``: UTC, always six digits, so that text sorts as time."""
    if at.tzinfo is None:
        raise TypeError("A moment needs a time zone.")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _refuse_the_rest(thing, where):
    # Subclasses of str and int pass (a choice of a model is one) and are written as the plain value that they hold.
    if thing is None or isinstance(thing, int):
        return
    if isinstance(thing, str):
        if not thing.isascii() and any("\ud800" <= letter <= "\udfff" for letter in thing):
            raise TypeError(f"{where} holds half a surrogate pair, which UTF-8 can't say.")
    elif type(thing) is list:
        for place, item in enumerate(thing):
            _refuse_the_rest(item, f"{where}[{place}]")
    elif type(thing) is dict:
        for name, value in thing.items():
            if not isinstance(name, str):
                raise TypeError(f"{where} has a key that is a {type(name).__name__}; only strings are names.")
            _refuse_the_rest(name, f"{where} (a name)")
            _refuse_the_rest(value, f"{where}.{name}")
    else:
        raise TypeError(f"{where} is a {type(thing).__name__}; say it in None, bool, int, str, list and dict.")
