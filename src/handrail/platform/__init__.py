"""What every capability stands on: database, HTTP client, settings, supervision."""
