"""Support people hold a role too: they look in, read-only, when an authority has agreed."""

from django.db import migrations, models

ROLES = [
    'access_officer', 'analyst', 'broker', 'commissioner', 'consortium_officer', 'director', 'finance_officer',
    'fostering_officer', 'information_officer', 'panel_chair', 'panel_clerk', 'panel_member', 'provider',
    'social_worker', 'support', 'team_manager',
]


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_more_roles'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_role_is_known',
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ROLES)), name='membership_role_is_known'),
        ),
    ]
