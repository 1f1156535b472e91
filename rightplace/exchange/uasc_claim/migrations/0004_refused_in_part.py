"""What was refused of a line, in pence: until now a line was refused whole."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('children', '0004_living_with'),
        ('organisations', '0001_initial'),
        ('uasc_claim', '0003_awards_and_year_costs'),
    ]

    operations = [
        migrations.AddField(
            model_name='grantclaimline',
            name='refused_pence',
            field=models.BigIntegerField(default=0),
        ),
        migrations.RunSQL(
            "UPDATE uasc_claim_grantclaimline SET refused_pence = pence WHERE refused_reason <> ''",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='grantclaimline',
            constraint=models.CheckConstraint(condition=models.Q(('refused_pence__gte', 0), ('refused_pence__lte', models.F('pence'))), name='refused_is_a_part_of_what_was_claimed'),
        ),
        migrations.AddConstraint(
            model_name='grantclaimline',
            constraint=models.CheckConstraint(condition=models.Q(('refused_pence', 0), models.Q(('refused_reason', ''), _negated=True), _connector='OR'), name='what_is_refused_says_why'),
        ),
    ]
