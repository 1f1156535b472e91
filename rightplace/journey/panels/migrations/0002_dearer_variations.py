import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0006_conditions_of_rises'),
        ('panels', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='panelitem',
            name='rise',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='panel_items', to='contracts.risepermission'),
        ),
        migrations.AddConstraint(
            model_name='panelitem',
            constraint=models.UniqueConstraint(condition=models.Q(('rise__isnull', False), ('state__in', ['listed', 'to_ratify'])), fields=('rise',), name='a_variation_on_one_agenda'),
        ),
        migrations.AddConstraint(
            model_name='panelitem',
            constraint=models.CheckConstraint(condition=models.Q(('permission__isnull', True), ('rise__isnull', True), _connector='OR'), name='an_item_asks_for_one_permission'),
        ),
    ]
