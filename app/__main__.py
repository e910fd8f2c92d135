"""`python -m app` is `directory-gateway`."""

from app.cli.main import main

main()
