"""What a test sees of a page, and keeps of it."""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image


def keep(page, name, **options):
    """A screenshot to look at, where somebody asked for them: SCREENSHOTS=folder."""
    if folder := _asked_for():
        page.screenshot(path=folder / f"{name}.png", **options)


def picture(page, name, **options):
    """One for docs/tour.md or the README, the same way, into docs/screens: few colours, so that it is small."""
    if folder := _asked_for():
        page.mouse.move(0, 0)
        taken = Image.open(BytesIO(page.screenshot(**options))).convert("RGB")
        few = taken.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(folder / f"{name}.png", optimize=True)


def _asked_for():
    if not (folder := os.environ.get("SCREENSHOTS")):
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)


def is_wider_than_its_screen(page):
    # Not `innerWidth`: on a phone it grows with what is too wide.
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
