"""The command `hash-password`."""

import typer

from app.cli.terminal import echo_error


def hash_password() -> None:
    """Ask for the operators' password and print the line for its file.

    Example: directory-gateway hash-password > operators.txt
    """
    from app.cli.hash_password import password_line

    try:
        typer.echo(password_line())
    except (ValueError, EOFError) as error:
        echo_error(f"Error: {error or 'There is no password.'}")
        raise typer.Exit(1) from error
