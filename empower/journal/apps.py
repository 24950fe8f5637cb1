from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "empower.journal"
    label = "journal"
    verbose_name = "Journal"

    def ready(self):
        from . import triggers

        triggers.register()
