"""How it ends for a guest: quick and of one's own accord mends best, a long wait mends least."""

#: (recovered, lost, unknown) in a hundred, by what was done.
_CHANCES = {
    "own": (88, 6, 6),
    "small": (82, 9, 9),
    "asked": (87, 7, 6),
    "less": (72, 18, 10),
    "refused": (34, 54, 12),
    "nothing": (60, 26, 14),
}
_FEELINGS = {"delighted": (9, 10, 10), "recovered": (6, 7, 8, 8, 9), "unknown": (4, 5, 6), "lost": (0, 1, 2, 3)}


def ending(rng, did, *, waited, severity, kind="recovery"):
    """(outcome, feeling after or None). ``did``: a key of `_CHANCES`; ``waited``: minutes from the report to the act."""
    if kind == "delight":
        outcome = "delighted" if rng.random() < (0.45 if did == "nothing" else 0.87) else "unknown"
    else:
        good, bad, unknown = _CHANCES[did]
        lost = min(good - 5, max(0, waited - 12) * 0.16 + max(0, severity - 2) * 2)
        outcome = rng.choices(("recovered", "lost", "unknown"), weights=(good - lost, bad + lost * 0.85, unknown))[0]
        if outcome == "recovered" and did == "own" and waited <= 10 and rng.random() < 0.1:
            outcome = "delighted"
    return outcome, feeling_after(rng, outcome)


def feeling_after(rng, outcome):
    """0-10, or None where nobody asked."""
    if rng.random() < (0.75 if outcome == "unknown" else 0.3):
        return None
    return rng.choice(_FEELINGS[outcome])


def feeling_before(rng, severity):
    return None if rng.random() < 0.15 else max(0, min(10, 6 - severity + rng.choice((-1, 0, 0, 1))))
