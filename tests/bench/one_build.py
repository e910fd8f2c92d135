"""Measure one run of the builder from inside.

`python -m tests.bench.one_build gateway.toml` does what `app.build.worker` does for one
source, step by step. It prints the cost of each step as JSON.
"""

import gc
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

from app import logs
from app.build.composer import Composer
from app.build.priority import give_way
from app.refresh.refresher import Refresher
from app.settings.loader import load
from app.state.directory import prepare_state_dir
from app.state.store import Store
from tests.bench.processes import Built, memory


def main() -> None:
    """Fetch, store and compose once.

    CPU seconds are measured, because the machine may be busy with other things.
    """
    logs.configure(quiet=True)
    give_way()
    gc.disable()
    settings = load(Path(sys.argv[1]))
    prepare_state_dir(settings.state_dir)
    store = Store(settings.state_dir)
    store.open("aside")
    (source,) = settings.sources
    refresher = Refresher(source, store)
    composer = Composer(settings, store, settings.state_dir)
    composer.compose()
    before = memory(os.getpid())
    moments = [time.process_time()]
    result = source.connector.fetch(refresher.since())
    moments.append(time.process_time())
    refresher.handle_result(result)
    del result
    moments.append(time.process_time())
    begun = time.perf_counter()
    made = composer.compose()
    elapsed = time.perf_counter() - begun
    moments.append(time.process_time())
    fetch, kept, composed = (
        then - earlier for earlier, then in zip(moments, moments[1:], strict=False)
    )
    peak = memory(os.getpid(), "VmHWM")
    print(
        json.dumps(
            asdict(
                Built(
                    refresher.status.contacts,
                    made.rows,
                    fetch,
                    kept,
                    composed,
                    elapsed,
                    before,
                    peak,
                )
            )
        )
    )


if __name__ == "__main__":
    main()
