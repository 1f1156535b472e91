"""What every floor stands on: organisations, access, audit, events, notices, files, reference facts."""
