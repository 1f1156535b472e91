"""Forecast and sufficiency of one authority: its record as monthly cells, today's forecast, scenarios kept, and what
is missing."""
