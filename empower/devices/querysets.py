from django.db import models


class SharedDeviceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's property for its managers; all for leaders, auditors and the superuser."""
        if not user.is_active or user.signed_with_pin:
            return self.none()
        if user.sees_every_property or user.is_superuser:
            return self
        return self.filter(property=user.property_id) if user.sees_whole_property else self.none()

    def enrolled(self):
        return self.filter(revoked_at=None)


class PinQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's property for its managers, and one's own: no more than whether there is one, and since when."""
        mine = models.Q(employee=user)
        if user.is_active and user.sees_whole_property:
            mine |= models.Q(employee__property=user.property_id)
        return self.filter(mine)
