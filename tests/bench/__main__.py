"""``python -m tests.bench``: see `make bench`. Prints its table in Markdown."""
