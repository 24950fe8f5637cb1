"""Whether the books, the authorities and the log still say the same: small checks, each with a name.

A check asks the database in a few grouped statements and streams what it must see row by row, so its memory does not
grow with the history. It answers the first `Fault` that it finds, or None. `running` puts them in their order and makes
sure that all of them look at one moment.

What they can't see: that a policy was the most specific one (people change their role and department, and the rows say
what they are today), and anything that was made whole again by somebody who owns the database and the log alike; for
that there are the checkpoints.
"""
