"""The failure of a host's last action, until what failed succeeds."""

from pathlib import Path

from app.exchange import decisions
from app.exchange.base import ExchangeError
from app.exchange.decisions import Action
from app.state.store import StoreError


class HostFailure:
    """What failed last, and why: `text` is "" once that is over. One thread uses it.

    `is_of_exchange` is whether it was the exchange, and not this host's disk.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._action: type[Action] | None = None
        self.text = ""
        self.is_of_exchange = False

    def note(self, action: type[Action], error: ExchangeError | StoreError | OSError) -> None:
        """Remember that an action failed."""
        self._action, self.text = action, str(error)
        self.is_of_exchange = isinstance(error, ExchangeError)
        if isinstance(error, OSError):
            self.text = f"{self._folder}: {error.strerror or error}"

    def ends_with(self, action: Action, *, is_retry_awaited: bool) -> bool:
        """Return whether the success of an action ends the failure, and forget it then.

        It must be what failed, or need as much.
        """
        is_of_asking = self._action in (decisions.Look, decisions.Wait)
        match action:
            case decisions.StepDown():
                return False
            case decisions.Wait() if is_retry_awaited:
                return False
            case decisions.Look() if not is_of_asking:
                return False
            case decisions.Build() if is_of_asking:
                # Most of its turns ask the exchange for nothing.
                return False
        is_over = self._action is not None
        self._action, self.text, self.is_of_exchange = None, "", False
        return is_over
