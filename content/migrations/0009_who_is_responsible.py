from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0008_default_of_the_edition'),
    ]

    operations = [
        migrations.AddField(
            model_name='sitewords',
            name='controller',
            field=models.TextField(blank=True, db_default='', default='', help_text='Who is responsible for visitors’ data by law: name and postal address. The privacy page names them.', max_length=500),
        ),
        migrations.AddField(
            model_name='sitewords',
            name='legal_basis',
            field=models.TextField(blank=True, db_default='', default='', help_text='On which legal basis you keep answers, grants to coaches, and accounts, such as consent under Article 6(1)(a) GDPR. For the privacy page.', max_length=1000),
        ),
        migrations.AddField(
            model_name='sitewords',
            name='processors',
            field=models.TextField(blank=True, db_default='', default='', help_text='Who processes data for you, and where: the host of the server, of backups, and of mail. Write “No one” if you run all of it yourself.', max_length=1000),
        ),
    ]
