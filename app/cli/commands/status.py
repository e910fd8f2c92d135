"""The command `status`."""

from app.cli.options import Config
from app.cli.terminal import echo_all, load_settings
from app.settings.errors import SettingsError


def status(config: Config = None) -> None:
    """Print what is served, and the state of each source."""
    from app.cli.status import status_lines, status_lines_without_configuration

    try:
        settings = load_settings(config)
    except SettingsError:
        # A running gateway goes on with its former configuration, so its status is useful here.
        echo_all(status_lines_without_configuration(config))
        raise
    echo_all(status_lines(settings))
