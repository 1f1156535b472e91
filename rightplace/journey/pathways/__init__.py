"""What is known of a service from day to day (steps, contributions, bands, dates), and milestones put off with a reason.

What there is to know stands on the kind, as particulars; nothing here names a kind.
"""
