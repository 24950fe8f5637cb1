# Lists are asked what has changed since a moment: each row says when it last did.

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_catalogue")]

    operations = [
        migrations.AddField(
            model_name="category",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, default=timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, default=timezone.now),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="guest",
            index=models.Index(fields=["updated_at"], name="guest_changed"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["updated_at"], name="incident_changed"),
        ),
    ]
