"""How the application is put together: settings, addresses, the database and the front-end files."""
