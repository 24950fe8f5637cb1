"""What the journal is told of a spend."""

from empower.journal.services import book_spend


def booking_of(spend):
    """The money's dimensions."""
    return {
        "currency": spend.currency,
        "property": spend.property,
        "department": spend.department,
        "employee": spend.employee,
        "incident_id": spend.incident_id,
        "spend_id": spend.pk,
    }


def book(spend, *, cost, held=False, occurred_at=None):
    """The entry by which a spend costs money, or None where it costs nothing."""
    return book_spend(
        cost=cost,
        occurred_at=occurred_at or spend.occurred_at,
        purpose=spend.incident.kind,
        account=spend.gesture.account,
        paid_from=spend.gesture.paid_from,
        held=held,
        **booking_of(spend),
    )
