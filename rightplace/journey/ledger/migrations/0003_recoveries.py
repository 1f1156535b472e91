"""Recovery invoices, and that nothing is both set off and invoiced: a trigger counts the parts of both."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


FITS = """
CREATE OR REPLACE FUNCTION ledger_item_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    owed bigint;
    taken bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (to_jsonb(NEW) - 'is_live') IS DISTINCT FROM (to_jsonb(OLD) - 'is_live') OR NOT OLD.is_live THEN
            RAISE EXCEPTION 'an item of a payment only ends' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    SELECT net_pence + vat_pence INTO owed FROM invoices_payable WHERE id = NEW.payable_id FOR UPDATE;
    SELECT coalesce(sum(pence), 0) INTO taken FROM ({parts}) parts;
    IF (owed > 0 AND NEW.pence <> owed) OR (owed <= 0 AND (NEW.pence > 0 OR NEW.pence + taken < owed)) THEN
        RAISE EXCEPTION 'an item is not what its payable is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
PAID = "SELECT pence FROM ledger_paymentitem WHERE payable_id = NEW.payable_id AND is_live"
ASKED_BACK = "SELECT pence FROM ledger_recoveryitem WHERE payable_id = NEW.payable_id AND is_live"
MAKE = f"""{FITS.format(parts=f"{PAID} UNION ALL {ASKED_BACK}")}
CREATE TRIGGER ledger_recovery_item_fits BEFORE INSERT OR UPDATE ON ledger_recoveryitem
    FOR EACH ROW EXECUTE FUNCTION ledger_item_fits();
CREATE TRIGGER ledger_receipt_stays BEFORE UPDATE OR DELETE ON ledger_recoveryreceipt
    FOR EACH ROW EXECUTE FUNCTION ledger_stays();
"""
UNMAKE = f"""
DROP TRIGGER ledger_receipt_stays ON ledger_recoveryreceipt;
DROP TRIGGER ledger_recovery_item_fits ON ledger_recoveryitem;
{FITS.format(parts=PAID)}
"""


class Migration(migrations.Migration):

    dependencies = [
        ('carers', '0003_needs_and_extras'),
        ('contracts', '0007_blocks'),
        ('files', '0001_initial'),
        ('invoices', '0003_channels'),
        ('ledger', '0002_journal_stays'),
        ('organisations', '0001_initial'),
        ('payments', '0004_parts_of_months'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='open', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('pence', models.BigIntegerField()),
                ('received_pence', models.BigIntegerField(default=0)),
                ('written_off_pence', models.BigIntegerField(default=0)),
                ('reason', models.CharField(max_length=300)),
                ('raised_at', models.DateTimeField()),
                ('sent_on', models.DateField()),
                ('due_on', models.DateField()),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('reminded_on', models.DateField(null=True)),
                ('write_off_reason', models.CharField(blank=True, max_length=500)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_words', models.CharField(blank=True, max_length=500)),
                ('ended_on', models.DateField(null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RecoveryItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pence', models.BigIntegerField()),
                ('is_live', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RecoveryReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pence', models.BigIntegerField()),
                ('received_on', models.DateField()),
                ('reference', models.CharField(max_length=60)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['received_on', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='journalentry',
            name='entry_source_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='posting',
            name='posting_account_is_known',
        ),
        migrations.AddConstraint(
            model_name='journalentry',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['accrued', 'paid', 'raised', 'received', 'released', 'returned', 'reversed', 'taken_back', 'written_off'])), name='entry_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(('account__in', ['accruals', 'bank', 'creditors', 'debtors', 'expenditure', 'recoverable', 'vat', 'written_off'])), name='posting_account_is_known'),
        ),
        migrations.AddField(
            model_name='recovery',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recovery',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organisations.authority'),
        ),
        migrations.AddField(
            model_name='recovery',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recovery',
            name='household',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='carers.household'),
        ),
        migrations.AddField(
            model_name='recovery',
            name='pdf',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='recovery',
            name='provider',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.provider'),
        ),
        migrations.AddField(
            model_name='recovery',
            name='raised_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recoveryitem',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organisations.authority'),
        ),
        migrations.AddField(
            model_name='recoveryitem',
            name='payable',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recovery_items', to='invoices.payable'),
        ),
        migrations.AddField(
            model_name='recoveryitem',
            name='provider',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.provider'),
        ),
        migrations.AddField(
            model_name='recoveryitem',
            name='recovery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='ledger.recovery'),
        ),
        migrations.AddField(
            model_name='recoveryreceipt',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organisations.authority'),
        ),
        migrations.AddField(
            model_name='recoveryreceipt',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recoveryreceipt',
            name='provider',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.provider'),
        ),
        migrations.AddField(
            model_name='recoveryreceipt',
            name='recovery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='ledger.recovery'),
        ),
        migrations.AddIndex(
            model_name='recovery',
            index=models.Index(fields=['authority', 'state', 'due_on'], name='recoveries_by_state'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'paid', 'withdrawn', 'write_off_asked', 'written_off'])), name='recovery_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('household__isnull', True), ('provider__isnull', False)), models.Q(('household__isnull', False), ('provider__isnull', True)), _connector='OR'), name='a_recovery_is_of_one'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(('pence__gt', 0), ('pence__gte', django.db.models.expressions.CombinedExpression(models.F('received_pence'), '+', models.F('written_off_pence'))), ('received_pence__gte', 0), ('written_off_pence__gte', 0)), name='no_more_is_recovered_than_asked'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_writes_off_alone'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(('written_off_pence', 0), models.Q(('decided_by__isnull', False), models.Q(('write_off_reason', ''), _negated=True)), _connector='OR'), name='a_write_off_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['paid', 'written_off']), _negated=True), models.Q(('ended_on__isnull', False), ('pence', django.db.models.expressions.CombinedExpression(models.F('received_pence'), '+', models.F('written_off_pence')))), _connector='OR'), name='an_ended_recovery_is_settled'),
        ),
        migrations.AddIndex(
            model_name='recoveryitem',
            index=models.Index(fields=['payable', 'is_live'], name='recovered_of_a_payable'),
        ),
        migrations.AddConstraint(
            model_name='recoveryitem',
            constraint=models.UniqueConstraint(fields=('recovery', 'payable'), name='once_in_a_recovery'),
        ),
        migrations.AddConstraint(
            model_name='recoveryitem',
            constraint=models.CheckConstraint(condition=models.Q(('pence__lt', 0)), name='a_recovery_takes_back'),
        ),
        migrations.AddConstraint(
            model_name='recoveryreceipt',
            constraint=models.CheckConstraint(condition=models.Q(('pence__gt', 0)), name='a_receipt_is_something'),
        ),
        migrations.AddConstraint(
            model_name='recoveryreceipt',
            constraint=models.UniqueConstraint(fields=('recovery', 'reference', 'received_on', 'pence'), name='a_receipt_is_recorded_once'),
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
