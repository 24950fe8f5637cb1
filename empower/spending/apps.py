from django.apps import AppConfig


class SpendingConfig(AppConfig):
    name = "empower.spending"
    label = "spending"
    verbose_name = "Spending"

    def ready(self):
        from empower import duties
        from empower.incidents.services.changing import ASKED_FIRST

        from . import erasure, triggers
        from .services import escalate_overdue_approvals, queue_request_mails, request_mails
        from .services.closing import keep_with_its_spends
        from .services.history.uploads import work_on_imports

        erasure.hand_over()
        triggers.register()
        ASKED_FIRST.append(keep_with_its_spends)
        request_mails.register()
        duties.register("mail about requests", queue_request_mails, seconds=2)
        duties.register("overdue approvals", escalate_overdue_approvals, seconds=10)
        duties.register("imports of history", work_on_imports, seconds=3)
