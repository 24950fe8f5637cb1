from django.db import models
from django.db.models import F, Q, Sum

from empower import clock


class SpendQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own acts; a property's for its managers; all for leaders and auditors; none for the superuser."""
        if not user.is_active or user.is_superuser or not user.role:
            return self.none()
        if user.sees_every_property:
            return self
        if user.sees_whole_property:
            return self.filter(Q(property=user.property_id) | Q(employee=user))
        return self.filter(employee=user)

    def told_on(self, incident, user):
        """What was given on an incident, for anybody who may see that incident: its guest is everybody's guest."""
        from_here = type(incident)._default_manager.visible_to(user).filter(pk=incident.pk)
        return self.filter(incident__in=from_here)

    def acts(self):
        """What was really given: posted, or posted and partly taken back."""
        return self.filter(status="posted")

    def own(self):
        """Given of one's own accord."""
        return self.filter(judged_as="own")

    def waiting(self):
        return self.filter(status="pending")

    def given_amount(self):
        """What the guests saw, less what was taken back, in minor units. For spends of one currency."""
        return self.acts().aggregate(sum=Sum(F("amount") - F("reversed_amount")))["sum"] or 0

    def with_details(self):
        """Spends as lists show them: one query, however many rows."""
        return self.select_related(
            "incident", "guest", "employee", "property", "department", "gesture", "policy", "authority", "approval"
        )


class ApprovalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own requests; a property's for its managers; all for leaders and auditors; those one is named in."""
        if not user.is_active or user.is_superuser or not user.role:
            return self.none()
        if user.sees_every_property:
            return self
        mine = Q(employee=user) | Q(named=user)
        now = clock.now()
        standing_in = Q(
            property__employees__deputies__stands_in=user,
            property__employees__deputies__begins_at__lte=now,
            property__employees__deputies__ends_at__gt=now,
            property__employees__deputies__revoked_at=None,
        )
        # With a PIN too: whoever wants to answer there is told that it takes the password (empower/spending/permissions.py).
        if user.role in ("manager", "general_manager"):
            return self.filter(mine | Q(property=user.property_id))
        return self.filter(pk__in=self.model._default_manager.filter(mine | standing_in).values("pk"))

    def awaiting_an_answer(self):
        """Requests not yet decided, and verbal yeses not yet confirmed."""
        return self.filter(status__in=["open", "to_confirm"])

    def overdue(self, at=None):
        """Open requests whose clock has run out and is not stopped by a question."""
        at = at or clock.now()
        return self.filter(status="open", question_asked_at=None).filter(Q(due_at__lte=at) | Q(expires_at__lte=at))

    def oldest_first(self):
        return self.order_by("requested_at", "pk")

    def with_details(self):
        """Approvals as the queue shows them: one query, however many rows."""
        return self.select_related(
            "spend__incident__category",
            "spend__guest",
            "spend__gesture",
            "spend__authority",
            "spend__policy",
            "employee",
            "property",
            "decided_by",
            "named",
        )


class HistoryImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Leaders see all, the superuser those that they handed in themself: what was left out names guests."""
        if not user.is_active or user.signed_with_pin:
            return self.none()
        if user.is_superuser:
            return self.filter(uploaded_by=user)
        return self if user.role == "leader" else self.none()


class RequestLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody's: a link is found by its secret, and by nothing else."""
        return self.none()
