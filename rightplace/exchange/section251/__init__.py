"""Lines of the section 251 outturn: what placements come to by line and by who provides them, with income and net."""
