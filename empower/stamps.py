"""When a row was last changed, by the one clock: what `updated_since` is asked of."""

from django.db import models

from empower import clock


class ChangedAt(models.DateTimeField):
    """Set to `clock.now()` by every ``save`` that writes it; a ``QuerySet.update`` has to name it itself.

    Django's own ``auto_now`` reads another clock. To migrations this is that plain field: nothing but the clock differs.
    """

    def __init__(self, *args, **options):
        super().__init__(*args, **options | {"auto_now": True})

    def deconstruct(self):
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, options

    def pre_save(self, row, add):
        moment = clock.now()
        setattr(row, self.attname, moment)
        return moment
