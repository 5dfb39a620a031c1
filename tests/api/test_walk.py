"""A property-based walk over every operation of the OpenAPI: no 5xx, and nothing of another tenant's."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.schemas import BaseSchema

from beffroi.api.application import PREFIX, describe
from tests.conftest import OLONNE, Territory, a_territory
from tests.trials import SOAK

EXAMPLES = 400 if SOAK else 5
MARK = "Zq7-secret-of-olonne"
DESCRIBED = describe()
OPERATIONS = [(path, method.upper()) for path, methods in DESCRIBED["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Territory]:
    """A territory where everything of one collectivité carries a mark."""
    with a_territory(tmp_path_factory.mktemp("walk")) as territory:
        asset = territory.an_asset(owner=OLONNE, name=MARK)
        device = territory.a_device(owner=OLONNE, name=MARK, asset=asset.id)
        series = territory.a_series(owner=OLONNE, name=MARK, device=device.id)
        text = territory.a_series(owner=OLONNE, observed_property="message", name=MARK)
        rows = [
            {"series": series.id, "time": "2026-11-22T10:00:00Z", "value": 1},
            {"series": text.id, "time": "2026-11-22T10:00:00Z", "text": MARK},
        ]
        assert territory.as_("olonne").post("/observations", json=rows).status_code == 200
        yield territory


@pytest.fixture(scope="module")
def schema(marked: Territory) -> BaseSchema:
    schema = schemathesis.openapi.from_dict(DESCRIBED)
    schema.app = marked.client.app
    return schema


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_operation_breaks_or_leaks(marked: Territory, schema: BaseSchema, path: str, method: str) -> None:
    if path.endswith("/stream"):
        pytest.skip("a stream never ends: it has tests of its own")
    operation = schema[path][method]

    @given(operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=not SOAK,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def walk(case: Case) -> None:
        for who in ("roche", "syndicate"):  # making a case takes longer than asking it
            answer = case.call(headers={"Authorization": f"Bearer {marked.keys[who]}"})
            assert answer.status_code < 500, answer.text
            assert MARK not in answer.text

    walk()


SECRETS_OF_THEIR_OWN = {(f"{PREFIX}/connections/{{key}}/messages", "POST")}
"""public for whoever has neither key nor session, but a connection's secret"""


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_a_stranger_is_stopped_at_every_door_that_is_not_public(marked: Territory, path: str, method: str) -> None:
    operation = DESCRIBED["paths"][path][method.lower()]
    answer = marked.as_("stranger")(method, path.removeprefix(PREFIX).replace("{", "").replace("}", ""))
    asks = operation.get("security") != [] or (path, method) in SECRETS_OF_THEIR_OWN
    assert (answer.status_code == 401) == asks
