from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "empower.notices"
    label = "notices"
    verbose_name = "Notices"

    def ready(self):
        from empower import duties

        from .services import forget_old_deliveries, keep_delivering, keep_mailing

        duties.register("webhooks", keep_delivering, seconds=1)
        duties.register("mail", keep_mailing, seconds=2)
        duties.register("old deliveries", forget_old_deliveries, seconds=3600)
