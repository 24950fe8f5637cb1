"""`make bench`: how fast the figures are with a million spends, beside DuckDB counting the same rows, which must agree.

`world` fills an empty database in bulk, `rows` says how a row is written on each engine, `referee` counts in DuckDB what
`insights.queries.counts` tells, `measures` times, `__main__` prints the table.
"""
