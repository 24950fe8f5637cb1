from django.db import models
from django.db.models import Q

from empower import clock


def _theirs(user, path):
    """The condition by which a row's webhook is this person's to see; None for nobody's, an empty Q for all."""
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_superuser or user.role == "leader":
        return Q()
    if user.role == "general_manager" and user.property_id:
        return Q(**{path: user.property_id})
    return None


class WebhookQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for leaders and the superuser; a general manager's own property's; nobody else's."""
        mine = _theirs(user, "property")
        return self.none() if mine is None else self.filter(mine)

    def active(self):
        return self.filter(is_active=True)


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the webhooks that this person sees."""
        mine = _theirs(user, "webhook__property")
        return self.none() if mine is None else self.filter(mine)

    def due(self, at=None):
        """Waiting, their moment come, and in nobody's hands; of webhooks that are active."""
        at = at or clock.now()
        free = Q(claimed_until=None) | Q(claimed_until__lte=at)
        return self.filter(free, status="waiting", due_at__lte=at, webhook__is_active=True)


class MailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; all for the superuser, who sees to it that mail goes out: no words of it are kept."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.is_superuser else self.filter(recipient=user)

    def due(self, at=None):
        """Waiting, their moment come, and in nobody's hands."""
        at = at or clock.now()
        free = Q(claimed_until=None) | Q(claimed_until__lte=at)
        return self.filter(free, status="waiting", due_at__lte=at)
