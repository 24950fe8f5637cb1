from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "empower.insights"
    label = "insights"
    verbose_name = "Insights"

    def ready(self):
        from empower import duties

        from .services import make_roll_ups, queue_weekly_mails, weekly

        # Who asks brings them up to date as well: this is for when nobody asks for long.
        duties.register("roll_ups", make_roll_ups, seconds=15)
        weekly.register()
        duties.register("mail about the week", queue_weekly_mails, seconds=60)
