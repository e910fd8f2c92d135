"""Lines of the log, and what it costs to write the first one."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

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


LINES = """
import logging
import sys
from app import logs
logs.configure(as_json=sys.argv[1] == "json")
logs.Log("web").warning("it_happens", fact=1)
try:
    raise ValueError("two\\nlines")
except ValueError:
    logging.getLogger("uvicorn.error").exception("Exception in %s", "a task")
"""
ZONES = {"UTC": "+00:00", "XXX-5:30": "+05:30", "YYY+3": "-03:00"}


@pytest.mark.parametrize("form", ["json", "plain"])
@pytest.mark.parametrize("zone", ZONES)
def test_each_line_has_a_time_with_the_offset_of_the_zone(form: str, zone: str) -> None:
    """A library's error with a traceback is one line of the same form."""
    before = datetime.now().astimezone() - timedelta(milliseconds=1)
    done = subprocess.run(
        [sys.executable, "-c", LINES, form],
        cwd=ROOT,
        env=os.environ | {"TZ": zone},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    first, second = done.stderr.splitlines()
    for line, event in ((first, "it_happens"), (second, "library_error")):
        if form == "json":
            facts = json.loads(line)
            time, found = facts["timestamp"], facts["event"]
        else:
            time, found = re.findall(r"^timestamp=(\S+) level=\w+ event=(\w+) ", line)[0]
        assert (ZONES[zone], event) == (time[-6:], found)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", time[:-6])
        assert before <= datetime.fromisoformat(time) <= datetime.now().astimezone()
    assert "uvicorn.error" in second and "Exception in a task" in second and "ValueError" in second
