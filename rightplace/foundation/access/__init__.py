"""Who may do and see what: people, memberships, actors, row security."""
