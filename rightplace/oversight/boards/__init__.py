"""What a board reads and keeps: risks, actions, the calendar of meetings and the monthly pack."""
