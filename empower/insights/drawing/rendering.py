"""A spec to SVG: drawn once by vl-convert, and kept by what it says.

vl-convert runs Vega-Lite in a V8 of its own, inside this process: some 50 ms for a drawing, a second and 80 MB for the first
of a process. It is called from several threads without a lock: it holds the interpreter's own while it draws.
"""

import hashlib
import json
import logging
import os
from functools import cache
from importlib.metadata import version

from django.core.cache import caches
from django.utils.safestring import mark_safe

from .svg import fit_for_the_page

log = logging.getLogger(__name__)

#: What a spec says is all that is in its drawing, so it is never stale; the day only lets go of what nobody asks for.
SECONDS = 24 * 60 * 60

#: One more with each change of `svg`: the theme is in the spec.
_VERSION = 1

#: The process whose V8 it is. A child that was forked from it would wait for the answer of a thread that it hasn't got.
_drawing_process = None


def drawn(spec):
    """The SVG of a Vega-Lite ``spec``, safe in HTML; "" where it can't be drawn, which is logged without its data.

    The spec must hold nothing of one person. No query.
    """
    try:
        # Each text in it was escaped by the tree that wrote it, and its links are of our own root.
        return mark_safe(_kept(spec))  # noqa: S308
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as failed:  # a panic of its Rust is no Exception
        # What it says may quote names: the kind is enough to draw it again by hand.
        if os.environ.get("RAISE"):
            raise
        log.error("A drawing was left out: %s (%s)", spec["usermeta"]["drawing"], type(failed).__name__)
        return ""


def _kept(spec):
    place, key = caches["pictures"], _key(spec)
    found = place.get(key)
    if found is None:
        found = fit_for_the_page(_by_vega(spec))
        place.set(key, found, SECONDS)
    return found


def _by_vega(spec):
    # Here, so that who draws nothing (a command, the worker) doesn't load it.
    import vl_convert

    global _drawing_process
    if _drawing_process not in (None, os.getpid()):
        raise RuntimeError("A process forked from one that has drawn can't draw.")
    _drawing_process = os.getpid()
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


def _key(spec):
    said = json.dumps([_VERSION, _library(), spec], sort_keys=True)
    return f"drawing-{hashlib.sha256(said.encode()).hexdigest()}"


@cache
def _library():
    return version("vl-convert-python")
