"""Grants for unaccompanied asylum-seeking children and care leavers: claimed by night and week from the record."""
