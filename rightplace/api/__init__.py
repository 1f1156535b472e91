"""Version 1 of the API: thin operations that call the same actions and queries as the pages.

An operation states its scope and roles (`section.py`); `gate.py` stands before them all; `document.py` describes them.
"""
