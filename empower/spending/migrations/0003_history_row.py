import django.db.models.deletion
from django.db import migrations, models

import empower.clock


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_initial"),
        ("journal", "0001_initial"),
        ("spending", "0002_initial"),
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoryRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(max_length=200)),
                ("salt", models.CharField(blank=True, max_length=32)),
                ("digest", models.CharField(max_length=64)),
                ("amount", models.BigIntegerField(blank=True, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("recorded_at", models.DateTimeField(default=empower.clock.now)),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.journalentry",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history_rows",
                        to="incidents.incident",
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.property"
                    ),
                ),
                (
                    "spend",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history_row",
                        to="spending.spend",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddConstraint(
            model_name="historyrow",
            constraint=models.UniqueConstraint(
                fields=("property", "external_id"), name="a_property_imports_a_row_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="historyrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__isnull", True), ("currency", ""), _connector="AND"
                )
                | models.Q(("amount__isnull", False)) & ~models.Q(("currency", "")),
                name="a_row_that_moves_money_says_which",
            ),
        ),
    ]
