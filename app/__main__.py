"""Run the command line as `python -m app`, which is the same as `directory-gateway`."""

from app.cli.main import main

main()
