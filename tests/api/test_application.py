"""What every answer has in common, and what watches the instance."""

import re
from html.parser import HTMLParser

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from prometheus_client import Histogram
from prometheus_client.parser import text_string_to_metric_families

from beffroi.api.application import DOMAINS, describe
from tests.conftest import Territory


def test_the_openapi_document_is_valid() -> None:
    OpenAPIV31SpecValidator(describe()).validate()


def test_no_two_routes_answer_the_same_and_no_two_shapes_have_one_name() -> None:
    doors = [(route.method, re.sub(r"\{\w+\}", "{}", route.path)) for domain in DOMAINS for route in domain.operations]
    assert sorted(set(doors)) == sorted(doors)
    assert [name for name in describe()["components"]["schemas"] if "." in name] == []


def test_every_operation_says_what_it_does() -> None:
    for methods in describe()["paths"].values():
        for operation in methods.values():
            assert operation["summary"].endswith("."), operation["operationId"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_documentation_page_needs_nothing_from_outside(territory: Territory, language: str) -> None:
    answer = territory.as_("stranger", **{"Accept-Language": language}).get("/docs")
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text
    assert not re.search(r"""(?:src|href)=["']https?:""", answer.text)
    assert "<script" not in answer.text
    anchors, links = set[str](), set[str]()

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                if name == "id" and value:
                    anchors.add(value)
                if name == "href" and value and value.startswith("#"):
                    links.add(value[1:])

    Links().feed(answer.text)
    assert links <= anchors


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/observations", 405), ("GET", "/assets/x", 422)]
)
def test_what_the_framework_refuses_is_a_problem_too(territory: Territory, method: str, path: str, status: int) -> None:
    answer = territory.as_("roche")(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_type_of_problem_leads_to_its_explanation(territory: Territory) -> None:
    kind = territory.as_("roche").get("/assets/999999").json()["type"]
    path, _, anchor = kind.partition("#")
    assert f'id="{anchor}"' in territory.client.get(path).text


def test_every_answer_forbids_scripts_of_others_and_framing(territory: Territory) -> None:
    for answer in (territory.client.get("/api/v1/docs"), territory.as_("stranger").get("/assets")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_health_and_metrics_answer_without_a_key_and_name_no_tenant(territory: Territory) -> None:
    series = territory.a_series().id
    row = {"series": series, "time": "2026-11-22T10:00:00Z", "value": 1}
    territory.as_("roche").post("/observations", json=[row])
    assert territory.client.get("/health").json()["checks"] == {"database": "ok", "record": "ok"}
    metrics = territory.client.get("/metrics").text
    assert "beffroi_observations 1.0" in metrics
    assert 'route="/api/v1/observations",status="200"' in metrics
    assert "85191" not in metrics


def test_requests_are_told_as_a_counter_and_a_histogram(territory: Territory) -> None:
    for series in (1, 1, 10**9):
        territory.as_("roche").get(f"/series/{series}")
    families = {one.name: one for one in text_string_to_metric_families(territory.client.get("/metrics").text)}
    route = {"method": "GET", "route": "/api/v1/series/{id}"}
    counted = {
        sample.labels["status"]: sample.value
        for sample in families["beffroi_http_requests"].samples
        if sample.labels["route"] == route["route"]
    }
    assert counted == {"404": 3.0}
    times = [s for s in families["beffroi_http_request_seconds"].samples if s.labels.items() >= route.items()]
    buckets = [(sample.labels["le"], sample.value) for sample in times if sample.name.endswith("_bucket")]
    assert [float(bound) for bound, _ in buckets] == list(Histogram.DEFAULT_BUCKETS)
    assert [value for _, value in buckets] == sorted(value for _, value in buckets)
    assert buckets[-1][1] == next(sample.value for sample in times if sample.name.endswith("_count")) == 3
    assert next(sample.value for sample in times if sample.name.endswith("_sum")) > 0


def test_a_bug_is_told_without_its_trace(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(territory.instance.rooms.record, "latest", broken)
    answer = territory.as_("roche").get("/observations/latest")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "42" not in answer.text


def test_half_a_failure_makes_health_fail(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(territory.instance.rooms.record, "read", broken)
    answer = territory.client.get("/health")
    assert (answer.status_code, answer.json()["checks"]["record"]) == (503, "failing")
