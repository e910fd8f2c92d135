"""Open the exchange of a configuration."""

from collections.abc import Callable

from app.exchange.base import ExchangeError
from app.exchange.postgres import PostgresExchange
from app.settings.exchange import ExchangeSettings, read_password
from app.settings.loader import Settings
from app.state.host_id import read_host_id


def open_exchange(
    settings: Settings, *, as_host: bool = True, is_ending: Callable[[], bool] = lambda: False
) -> PostgresExchange:
    """Return the exchange of a configuration that has one; nothing connects yet.

    Without `as_host` it may only look. Once `is_ending` returns True, a server that
    does not answer is hardly waited for. Raises OSError if the id of the state
    directory can be neither read nor written.
    """
    where = settings.exchange
    if where is None:
        raise ValueError("the configuration has no [exchange]")
    host = read_host_id(settings.state_dir) if as_host else ""
    return PostgresExchange(
        where.url, host=host, password=lambda: _password(where), is_ending=is_ending
    )


def _password(where: ExchangeSettings) -> str | None:
    try:
        return read_password(where.password_file) if where.password_file is not None else None
    except ValueError as error:
        raise ExchangeError(f"password_file under [exchange]: {error}") from error
