"""Lines of the log, and what it costs to write the first one."""

import json
import subprocess
import sys

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

FIRST_LINE = """
import sys
from app import logs
logs.configure(as_json=True)
logs.Log("web").warning("it_happens", fact=1)
print("rich" in sys.modules)
import rich
print(rich.__name__)
"""


def test_the_first_line_loads_no_rich_and_others_can() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_LINE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    line = json.loads(done.stderr)
    assert ("it_happens", 1, "warning") == (line["event"], line["fact"], line["level"])
    assert ["False", "rich"] == done.stdout.split()
