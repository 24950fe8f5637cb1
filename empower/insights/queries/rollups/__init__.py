"""Roll-ups: what the facts of a house and a local day come to, kept, so that a report costs with days and not with spends.

A *block* is one property and one local day. Its *tally* is what happened there, told apart by one thing at a time (a
*facet*: nothing, the department, the category ...), as counts, as values with how often each occurred, and as who acted.
Tallies are sums, so a month's is that of its days, and the one of all properties that of each: `RollUp` keeps all four.

`counting` makes the tally of a block from the facts; `tail` finds which blocks the log has touched since it was read;
`stored` reads what is kept for a period, its news, and the tail counted anew on top; `answers` gives it the shape in which
`facts`, `costs` and `timing` answer. What no facet tells (two filters at once, a role, a moment of the past) those answer.
Writing is `services.keep_roll_ups`, which notes what is new as the news of its day, and `services.rolling.fold_news`, which
makes both one. `recurrence` tells what happened again.
"""
