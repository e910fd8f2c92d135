"""Measure memory, descriptors and files of the gateway's processes in a soak."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.processes import cpu_seconds, memory
from tests.support.servers.gateway import Gateway

SETTLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Held:
    """What the gateway's processes hold.

    There are MB, descriptors and open generations of each worker, and the descriptors
    of supervisor and builder. `cpu` are the seconds of processor time of the workers.
    `leftovers` are unfinished files in the state directory.
    """

    workers: tuple[int, ...]
    megabytes: tuple[float, ...]
    descriptors: tuple[int, ...]
    generations: tuple[int, ...]
    others: tuple[int, ...]
    cpu: float
    leftovers: tuple[str, ...]

    @property
    def without_generations(self) -> tuple[int, ...]:
        """Return the descriptors of each worker without those of generations.

        A worker keeps the last generations open.
        """
        return tuple(
            every - some for every, some in zip(self.descriptors, self.generations, strict=True)
        )


def held(gateway: Gateway) -> Held:
    """Return what is held now."""
    workers = tuple(sorted(gateway.children("app.web.worker")))
    others = (gateway.process.pid, *gateway.children("app.build.worker"))
    files = [open_files(pid) for pid in workers]
    generations = tuple(sum("/gen-" in name for name in names) for names in files)
    return Held(
        workers=workers,
        megabytes=tuple(map(memory, workers)),
        descriptors=tuple(map(len, files)),
        generations=generations,
        others=tuple(len(open_files(pid)) for pid in others),
        cpu=cpu_seconds(workers),
        leftovers=tuple(
            sorted(
                path.name
                for path in (gateway.folder / "state").iterdir()
                if path.name.startswith(".")
            )
        ),
    )


def held_at_rest(gateway: Gateway, start: Held) -> Held:
    """Return what is held when the clients' connections are gone.

    It gives up waiting for that after half a minute.
    """
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        now = held(gateway)
        done = not now.leftovers and sum(now.without_generations) <= sum(start.without_generations)
        if done or time.monotonic() > deadline:
            return now
        time.sleep(0.5)


def open_files(pid: int) -> list[str]:
    """Return what each descriptor of a process stands for."""
    names = []
    with suppress(OSError):  # killed meanwhile
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                names.append(str(descriptor.readlink()))
    return names
