"""Which rule applies, and who stands in for whom."""


def policy_in_force(*, employee, property, at=None):
    """The most specific policy in force at ``at`` (now) for this employee's acts at this property, or None.

    Specificity: the employee's department (8), the property (4), the employee's role (2); the currency must be the
    property's. A temporary raise (with an end) wins a tie, then the newest beginning, then the newest row. One query.
    """
    raise NotImplementedError


def deputies_in_force(*, absent_ids, at=None):
    """{absent employee id: [deputy Employee, ...]} for those who have an active deputy at ``at``. One query."""
    raise NotImplementedError


def stands_in_for(*, employee, at=None):
    """The employees in whose place this one answers at ``at``: direct only, never a chain. One query."""
    raise NotImplementedError
