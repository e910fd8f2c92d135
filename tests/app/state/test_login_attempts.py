"""Guesses are slowed down for each address, over all processes, in a bounded file."""

import os
import threading
from ipaddress import ip_address

import pytest

from app.state import login_attempts
from app.state.login_attempts import (
    FREE_ATTEMPTS,
    MAX_ADDRESSES,
    LoginAttempts,
    make_attempts_file,
    wait_after,
)

ANN, BOB = ip_address("192.168.1.7"), ip_address("192.168.1.8")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    "attempts, wait",
    [(0, 0), (1, 0), (4, 0), (5, 10), (6, 20), (7, 40), (11, 640), (12, 900), (2**32 - 1, 900)],
)
def test_the_wait_grows_and_is_bounded(attempts: int, wait: float) -> None:
    assert wait == wait_after(attempts)


def test_the_sixth_guess_waits_and_another_address_does_not() -> None:
    clock = Clock()
    attempts = LoginAttempts(clock=clock)
    assert [0.0] * 5 == [attempts.begin(ANN) for _ in range(FREE_ATTEMPTS)]
    assert 10.0 == attempts.begin(ANN)
    clock.now += 4
    assert 6.0 == attempts.begin(ANN), "an attempt that has to wait does not count"
    assert 0.0 == attempts.begin(BOB)
    clock.now += 6
    assert 0.0 == attempts.begin(ANN)
    assert 20.0 == attempts.begin(ANN)
    clock.now += login_attempts.FORGET_SECONDS + 1
    assert [0.0] * 5 == [attempts.begin(ANN) for _ in range(FREE_ATTEMPTS)]


def test_who_knows_the_password_starts_anew() -> None:
    attempts = LoginAttempts()
    for _ in range(12):
        assert 0.0 == attempts.begin(ANN)
        attempts.forget(ANN)


def test_the_addresses_of_one_host_count_together() -> None:
    attempts = LoginAttempts()
    for number in range(FREE_ATTEMPTS):
        assert 0.0 == attempts.begin(ip_address(f"2001:db8::{number}"))
    assert attempts.begin(ip_address("2001:db8::ffff")) > 0
    assert 0.0 == attempts.begin(ip_address("2001:db8:0:1::1"))
    assert 0.0 == attempts.begin(None)


def test_the_file_is_bounded() -> None:
    clock = Clock()
    file = make_attempts_file()
    size = os.fstat(file).st_size
    attempts = LoginAttempts(file, clock)
    for number in range(MAX_ADDRESSES + 50):
        clock.now += 0.001
        assert 0.0 == attempts.begin(ip_address(number))
    assert size == os.fstat(file).st_size
    for _ in range(FREE_ATTEMPTS - 1):
        assert 0.0 == attempts.begin(ip_address(MAX_ADDRESSES + 49))
    assert attempts.begin(ip_address(MAX_ADDRESSES + 49)) > 0
    os.close(file)


def test_no_guess_is_lost_between_threads_and_processes() -> None:
    file = make_attempts_file()
    clock = Clock()
    allowed, pipe = os.pipe()

    def guess() -> None:
        worker = LoginAttempts(file, clock)
        for _ in range(10):
            if not worker.begin(ANN):
                os.write(pipe, b"1")

    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            guess()
            os._exit(0)
        children.append(child)
    threads = [threading.Thread(target=guess) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [0] * 3 == [os.waitpid(child, 0)[1] for child in children]
    os.close(pipe)
    assert b"1" * FREE_ATTEMPTS == os.read(allowed, 1000)
    os.close(allowed)
    os.close(file)
