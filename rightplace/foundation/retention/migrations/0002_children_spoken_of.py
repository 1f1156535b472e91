import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
        ('retention', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubjectMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('child_id', models.BigIntegerField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organisations.authority')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='retention.subjectrequest')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'child_id'), name='a_child_once_in_a_subject_request')],
            },
        ),
    ]
