"""`python -m app` is `directory-gateway`."""

from app.cli import main

main()
