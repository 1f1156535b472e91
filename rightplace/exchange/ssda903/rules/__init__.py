"""The validation rules of the statutory return: one small function each, over frames, without a database."""
