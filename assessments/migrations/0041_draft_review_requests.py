import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0040_refused_mail_of_personal_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftReviewRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("comment", models.TextField(blank=True, max_length=1000)),
                ("asked_at", models.DateTimeField()),
                (
                    "fingerprint",
                    models.CharField(
                        help_text=(
                            "SHA-256 of the draft as it was marked, to see whether it "
                            "changed."
                        ),
                        max_length=64,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_request",
                        to="assessments.questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for review",
                "verbose_name_plural": "requests for review",
                "ordering": ("asked_at",),
                "abstract": False,
                "default_permissions": (),
            },
        ),
    ]
