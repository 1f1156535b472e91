from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0005_carer_rates'),
    ]

    operations = [
        migrations.AddField(
            model_name='risepermission',
            name='conditions',
            field=models.TextField(blank=True, db_default=''),
        ),
    ]
