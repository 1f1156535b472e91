"""How many homes each rule leaves out is kept with its search; of searches already there it is counted now."""

from django.db import migrations, models

COUNT = """
    UPDATE search_search s SET left_out_by = found.rows
    FROM (SELECT search_id, jsonb_agg(jsonb_build_array(code, homes, alone, may_waive) ORDER BY homes DESC, code) AS rows
          FROM (SELECT search_id, code, count(DISTINCT candidate_id) AS homes,
                       count(DISTINCT candidate_id) FILTER (WHERE first_code = last_code) AS alone,
                       bool_and(may_waive) AS may_waive
                FROM (SELECT c.search_id, e.code, e.may_waive, e.candidate_id,
                             min(e.code) OVER one AS first_code, max(e.code) OVER one AS last_code
                      FROM search_exclusion e JOIN search_candidate c ON c.id = e.candidate_id
                      WHERE NOT c.is_eligible WINDOW one AS (PARTITION BY e.candidate_id)) of_each
                GROUP BY search_id, code) of_rule
          GROUP BY search_id) found
    WHERE found.search_id = s.id
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0006_joinings_tell_the_market")]
    operations = [
        migrations.AddField("search", "left_out_by", models.JSONField(default=list)),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.AddIndex(
            "candidate",
            models.Index(
                fields=["search", "is_eligible", "rank"],
                name="own_candidates_by_rank",
                condition=models.Q(household__isnull=False),
            ),
        ),
    ]
