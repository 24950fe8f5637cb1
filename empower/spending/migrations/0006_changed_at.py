# Lists are asked what has changed since a moment: each row says when it last did.

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("spending", "0005_what_was_taken_back")]

    operations = [
        migrations.AddField(
            model_name="gesture",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, default=timezone.now),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(fields=["updated_at"], name="approval_changed"),
        ),
        migrations.AddIndex(
            model_name="spend",
            index=models.Index(fields=["updated_at"], name="spend_changed"),
        ),
    ]
