# Lists are asked what has changed since a moment: each row says when it last did.

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_service_accounts")]

    operations = [
        migrations.AddField(
            model_name="department",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, default=timezone.now),
            preserve_default=False,
        ),
    ]
