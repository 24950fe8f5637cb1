from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "empower.audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Ground floor: whatever else is installed, the triggers are put back when its migrations are done.
        from empower import append_only, duties

        from . import triggers
        from .services import sequence_waiting_events

        triggers.register()
        append_only.connect(self)
        duties.register("positions of events", sequence_waiting_events, seconds=1)
