"""What is asked of the log."""

from django.db.models import Q, QuerySet

ROLES_THAT_READ_ALL = frozenset({"auditor", "leader"})


def reads_the_whole_log(user):
    """Auditors and leaders. Not the superuser, whatever the role: admin sets things up and sees no guest."""
    return bool(user.is_authenticated and user.is_active and not user.is_superuser and user.role in ROLES_THAT_READ_ALL)


class AuditEventQuerySet(QuerySet):
    def visible_to(self, user):
        """All for auditors and leaders; for everybody else active, what they did and what concerns them."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if reads_the_whole_log(user):
            return self
        return self.filter(Q(actor_id=user.pk) | Q(about_id=user.pk))

    def in_order(self):
        """Those that have a position, by it: the order that every reader agrees on."""
        return self.filter(position__isnull=False).select_related("position").order_by("position__position")

    def since(self, position):
        """In order, from ``position`` on, itself included: a reader passes the one after the last it has read."""
        return self.in_order().filter(position__position__gte=position)

    def unsealed(self):
        """The tail: committed, still in the queue. Their order is not settled yet; by id meanwhile."""
        return self.filter(unsealed__isnull=False).order_by("pk")


class CheckpointQuerySet(QuerySet):
    def visible_to(self, user):
        """For whom the whole log is. What somebody else may see, the proof of an own event carries along."""
        return self if reads_the_whole_log(user) else self.none()

    def latest(self):
        """The one that covers most, or None."""
        return self.order_by("size").last()
