"""Which admin site this project has."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "ledger.desk.Desk"

    def ready(self):
        from .desk_words import give_names

        give_names()
        super().ready()
