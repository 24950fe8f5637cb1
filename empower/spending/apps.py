from django.apps import AppConfig


class SpendingConfig(AppConfig):
    name = "empower.spending"
    label = "spending"
    verbose_name = "Spending"

    def ready(self):
        from empower.incidents.services.changing import ASKED_FIRST

        from . import erasure, triggers
        from .services.closing import keep_with_its_spends

        erasure.hand_over()
        triggers.register()
        ASKED_FIRST.append(keep_with_its_spends)
