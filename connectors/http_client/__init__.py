"""HTTP requests with bounded answers, redirects and logins, for connectors."""
