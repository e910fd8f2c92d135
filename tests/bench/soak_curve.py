"""The curve of a soak: what each process holds, from time to time."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from tests.bench.processes import memory
from tests.bench.soak_held import open_files
from tests.support.servers.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Process:
    """What a process holds: MB, and descriptors without sockets and generations.

    `generations` are the files of generations that it has open.
    """

    pid: int
    megabytes: float
    descriptors: int
    generations: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What all processes hold at a moment, `seconds` after the start."""

    seconds: float
    requests: int
    errors: int
    workers: tuple[Process, ...]
    supervisor: Process
    builders: tuple[Process, ...]
    files: int
    state_megabytes: float


def take_sample(gateway: Gateway, seconds: float, requests: int, errors: int) -> Sample:
    """Return what is held now; a process that ends meanwhile is left out."""
    supervisor = _process(gateway.process.pid)
    assert supervisor is not None, "the supervisor runs"
    sizes = []
    for path in (gateway.folder / "state").iterdir():
        with suppress(OSError):
            sizes.append(path.stat().st_size)
    return Sample(
        seconds,
        requests,
        errors,
        _processes(gateway, "app.web.worker"),
        supervisor,
        _processes(gateway, "app.build.worker"),
        len(sizes),
        sum(sizes) / 1e6,
    )


def _processes(gateway: Gateway, module: str) -> tuple[Process, ...]:
    found = map(_process, sorted(gateway.children(module)))
    return tuple(process for process in found if process is not None)


def _process(pid: int) -> Process | None:
    try:
        megabytes = memory(pid)
    except (OSError, StopIteration):  # it has ended; a zombie has no memory
        return None
    names = open_files(pid)
    generations = sum("/gen-" in name for name in names)
    sockets = sum(name.startswith("socket:") for name in names)
    return Process(pid, megabytes, len(names) - generations - sockets, generations)


_COLUMNS = (
    *("s", "requests", "errors", "workers since", "workers, MB", "descriptors", "generations"),
    *("supervisor, MB", "descriptors", "builder, MB", "descriptors", "files of state_dir", "MB"),
)
HEADINGS = f"| {' | '.join(_COLUMNS)} |\n|{' --- |' * len(_COLUMNS)}"


def line(sample: Sample, since: float) -> str:
    """Return a sample as a row; `since` is when its workers were first seen."""
    cells = (
        f"{sample.seconds:.0f}",
        f"{sample.requests:,}",
        f"{sample.errors}",
        f"{since:.0f} s",
        _joined(f"{worker.megabytes:.0f}" for worker in sample.workers),
        _joined(f"{worker.descriptors}" for worker in sample.workers),
        _joined(f"{worker.generations}" for worker in sample.workers),
        f"{sample.supervisor.megabytes:.1f}",
        f"{sample.supervisor.descriptors}",
        _joined(f"{builder.megabytes:.0f}" for builder in sample.builders),
        _joined(f"{builder.descriptors}" for builder in sample.builders),
        f"{sample.files}",
        f"{sample.state_megabytes:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def _joined(numbers: Iterable[str]) -> str:
    return " + ".join(numbers)


def generations_of_workers(samples: list[Sample]) -> list[list[Sample]]:
    """Return the samples in groups, each with the same workers and complete."""
    groups: list[list[Sample]] = []
    for sample in samples:
        pids = [worker.pid for worker in sample.workers]
        if groups and pids == [worker.pid for worker in groups[-1][-1].workers]:
            groups[-1].append(sample)
        else:
            groups.append([sample])
    return groups
