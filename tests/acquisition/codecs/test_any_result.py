"""Whatever a codec returns comes back as it was."""

import json
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from beffroi.acquisition.codecs import Call, CodecRef, Codecs
from tests.acquisition.codecs.builders import call
from tests.trials import tried

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)
ECHO = "function decodeUplink(input) { return { data: input.data }; }"


@tried(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES, min_size=1, max_size=20))
def test_any_json_comes_back_equal(codecs: Codecs, values: list[Any]) -> None:
    found = codecs.run([call(ECHO, data=value) for value in values])
    told = [json.loads(bytes(one.result or b""), parse_int=float)["data"] for one in found]
    assert told == [_in_javascript(one) for one in values]


@tried(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=200))
def test_any_text_may_be_thrown(codecs: Codecs, text: str) -> None:
    source = "function decodeUplink(input) { throw new Error(input.data); }"
    found = codecs.run([call(source, data=text)])[0].error
    assert found is not None
    assert found.en.startswith("the codec failed: Error: ")


@tried(50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=st.text(st.characters(), max_size=60), given_=st.binary(max_size=40))
def test_any_source_and_any_input_end_in_an_answer(codecs: Codecs, source: str, given_: bytes) -> None:
    ref = CodecRef.of("roche", source)
    for one in codecs.run([Call(ref, "decodeUplink", given_), call(ECHO, data=1)])[1:]:
        assert one.result == b'{"data":1}'


def _in_javascript(value: Any) -> Any:
    """Every number is a double."""
    if isinstance(value, dict):
        return {name: _in_javascript(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_in_javascript(one) for one in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
