from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0007_booking_address_and_contact'),
    ]

    operations = [
        migrations.AlterField(
            model_name='sitewords',
            name='edition',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, editable=False),
        ),
    ]
