"""The dashboard and alerts of docs/monitoring/, against metrics of a running gateway."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.paths import ROOT
from tests.support.servers.ca import make_authority
from tests.support.servers.gateway import eventually
from tests.support.servers.postgres import running_postgres
from tests.support.servers.secure_gateway import SecureGateway

FOLDER = ROOT / "docs" / "monitoring"
DASHBOARD = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ALERTS = (FOLDER / "alerts.yml").read_text(encoding="utf-8")
_RULE = re.compile(
    r"""      - alert: (?P<alert>\w+)
        expr: (?P<expr>.+)
(?:        for: [0-9]+[mh]
)?        labels: {severity: (?P<severity>\w+)}
        annotations:
          summary: (?P<summary>.+)
"""
)
RULES = [found.groupdict() for found in _RULE.finditer(ALERTS)]
PAGE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
CONFIG = """\
[sources.staff]
connector = "csv"
path = "staff.csv"
[sources.gone]
connector = "csv"
path = "gone.csv"
[books.staff]
title = "Staff"
sources = ["staff", "gone"]
[exchange]
url = "{url}"
password_file = "password"
"""
PEOPLE = "Name,Phone\n" + "".join(f"Person {number},08955501{number:02}\n" for number in range(20))
_SELECTOR = re.compile(r"(directory_gateway_\w+)(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'(\w+)(=~|=)"([^"]*)"')
FROM_PROMETHEUS = {"instance", "job"}
"""Labels that Prometheus adds."""

Samples = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """Return the labels of each metric of a gateway with every kind of fault."""
    folder = tmp_path_factory.mktemp("monitoring")
    (folder / "staff.csv").write_text(f"{PEOPLE}Nobody,\nSomebody;0895550199\n")
    authority = make_authority(folder / "ca")
    with running_postgres() as server, ExitStack() as stack:
        (folder / "password").write_text(server.password)
        (folder / "password").chmod(0o600)
        config = CONFIG.format(url=server.url(server.new_database()))
        gateway = stack.enter_context(SecureGateway(folder, authority, plain=True, config=config))
        eventually(lambda: gateway.status()["sources"]["staff"]["state"] == "ok", "people")
        eventually(lambda: gateway.status()["profiles"]["default"]["books"]["staff"]["rows"], "")
        (folder / "staff.csv").write_text("Name,Phone\nNobody,\nSomebody;0895550199\n")
        eventually(lambda: gateway.status()["sources"]["staff"]["state"] == "held", "the brake")
        gateway.get("/staff.xml")
        eventually(lambda: "exchange_host_builds{" in gateway.text("/-/metrics"), "its report")
        text = gateway.text("/-/metrics")
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


def expressions() -> Iterator[tuple[str, str, str]]:
    """Yield where an expression stands, the expression, and the text with its labels."""
    for rule in RULES:
        yield rule["alert"], rule["expr"], rule["summary"]
    for panel in PANELS:
        for target in panel["targets"]:
            yield panel["title"], target["expr"], target["legendFormat"]


EXPRESSIONS = list(expressions())
BY_NAME = pytest.mark.parametrize(
    ("expression", "text"),
    [(expression, text) for _, expression, text in EXPRESSIONS],
    ids=[name for name, *_ in EXPRESSIONS],
)


@BY_NAME
def test_each_metric_and_label_is_there(samples: Samples, expression: str, text: str) -> None:
    metrics = _SELECTOR.findall(expression)
    assert metrics or expression == 'up{job="directory-gateway"} == 0'
    shown = set(re.findall(r"\{\{ ?(?:\$labels\.)?(\w+) ?\}\}", text)) - FROM_PROMETHEUS
    grouped = {
        label
        for labels in re.findall(r"\bby \(([^)]*)\)", expression)
        for label in labels.replace(" ", "").split(",")
    } - FROM_PROMETHEUS
    for name, matchers in metrics:
        assert name in samples, f"{name} is no metric"
        labels = set.union(*map(set, samples[name]))
        assert shown | grouped <= labels, f"{name} has {labels}"
        for label, _, values in _MATCHER.findall(matchers):
            if label in FROM_PROMETHEUS:
                continue
            known = {sample[label] for sample in samples[name]}
            assert set(values.split("|")) <= known


@BY_NAME
def test_counters_become_rates_and_times_become_ages(expression: str, text: str) -> None:
    plain = re.sub(r"\{[^}]*\}", "", expression)
    for name in re.findall(r"directory_gateway_\w+_total", plain):
        wrapped = rf"\b(rate|increase)\({name}\["
        assert len(re.findall(wrapped, plain)) == plain.count(name)
    for name in re.findall(r"directory_gateway_\w+(?:timestamp|since)_seconds", plain):
        assert re.search(rf"(time\(\) - \(?|1000 \* ){name}\b", plain)


def unit_of(expression: str) -> str:
    """Return the unit of a panel that an expression needs, "" for numbers of things."""
    if "1000 * " in expression:
        return "dateTimeFromNow"
    if " / " in expression:
        return "percentunit"
    if "rate(" in expression:
        return "reqps" if "requests_total" in expression else "cps"
    if "increase(" in expression:
        return ""
    if "time() - " in expression or re.search(r"_seconds\b", expression):
        return "s"
    return "bytes" if "_bytes" in expression else ""


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_has_the_unit_of_its_metric_and_a_text(panel: dict[str, Any]) -> None:
    units = {unit_of(target["expr"]) for target in panel["targets"]}
    unit = panel["fieldConfig"]["defaults"]["unit"]
    assert units == {"" if unit in ("short", "none") else unit}
    assert panel["description"]
    assert {"type": "prometheus", "uid": "${datasource}"} == panel["datasource"]
    assert all(target["datasource"] == panel["datasource"] for target in panel["targets"])


def test_the_dashboard_can_be_imported_anywhere() -> None:
    variables = {item["name"]: item["type"] for item in DASHBOARD["templating"]["list"]}
    assert {"datasource": "datasource", "instance": "query"} == variables
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    taken = [
        (x, y)
        for grid in (panel["gridPos"] for panel in DASHBOARD["panels"])
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    ]
    assert len(taken) == len(set(taken)), "panels lie on each other"
    assert 24 > max(x for x, _ in taken)


def test_the_page_explains_each_alert() -> None:
    names = [rule["alert"] for rule in RULES]
    sections = re.findall(r"^### (\w+)\n\n(.*?)(?=^###? |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert names == [name for name, _ in sections]
    assert all("At 23:00: " in text for _, text in sections)
    assert {"page", "ticket"} == {rule["severity"] for rule in RULES}


def test_every_rule_is_read_here_and_the_job_is_the_one_that_they_name() -> None:
    assert len(RULES) == ALERTS.count("- alert: ") == ALERTS.count("expr: ")
    scrape = (FOLDER / "prometheus.yml").read_text(encoding="utf-8")
    assert re.findall(r"job_name: ([\w-]+)", scrape) == re.findall(r'job="([^"]*)"', ALERTS)
    assert "metrics_path: /-/metrics\n" in scrape and "- alerts.yml\n" in scrape
