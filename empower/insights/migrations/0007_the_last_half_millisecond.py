from django.db import migrations


def forget(apps, schema_editor):
    """On SQLite the last half millisecond of a second was read as the next, and so of a day: the worker makes them anew."""
    if schema_editor.connection.vendor == "sqlite":
        apps.get_model("insights", "RollUp").objects.all().delete()
        apps.get_model("notices", "Reading").objects.filter(name="roll_ups").delete()


class Migration(migrations.Migration):
    dependencies = [("insights", "0006_news_of_roll_ups"), ("notices", "0003_mail_wishes")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
