"""Ready or not: what a worker waits for, and for how long."""

from pathlib import Path

import pytest

from app.readiness import LONGEST_SECONDS, not_ready
from app.settings import Settings, parse
from app.status import SourceStatus, Status
from tests.test_metrics import built


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    sources = {name: {"connector": "csv", "path": f"{name}.csv"} for name in ("staff", "shop")}
    return parse({"state_dir": str(tmp_path), "sources": sources}, tmp_path / "gateway.toml")


OK = SourceStatus(state="ok", last_success=1.0)
DOWN, REFUSED, HELD = SourceStatus(state="failing"), SourceStatus(state="refused"), SourceStatus(state="held", last_success=1.0)


@pytest.mark.parametrize(
    "staff, shop, why",
    [
        (OK, DOWN, ""),
        (HELD, REFUSED, ""),
        (OK, SourceStatus(), "source shop has not answered yet"),
        (OK, None, "source shop has not answered yet"),
        (None, None, "source staff has not answered yet"),
        # It has answered, but the generation of these tests was built before.
        (OK, OK, "source shop has answered; a generation with its contacts is being built"),
    ],
)
def test_a_worker_waits_for_every_source_and_its_generation(
    settings: Settings, staff: SourceStatus | None, shop: SourceStatus | None, why: str
) -> None:
    status = Status(sources={name: source for name, source in (("staff", staff), ("shop", shop)) if source is not None})
    with built(settings) as generation:
        assert why == not_ready(settings, generation, status, 0.0)
        assert why == not_ready(settings, generation, status, LONGEST_SECONDS - 1)
        assert "" == not_ready(settings, generation, status, LONGEST_SECONDS)


def test_without_a_generation_nothing_is_ready(settings: Settings) -> None:
    for age in (0.0, LONGEST_SECONDS):
        assert "no generation of this configuration yet" == not_ready(settings, None, Status(), age)
