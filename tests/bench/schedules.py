"""Run many random schedules of faults over the simulated hosts of an exchange.

`python -m tests.bench.schedules [--first SEED] [--schedules N]`. It stops at the first
schedule after which something does not hold. The test suite runs 560 others, as rules
of a state machine, and finds planted errors with these.
"""

import argparse
import time

from tests.app.exchange.schedules import run_schedule


def main() -> None:
    """Run the schedules, and print how many builds, leases and failovers they had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--schedules", type=int, default=100_000)
    options = parser.parse_args()
    begun = time.process_time()
    published = leases = failovers = 0
    for seed in range(options.first, options.first + options.schedules):
        try:
            world = run_schedule(seed)
        except AssertionError as error:
            raise SystemExit(f"schedule {seed}: {error}") from error
        published += len(world.committed) - 1
        leases += world.engine.tables.epoch
        failovers += world.engine.failed_over > 0
    print(
        f"{options.schedules:,} schedules of 40 steps: nothing broken; {published:,} generations,"
        f" {leases:,} leases, {failovers:,} schedules with a failover;"
        f" {time.process_time() - begun:.0f} s of processor time"
    )


if __name__ == "__main__":
    main()
