"""Write the pages of a profile as static files for any web server."""
