"""What the dashboard and the reports count, each figure with what it is out of.

`selection` says what is counted (whose eyes, which days, which part of the house), `facts` counts it with a few SQL
aggregates, `figures` makes shares, means and quantiles of the counts, `hiding` keeps small groups out of sight,
`reports` and `dashboard` put them together. Only `facts`, `timing` and `costs` read the tables: roll-ups can take
their place and nothing else would notice.
"""
