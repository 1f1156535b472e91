"""The site: settings, addresses, the web process, and where the database and assets come from."""
