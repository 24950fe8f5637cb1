"""Pictures are of the product as it is: each that a text shows is there, is shown, and is taken by the walk of the tour."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "docs" / "screens"


def shown():
    """{text: its pictures}, as paths."""
    texts = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    links = re.compile(r"""(?:\]\(|src=")([^)"\s]+\.png)""")
    return {text.name: [text.parent / link for link in links.findall(text.read_text())] for text in texts}


def test_every_picture_that_a_text_shows_is_there():
    missing = [f"{text}: {one.name}" for text, pictures in shown().items() for one in pictures if not one.is_file()]
    assert missing == []


def test_every_picture_is_shown_and_taken_by_the_walk_of_the_tour_and_all_are_small():
    kept = {one.stem: one.stat().st_size for one in SCREENS.iterdir()}
    taken = re.findall(r'picture\(\w+, "([\w-]+)"', (ROOT / "tests/browser/test_tour.py").read_text())
    assert len(taken) == len(set(taken))
    assert set(kept) == set(taken)
    assert set(kept) == {one.stem for pictures in shown().values() for one in pictures}
    assert sum(kept.values()) < 2_500_000


def test_the_tour_is_told_to_who_reads_with_their_ears_too():
    tour = (ROOT / "docs" / "tour.md").read_text()
    told = re.findall(r"!\[([^\]]*)\]|alt=\"([^\"]*)\"", tour)
    assert all(len(markdown or html) > 20 for markdown, html in told)
