"""Who there is: consortia, authorities, teams and providers."""
