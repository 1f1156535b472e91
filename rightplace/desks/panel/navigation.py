"""The pages of the panel desk."""

PAGES = (
    ("Home", "panel:home"),
    ("Calendar", "panel:calendar"),
    ("Items", "panel:items"),
    ("Actions", "panel:actions"),
    ("Appeals", "panel:appeals"),
    ("Panels", "panel:kinds"),
    ("Permissions", "panel:permissions"),
    ("Delegation limits", "panel:delegations"),
    ("Placements", "placements:list"),
    ("Moves", "placements:moves"),
    ("Joint funding", "fundings"),
    # For the director alone.
    ("Restricted cases", "governance:restrictions"),
    ("Emergency access", "governance:emergencies"),
    ("Requests for data", "governance:data_requests"),
    ("Keeping and destroying", "governance:retention"),
)
