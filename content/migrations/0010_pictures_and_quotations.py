import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0009_who_is_responsible'),
    ]

    operations = [
        migrations.CreateModel(
            name='UploadedPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('widths', models.JSONField()),
                ('height', models.PositiveIntegerField()),
                ('unused_since', models.DateTimeField(null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='QuotationBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('heading', models.CharField(help_text='Shown in the margin next to this part.', max_length=90)),
                ('text', models.TextField(help_text='Their words, without quotation marks.')),
                ('who', models.CharField(help_text='Who said or wrote it.', max_length=120)),
                ('source', models.URLField(blank=True, help_text='The address where it stands, such as https://example.org/page.', max_length=500)),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='content.page')),
            ],
            options={
                'verbose_name': 'quotation',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PictureBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('heading', models.CharField(blank=True, help_text='A short sentence below the picture. You can leave it empty.', max_length=200, verbose_name='caption')),
                ('alternative', models.TextField(blank=True, help_text='What the picture shows, for people who don’t see it.', verbose_name='alternative text')),
                ('decorative', models.BooleanField(default=False, help_text='The picture adds nothing to the text. Screen readers skip it.')),
                ('crop', models.CharField(blank=True, choices=[('', 'Don’t crop'), ('center', 'The center'), ('top', 'The top'), ('bottom', 'The bottom'), ('left', 'The left'), ('right', 'The right'), ('top left', 'The top left'), ('top right', 'The top right'), ('bottom left', 'The bottom left'), ('bottom right', 'The bottom right')], help_text='A cropped picture is twice as wide as high. Choose what stays in view.', max_length=12)),
                ('credit', models.CharField(blank=True, help_text='Who made the picture, and its license. You can leave it empty.', max_length=200)),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='content.page')),
                ('picture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.uploadedpicture')),
            ],
            options={
                'verbose_name': 'picture',
                'ordering': ['ordering'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('decorative', True), models.Q(('alternative', ''), _negated=True), _connector='OR'), name='picture_block_has_alternative', violation_error_message='Say what the picture shows, or check “decorative”.')],
            },
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('width', models.PositiveIntegerField()),
                ('data', models.BinaryField()),
                ('picture', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='content.uploadedpicture')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('picture', 'width'), name='rendition_width_is_unique')],
            },
        ),
    ]
