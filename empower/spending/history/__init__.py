"""The history file: what happened before there was this system, read row by row and never guessed at.

Here is the reading: `reading` (the file and its rows), `times` (ISO 8601 in the property's local time), `summary` (the
figures, and the file of rejects). What writes is `services.history`. What product.md leaves open is settled so:

* An ``external_id`` is known per property: two houses may both number their rows from 1. Cells are read without the
  blanks around them, narrative and note letter for letter. Content is what the cells mean (``10.0`` is ``10.00``), all
  columns counted; the order of the columns is no content.
* A new property takes the first currency and the first time zone that any of its rows in the file names.
* A local time that comes twice (clocks put back) is the first of the two; one that never was (clocks put forward) is a
  rejected row. A report or a resolution is compared with the incident by days where either is a date alone.
* A row with an outcome, or with ``resolved_at``, is a resolved incident; resolved when it was reported where the file
  does not say when, and with the outcome ``unknown`` where it does not say how.
* ``gesture`` defaults to ``other``, a gift's department to the incident's. A cost has the sign of its amount. A new
  category is of the kind `variation`, a new gesture costs what it shows, and a person named in ``approved_by`` anywhere
  in the file is created as a manager, and inactive: no request of today should wait for who can't sign in.
* An act with an ``approved_by`` counts as approved, also where it needed no approval; else what is within the authority
  left counts as the employee's own, what is above it as excused, and what was done before there was any policy as
  unlimited: there was nothing to be within or above.
* "Oldest first", of the spends that a credit reverses, is by ``occurred_at``, then by the order of import.
"""
