from django.db import models
from django.db.models import Exists, OuterRef, Q

from empower import clock


class PolicyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The rules of one's own property and of the whole group; everything for who oversees or sets up."""
        if not user.is_active:
            return self.none()
        if user.sees_every_property or user.is_superuser:
            return self
        return self.filter(Q(property=None) | Q(property=user.property_id))

    def in_force(self, at=None):
        """Of each code the newest version that has begun by ``at`` and not ended, unless that one withdraws the rule.

        So a temporary version ends by itself, and the one before it is in force again.
        """
        at = at or clock.now()
        lasting = Q(effective_until=None) | Q(effective_until__gt=at)
        newer = self.model._default_manager.filter(
            lasting, code=OuterRef("code"), version__gt=OuterRef("version"), effective_from__lte=at
        )
        return self.filter(lasting, ~Exists(newer), effective_from__lte=at, is_withdrawn=False)


class DeputyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Deputies of one's own property; everything for who oversees or sets up."""
        if not user.is_active:
            return self.none()
        if user.sees_every_property or user.is_superuser:
            return self
        return self.filter(Q(absent__property=user.property_id) | Q(stands_in=user))

    def in_force(self, at=None):
        at = at or clock.now()
        return self.filter(begins_at__lte=at, ends_at__gt=at, revoked_at=None)

    def not_over(self, at=None):
        """Those that run, and those to come."""
        return self.filter(ends_at__gt=at or clock.now(), revoked_at=None)


class OnCallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of one's own property; one's own turns; everything for who oversees or sets up."""
        if not user.is_active:
            return self.none()
        if user.sees_every_property or user.is_superuser:
            return self
        return self.filter(Q(property=user.property_id) | Q(employee=user))

    def in_force(self, at=None):
        at = at or clock.now()
        return self.filter(begins_at__lte=at, ends_at__gt=at, revoked_at=None)

    def not_over(self, at=None):
        return self.filter(ends_at__gt=at or clock.now(), revoked_at=None)
