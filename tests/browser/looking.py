"""What a test sees of a page, and keeps of it."""

import os
from pathlib import Path


def keep(page, name, **options):
    """A screenshot for the README, where somebody asked for them: SCREENSHOTS=folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", **options)


def is_wider_than_its_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")
