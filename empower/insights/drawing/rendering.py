"""A spec to SVG: drawn once, and kept by what it says."""

import hashlib
import json
import logging
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.metadata import version

from django.core.cache import caches
from django.utils.safestring import mark_safe

from .press import Press
from .svg import fit_for_the_page

log = logging.getLogger(__name__)

#: What a spec says is all that is in its drawing, so it is never stale; the day only lets go of what nobody asks for.
SECONDS = 24 * 60 * 60

#: One that could not be drawn is tried again after so long: each page would wait for it.
SECONDS_UNTIL_AGAIN = 60

#: One more with each change of `svg`: the theme is in the spec.
_VERSION = 1

press = Press()

_left_out = ContextVar("left_out", default=None)
_for_its_table_alone = ContextVar("for_its_table_alone", default=False)


@contextmanager
def tables_alone():
    """Inside, nothing is drawn: what is asked for is the table behind each drawing."""
    token = _for_its_table_alone.set(True)
    try:
        yield
    finally:
        _for_its_table_alone.reset(token)


@contextmanager
def noting_what_is_left_out():
    """Answers a list that has a line for each drawing that could not be drawn inside, or not a minute ago."""
    left_out = []
    token = _left_out.set(left_out)
    try:
        yield left_out
    finally:
        _left_out.reset(token)


def drawn(spec):
    """The SVG of a Vega-Lite ``spec``, safe in HTML; "" where it can't be drawn, which is logged without its data.

    The spec must hold nothing of one person. No query; a millisecond where it is kept, some 50 where it is not.
    """
    if _for_its_table_alone.get():
        return ""
    key = _key(spec)
    found = caches["drawings"].get(key)
    if found is None:
        found = _now(spec)
        caches["drawings"].set(key, found, SECONDS if found else SECONDS_UNTIL_AGAIN)
    left_out = _left_out.get()
    if not found and left_out is not None:
        left_out.append(spec["usermeta"]["drawing"])
    # Each text in it was escaped by the tree that wrote it, and its links are of our own root.
    return mark_safe(found)  # noqa: S308


def _now(spec):
    try:
        return fit_for_the_page(press.drawn(spec))
    except Exception as failed:
        # What it says may quote names: the kind is enough to find the drawing and its rows.
        log.error("A drawing was left out: %s (%s)", spec["usermeta"]["drawing"], type(failed).__name__)
        return ""


def _key(spec):
    said = json.dumps([_VERSION, _library(), spec], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


@cache
def _library():
    return version("vl-convert-python")
