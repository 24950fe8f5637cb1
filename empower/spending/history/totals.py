"""The figures of an import as they are kept: integers, codes, and sums in minor units by currency."""

_COUNTS = (
    "read", "imported", "already_there", "conflicting", "rejected", "excused", "unmatched_credits", "differing_facts",
    "other_timezones",
)  # fmt: skip
#: Codes that are kept of what is opened and hired; of the rest the number.
MOST_CODES = 50


def figures_of(summary):
    """A `Summary` as a dict for a JSON field."""
    return (
        {name: getattr(summary, name) for name in _COUNTS}
        | {name: dict(getattr(summary, name)) for name in ("sums", "sums_known", "made")}
        | {"in_utc": summary.in_utc[:MOST_CODES], "opened": summary.opened[:MOST_CODES]}
        | {"hired": summary.hired[:MOST_CODES], "people": len(summary.hired), "properties": len(summary.opened)}
    )


def added_up(before, now):
    """The figures of an import that was taken up again from its first row: what was in by then came of the import too."""
    if not before:
        return now
    told = now | {name: before[name] + now[name] for name in ("excused", "unmatched_credits", "people", "properties")}
    told["imported"] = before["imported"] + now["imported"]
    told["already_there"] = now["already_there"] - before["imported"]
    for name in ("sums", "made"):
        told[name] = {
            key: before[name].get(key, 0) + now[name].get(key, 0) for key in sorted({*before[name], *now[name]})
        }
    told["sums_known"] = {
        key: value for key, had in now["sums_known"].items() if (value := had - before["sums"].get(key, 0))
    }
    for name in ("in_utc", "opened", "hired"):
        told[name] = (before[name] + now[name])[:MOST_CODES]
    return told
