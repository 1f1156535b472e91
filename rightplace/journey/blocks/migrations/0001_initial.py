"""Shared blocks; a trigger holds that the parts of a settled month add up to its cost."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


MAKE = """
CREATE FUNCTION blocks_month_adds_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    wanted bigint;
    cost bigint;
    parts bigint;
BEGIN
    IF TG_TABLE_NAME = 'blocks_blockshare' THEN wanted := NEW.settlement_id; ELSE wanted := NEW.id; END IF;
    SELECT cost_pence INTO cost FROM blocks_blocksettlement WHERE id = wanted;
    SELECT coalesce(sum(pence), 0) INTO parts FROM blocks_blockshare WHERE settlement_id = wanted;
    IF cost <> parts THEN
        RAISE EXCEPTION 'the parts of settlement % are not its cost', wanted USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER blocks_settlement_adds_up AFTER INSERT OR UPDATE OF cost_pence ON blocks_blocksettlement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION blocks_month_adds_up();
CREATE CONSTRAINT TRIGGER blocks_share_adds_up AFTER INSERT OR UPDATE OF pence, settlement_id ON blocks_blockshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION blocks_month_adds_up();
"""
UNMAKE = """
DROP TRIGGER blocks_share_adds_up ON blocks_blockshare;
DROP TRIGGER blocks_settlement_adds_up ON blocks_blocksettlement;
DROP FUNCTION blocks_month_adds_up();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0001_initial'),
        ('organisations', '0001_initial'),
        ('providers', '0004_extras_and_needs_declined'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BlockHandover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('night_pence', models.BigIntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(default='offered', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('offered_at', models.DateTimeField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.authority')),
                ('consortium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.consortium')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='BlockNomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('needed_on', models.DateField()),
                ('words', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(default='asked', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.authority')),
                ('consortium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.consortium')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SharedBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('name', models.CharField(max_length=120)),
                ('beds', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('turn_rule', models.CharField(max_length=20)),
                ('risk_rule', models.CharField(max_length=20)),
                ('turn_hours', models.PositiveSmallIntegerField(default=48)),
                ('state', models.CharField(default='running', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.authority')),
                ('consortium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.consortium')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('setting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.setting')),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='BlockTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('kind', models.CharField(max_length=8)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.authority')),
                ('consortium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.consortium')),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='blocks.sharedblock')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='BlockStay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('bed', models.PositiveSmallIntegerField()),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('night_pence', models.BigIntegerField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.authority')),
                ('consortium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.consortium')),
                ('handover', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stay', to='blocks.blockhandover')),
                ('nomination', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stay', to='blocks.blocknomination')),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='blocks.sharedblock')),
            ],
            options={
                'ordering': ['bed', 'period'],
            },
        ),
        migrations.CreateModel(
            name='BlockSettlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('month', models.DateField()),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('cost_pence', models.BigIntegerField()),
                ('bed_nights', models.PositiveIntegerField()),
                ('risk_pence', models.BigIntegerField()),
                ('state', models.CharField(default='sent', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.authority')),
                ('consortium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.consortium')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pdf', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='blocks.sharedblock')),
            ],
            options={
                'ordering': ['-month', '-id'],
            },
        ),
        migrations.CreateModel(
            name='BlockPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('starts_on', models.DateField()),
                ('amount_pence', models.BigIntegerField()),
                ('unit', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('made_at', models.DateTimeField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.authority')),
                ('consortium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.consortium')),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='blocks.sharedblock')),
            ],
            options={
                'ordering': ['starts_on'],
            },
        ),
        migrations.AddField(
            model_name='blocknomination',
            name='block',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='blocks.sharedblock'),
        ),
        migrations.CreateModel(
            name='BlockMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('place', models.PositiveSmallIntegerField()),
                ('top', models.BigIntegerField()),
                ('bottom', models.BigIntegerField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.authority')),
                ('consortium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.consortium')),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='blocks.sharedblock')),
            ],
            options={
                'ordering': ['place'],
            },
        ),
        migrations.AddField(
            model_name='blockhandover',
            name='block',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='blocks.sharedblock'),
        ),
        migrations.CreateModel(
            name='BlockShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('nights', models.PositiveIntegerField()),
                ('used_pence', models.BigIntegerField()),
                ('handed_nights', models.PositiveIntegerField()),
                ('handed_pence', models.BigIntegerField()),
                ('risk_pence', models.BigIntegerField()),
                ('pence', models.BigIntegerField()),
                ('state', models.CharField(default='waiting', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('signed_at', models.DateTimeField(null=True)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.authority')),
                ('consortium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.consortium')),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='blocks.blocksettlement')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['disputed', 'signed', 'waiting'])), name='block_share_state_is_known'), models.UniqueConstraint(fields=('settlement', 'authority'), name='one_share_of_a_month'), models.CheckConstraint(condition=models.Q(('pence', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('used_pence'), '+', models.F('handed_pence')), '+', models.F('risk_pence')))), name='a_share_is_its_parts'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'signed'), _negated=True), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='a_signature_has_a_name')],
            },
        ),
        migrations.AddConstraint(
            model_name='sharedblock',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['ended', 'running'])), name='block_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='sharedblock',
            constraint=models.CheckConstraint(condition=models.Q(('beds__gte', 1), ('beds__lte', 200)), name='block_has_beds'),
        ),
        migrations.AddConstraint(
            model_name='sharedblock',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='block_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='sharedblock',
            constraint=models.CheckConstraint(condition=models.Q(('risk_rule__in', ['by_share', 'by_unused']), ('turn_rule__in', ['below_share', 'in_turn', 'own_beds'])), name='block_rules_are_known'),
        ),
        migrations.AddConstraint(
            model_name='blockturn',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['took', 'passed', 'lapsed'])), name='turn_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='blockstay',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('block_id'), models.F('block_id'), models.Value('[]'), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), (models.Func(models.F('bed'), models.F('bed'), models.Value('[]'), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), ('period', '&&')], name='no_bed_of_a_block_twice'),
        ),
        migrations.AddConstraint(
            model_name='blockstay',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handover__isnull', True), ('night_pence__isnull', True), ('nomination__isnull', False)), models.Q(('handover__isnull', False), ('night_pence__gte', 0), ('nomination__isnull', True)), _connector='OR'), name='a_bed_is_used_or_taken_over'),
        ),
        migrations.AddConstraint(
            model_name='blocksettlement',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['agreed', 'sent', 'withdrawn'])), name='settlement_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='blocksettlement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('block', 'month'), name='one_settlement_of_a_month'),
        ),
        migrations.AddConstraint(
            model_name='blocksettlement',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='settled_from_the_first'),
        ),
        migrations.AddConstraint(
            model_name='blockprice',
            constraint=models.UniqueConstraint(fields=('block', 'starts_on'), name='one_block_price_a_day'),
        ),
        migrations.AddConstraint(
            model_name='blockprice',
            constraint=models.CheckConstraint(condition=models.Q(('amount_pence__gte', 0), ('unit__in', ['four_weeks', 'month', 'night', 'week'])), name='block_price_is_known'),
        ),
        migrations.AddConstraint(
            model_name='blocknomination',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'placed', 'withdrawn'])), name='nomination_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='blockmember',
            constraint=models.UniqueConstraint(fields=('block', 'authority'), name='one_member_once'),
        ),
        migrations.AddConstraint(
            model_name='blockmember',
            constraint=models.UniqueConstraint(fields=('block', 'place'), name='one_member_at_a_place'),
        ),
        migrations.AddConstraint(
            model_name='blockmember',
            constraint=models.CheckConstraint(condition=models.Q(('bottom__gte', models.F('top')), ('top__gt', 0)), name='a_member_has_a_share'),
        ),
        migrations.AddConstraint(
            model_name='blockhandover',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['accepted', 'declined', 'offered', 'withdrawn'])), name='handover_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='blockhandover',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on')), ('night_pence__gte', 0)), name='handover_is_for_nights'),
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
