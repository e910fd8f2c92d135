"""The last requests, as all workers write and read them."""

import os

from app.state.recent_requests import MAX_KEPT, SECRET_BYTES, RecentRequests, make_recent_file


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def test_workers_see_each_others_requests() -> None:
    file, clock = make_recent_file(2), Clock()
    one, two = RecentRequests(file, 0, clock), RecentRequests(file, 1, clock)
    one.note_refused("192.0.2.1", "", "/menu.xml", "Not for you.")
    two.note_refused("192.0.2.1", "", "/menu.xml", "Not for you.")
    two.note_refused("192.0.2.2", "SEP001122334455", "/", "Only operators.")
    two.note_phone("192.0.2.9", "SEP001122334455", "CP-7821", "default")
    two.flush()
    refused, phones = one.read()
    assert [("192.0.2.2", "/", 1), ("192.0.2.1", "/menu.xml", 2)] == [
        (item.address, item.path, item.count) for item in refused
    ]
    assert [("SEP001122334455", "CP-7821", "default")] == [
        (phone.device, phone.model, phone.profile) for phone in phones
    ]
    assert one.secret == two.secret and SECRET_BYTES == len(one.secret)
    one.close()
    two.close()
    os.close(file)


def test_a_phone_names_itself_in_its_first_request_only() -> None:
    recent = RecentRequests(clock=Clock())
    recent.note_phone("192.0.2.9", "SEP001122334455", "CP-7821", "default")
    recent.note_phone("192.0.2.9", "", "CP-7821", "lobby")
    recent.note_phone("192.0.2.9", "", "CP-8841", "lobby")
    _, phones = recent.read()
    assert [("", "CP-8841"), ("SEP001122334455", "CP-7821")] == [
        (phone.device, phone.model) for phone in phones
    ]
    assert ["lobby", "lobby"] == [phone.profile for phone in phones]
    recent.close()


def test_everything_is_bounded_and_printable() -> None:
    recent = RecentRequests(clock=Clock())
    for number in range(3 * MAX_KEPT):
        hostile = f"{number}\r\n\x1b\ud800" + "😀" * 9000
        recent.note_refused(hostile, hostile, hostile, hostile)
        recent.note_phone(hostile, "SEP001122334455", hostile, "p" * 32)
    refused, phones = recent.read()
    assert MAX_KEPT == len(refused) == len(phones)
    assert refused[0].path.startswith(f"{3 * MAX_KEPT - 1}????😀")
    assert {40, 100, 120} == {
        len(text) for item in refused for text in (item.address, item.path, item.reason)
    }
    assert all(phone.model.isprintable() for phone in phones)
    recent.close()


def test_a_worker_that_takes_a_slot_over_continues() -> None:
    file, clock = make_recent_file(1), Clock()
    one = RecentRequests(file, 0, clock)
    one.note_refused("192.0.2.1", "", "/", "No.")
    one.close()
    two = RecentRequests(file, 0, clock)
    two.note_refused("192.0.2.1", "", "/", "No.")
    assert [2] == [item.count for item in two.read()[0]]
    two.close()
    os.close(file)


def test_a_slot_that_is_half_written_is_left_out() -> None:
    file = make_recent_file(2)
    one, two = RecentRequests(file, 0), RecentRequests(file, 1)
    for recent, path in ((one, "/one"), (two, "/two")):
        recent.note_refused("192.0.2.1", "", path, "No.")
        recent.flush()
    byte = os.pread(file, 1, SECRET_BYTES + 20)
    os.pwrite(file, bytes([byte[0] ^ 1]), SECRET_BYTES + 20)
    assert ["/two"] == [item.path for item in two.read()[0]]
    one.close()
    two.close()
    os.close(file)
