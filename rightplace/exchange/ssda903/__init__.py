"""The statutory return of children looked after (SSDA903): header, episodes and asylum files of any year."""
