"""Where the log ends: two moments with the same end have the same facts."""

from django.db.models import Count, Subquery, Value

from empower.audit.models import Position, Unsealed


def log_end():
    """``"position/digest of its event/how many wait"``: another text after every commit of a command. One query.

    Between two positions given, events only join those that wait, and none leaves; so their number tells them apart
    whatever the order in which they were committed. The digest tells one database from another in the same folder.
    """
    waiting = Unsealed.objects.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    rows = Position.objects.order_by("-position").annotate(waiting=Subquery(waiting))
    last = rows.values_list("position", "event__digest", "waiting").first()
    return "/".join(map(str, last)) if last else f"-1//{Unsealed.objects.count()}"
