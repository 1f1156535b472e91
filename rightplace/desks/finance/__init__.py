"""The finance desk: schedules and what is due."""
