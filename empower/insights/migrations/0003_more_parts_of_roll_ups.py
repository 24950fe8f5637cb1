from django.db import migrations, models


def forget(apps, schema_editor):
    """They are sums of the facts, told apart otherwise from here on: the worker makes them anew."""
    apps.get_model("insights", "RollUp").objects.all().delete()
    apps.get_model("notices", "Reading").objects.filter(name="roll_ups").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0002_roll_ups"),
        ("notices", "0003_mail_wishes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rollup",
            name="part",
            field=models.CharField(max_length=12),
        ),
        migrations.AlterField(
            model_name="rollup",
            name="grain",
            field=models.CharField(
                choices=[("day", "Day"), ("third", "Third"), ("month", "Month"), ("year", "Year")], max_length=5
            ),
        ),
        migrations.RunPython(forget, forget),
    ]
