"""The contract on files and the lock of a state directory, and what is special there."""

from pathlib import Path

import pytest

from app.exchange.base import ExchangeError
from app.exchange.local import LocalExchange
from app.state import control
from app.state.control import Request
from tests.app.exchange.contract import ContractHost, ExchangeContract


class TestLocalExchange(ExchangeContract):
    """Two processes of one host share its state directory."""

    @pytest.fixture
    def hosts(self, tmp_path: Path) -> tuple[ContractHost, ContractHost]:
        state = tmp_path / "state"
        return (
            ContractHost(state, LocalExchange(state)),
            ContractHost(state, LocalExchange(state)),
        )

    def vanish(self, host: ContractHost) -> None:
        # The system closes the files of a process that was killed.
        host.exchange.close()


def test_one_host_needs_no_reports(tmp_path: Path) -> None:
    assert () == LocalExchange(tmp_path).hosts()


def test_a_reload_is_taken_by_a_host_that_does_not_build(tmp_path: Path) -> None:
    exchange = LocalExchange(tmp_path)
    exchange.ask(Request(control.RELOAD))
    assert (Request(control.RELOAD),) == exchange.requests(builds=False)


def test_a_lock_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "builder.lock").mkdir()
    with pytest.raises(ExchangeError, match=r"builder\.lock: Is a directory"):
        LocalExchange(tmp_path).lease()
