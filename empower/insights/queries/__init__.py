"""What the dashboard and the reports count, each figure with what it is out of.

`selection` says what is counted (whose eyes, which days, which part of the house), `facts` counts it with a few SQL
aggregates, `figures` makes shares, means and quantiles of the counts, `hiding` keeps small groups out of sight,
`families` holds figures that are counted and hidden together, `reports` and `dashboard` put all of them together, `signals`
says what stands out by more than chance. Only `facts`, `timing`, `costs` and `families` read the tables; for the first
three the roll-ups answer, through `counts`, and nothing else notices.
"""
