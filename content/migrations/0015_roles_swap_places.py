from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0014_addresses_and_reviews'),
    ]

    operations = [
        migrations.AlterField(
            model_name='role',
            name='position',
            field=models.PositiveSmallIntegerField(help_text='1 is on the left everywhere, 2 is on the right.', null=True, unique=True),
        ),
    ]
