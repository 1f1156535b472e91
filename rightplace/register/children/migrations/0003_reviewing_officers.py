"""The reviewing officer of a child, and what keeps officer and social worker two people (regulation 46(3))."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rightplace.foundation.exclusions

# Each locks the child's row first, so that naming an officer and giving the case to a worker take turns.
# The owner's rights: what is restricted for the actor counts all the same.
INDEPENDENT = """
    CREATE FUNCTION reviewing_officer_is_independent() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        PERFORM 1 FROM children_child WHERE id = NEW.child_id FOR UPDATE;
        IF (upper_inf(NEW.period) OR upper(NEW.period) > current_date) AND (
            EXISTS (SELECT 1 FROM children_child c WHERE c.id = NEW.child_id AND c.social_worker_id = NEW.user_id)
            OR EXISTS (SELECT 1 FROM access_membership m WHERE m.user_id = NEW.user_id AND m.authority_id = NEW.authority_id
                AND m.role IN ('team_manager', 'broker', 'commissioner', 'finance_officer', 'panel_chair', 'director')
                AND (m.ends_on IS NULL OR m.ends_on > current_date))
        ) THEN
            RAISE EXCEPTION 'a reviewing officer neither works on the case nor manages it nor pays for it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'reviewing_officer_is_independent';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER reviewing_officer_is_independent BEFORE INSERT OR UPDATE ON children_reviewingofficer
        FOR EACH ROW EXECUTE FUNCTION reviewing_officer_is_independent();
    CREATE FUNCTION social_worker_does_not_review() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        IF NEW.social_worker_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM children_reviewingofficer r WHERE r.child_id = NEW.id AND r.user_id = NEW.social_worker_id
            AND (upper_inf(r.period) OR upper(r.period) > current_date)
        ) THEN
            RAISE EXCEPTION 'a reviewing officer neither works on the case nor manages it nor pays for it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'reviewing_officer_is_independent';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER social_worker_does_not_review BEFORE UPDATE OF social_worker_id ON children_child
        FOR EACH ROW EXECUTE FUNCTION social_worker_does_not_review();
"""
GONE = """
    DROP TRIGGER social_worker_does_not_review ON children_child;
    DROP FUNCTION social_worker_does_not_review();
    DROP TRIGGER reviewing_officer_is_independent ON children_reviewingofficer;
    DROP FUNCTION reviewing_officer_is_independent();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_reviewing_officer'),
        ('children', '0002_corrections'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewingOfficer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('named_at', models.DateTimeField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organisations.authority')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviewing_officers', to='children.child')),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews_children', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(rightplace.foundation.exclusions.key_as_range('child_id'), '&&'), ('period', '&&')], name='one_reviewing_officer_at_a_time'),
                    models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='a_reviewing_officer_has_days'),
                    models.CheckConstraint(condition=models.Q(('user', models.F('named_by')), _negated=True), name='nobody_names_themselves_reviewing_officer'),
                ],
            },
        ),
        migrations.RunSQL(INDEPENDENT, GONE),
    ]
