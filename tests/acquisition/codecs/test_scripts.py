"""What makers' scripts find here: the routines' forms, and what they lean on."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from beffroi.acquisition.codecs import Call, CodecRef, Codecs, Request
from tests.acquisition.codecs.builders import answer, call, data, error, result, returning

BODY = "function (i) { return { data: { port: i.fPort, first: i.bytes[0] } }; }"
TOLD = {"data": {"port": 2, "first": 1}}


@pytest.mark.parametrize(
    "source",
    [
        BODY.replace("function", "function decodeUplink"),
        f"var decodeUplink = {BODY}",
        f"const decodeUplink = {BODY}",
        f"decodeUplink = {BODY}",
        f"this.decodeUplink = {BODY}",
        f"module.exports = {{ decodeUplink: {BODY} }}",
        f"exports.decodeUplink = {BODY}",
        f"export const decodeUplink = {BODY}",
        "export " + BODY.replace("function", "function decodeUplink"),
        BODY.replace("function", "function decodeUplink") + "\nexport { decodeUplink };",
        BODY.replace("function", "function decodeUplink") + "\nexport default { decodeUplink };",
        "function Decoder(bytes, port) { return { port: port, first: bytes[0] }; }",
        "function Decode(fPort, bytes, variables) { return { port: fPort, first: bytes[0] }; }",
        '"use strict";\n' + BODY.replace("function", "function decodeUplink"),
    ],
)
def test_each_published_form_is_understood(codecs: Codecs, source: str) -> None:
    assert result(codecs, source) == TOLD


def test_decode_uplink_comes_before_older_forms(codecs: Codecs) -> None:
    older = "function Decoder(bytes, port) { return 'older'; }\n"
    assert data(codecs, older + returning("'newer'")) == "newer"


def test_older_encoders_give_bytes(codecs: Codecs) -> None:
    given: dict[str, Any] = {"data": {"level": 3}}
    for source in (
        "function Encoder(obj, port) { return [port, obj.level]; }",
        "function Encode(fPort, obj, variables) { return [fPort, obj.level]; }",
    ):
        assert result(codecs, source, "encodeDownlink", **given) == {"bytes": [2, 3]}


def test_every_routine_of_ts013_is_called_by_name(codecs: Codecs) -> None:
    for routine in ("decodeUplink", "encodeDownlink", "decodeDownlink", "normalizeUplink"):
        source = f"function {routine}(input) {{ return {{ called: '{routine}', keys: Object.keys(input) }}; }}"
        found = result(codecs, source, routine, data={})  # type: ignore[arg-type]
        assert found == {"called": routine, "keys": ["bytes", "fPort", "data"]}


def test_variables_reach_the_script(codecs: Codecs) -> None:
    source = "function Decode(fPort, bytes, variables) { return variables.site; }"
    assert data(codecs, source, variables={"site": "Vendée"}) == "Vendée"


def test_a_time_of_reception_is_a_date(codecs: Codecs) -> None:
    expression = "[input.recvTime instanceof Date, input.recvTime, new Date(input.recvTime).getUTCHours()]"
    told = data(codecs, returning(expression), recvTime="2026-11-26T08:30:00.250+01:00")
    assert told == [True, "2026-11-26T07:30:00.250Z", 7]


def test_requests_and_answers_in_python(codecs: Codecs) -> None:
    ref = CodecRef.of("roche", "function decodeUplink(i) { return { data: i, warnings: ['low'] }; }")
    at = datetime(2026, 11, 26, 8, tzinfo=UTC)
    found = codecs.decode_many([Request(ref, b"\x01\xff", 7, recv_time=at, variables={"a": "b"})])[0]
    told = {"bytes": [1, 255], "fPort": 7, "recvTime": "2026-11-26T08:00:00.000Z", "variables": {"a": "b"}}
    assert (found.data, found.warnings, found.errors, found.error) == (told, ["low"], [], None)


def test_downlinks_in_python(codecs: Codecs) -> None:
    ref = CodecRef.of("roche", "function encodeDownlink(i) { return { bytes: [i.data.on ? 1 : 0], fPort: 85 }; }")
    found = codecs.encode_many([Request(ref, routine="encodeDownlink", data={"on": True})])[0]
    assert (found.bytes, found.port, found.error) == (b"\x01", 85, None)


def test_what_a_codec_says_is_wrong_is_kept(codecs: Codecs) -> None:
    ref = CodecRef.of("roche", "function decodeUplink(i) { return { errors: ['unknown frame', {code: 3}] }; }")
    assert codecs.decode_many([Request(ref)])[0].errors == ["unknown frame", '{"code": 3}']


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        (
            "{a: 1.0, b: 0.1 + 0.2, c: -0, d: 1e21, e: 2 ** 53}",
            '{"a":1,"b":0.30000000000000004,"c":0,"d":1e+21,"e":9007199254740992}',
        ),
        ("{a: NaN, b: Infinity, c: undefined, d: function () {}, e: Symbol()}", '{"a":null,"b":null}'),
        ("[undefined, () => 1, , 4]", "[null,null,null,4]"),
        ("new Date(0)", '"1970-01-01T00:00:00.000Z"'),
        ("new Uint8Array([1, 2])", '{"0":1,"1":2}'),
        ("Buffer.from([1, 2])", '{"type":"Buffer","data":[1,2]}'),
        ("{toJSON: () => 'own'}", '"own"'),
        ("new Map([[1, 2]])", "{}"),
        ("'é\\u2028\\ud83d\\ude00\\0'", '"é\u2028😀\\u0000"'),
    ],
)
def test_results_are_what_json_stringify_makes_of_them(codecs: Codecs, expression: str, told: str) -> None:
    found = answer(codecs, returning(expression))
    assert found.result is not None
    assert bytes(found.result).decode() == f'{{"data":{told}}}'


def test_half_a_surrogate_pair_is_told(codecs: Codecs) -> None:
    ref = CodecRef.of("roche", returning("'a\\ud83d'"))
    assert codecs.decode_many([Request(ref)])[0].data == "a\ufffd"


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("Buffer.from('0aff', 'hex').readUInt16BE(0)", 2815),
        ("Buffer.from(input.bytes).toString('base64')", "AQI="),
        ("new Buffer([0, 0, 128, 63]).readFloatLE(0)", 1),
        ("Buffer.from([255, 255, 254]).readIntBE(0, 3)", -2),
        ("Buffer.concat([Buffer.alloc(1, 7), Buffer.from('é')]).toString('hex')", "07c3a9"),
        ("require('buffer').Buffer.isBuffer(Buffer.from([1]).slice(0, 1))", True),
        ("new TextDecoder().decode(new TextEncoder().encode('é'))", "é"),
        ("atob('AQI=').charCodeAt(1)", 2),
        ("console.log('quiet')", None),
        ("new Date(2001, 1, 3, 14, 5, 6).toLocaleString()", "2/3/2001, 2:05:06 PM"),
        ("(1234567.8915).toLocaleString()", "1,234,567.892"),
    ],
)
def test_what_scripts_lean_on(codecs: Codecs, expression: str, told: object) -> None:
    found = result(codecs, returning(expression)).get("data")
    assert found == told


def test_functions_of_a_script_are_properties_of_this(codecs: Codecs) -> None:
    source = "function half(x) { return x / 2; } function decodeUplink(i) { return { data: this.half(5) }; }"
    assert data(codecs, source) == 2.5


def test_a_script_may_hold_nul(codecs: Codecs) -> None:
    assert data(codecs, returning("'a\0b'.length")) == 3


def test_errors_tell_the_scripts_own_lines(codecs: Codecs) -> None:
    assert error(codecs, "\n\nfunction decodeUplink(i) { throw new RangeError('too short'); }") == (
        "the codec failed: RangeError: too short"
    )
    assert "the codec cannot be read: SyntaxError" in error(codecs, "function decodeUplink( {")
    assert "no function decodeUplink" in error(codecs, "var a = 1;")
    assert error(codecs, "function decodeUplink() {}") == "the codec returned nothing"


def test_nothing_is_kept_between_messages(codecs: Codecs) -> None:
    source = "var n = 0; let m = 0; function decodeUplink() { n++; m++; " + (
        "leak = typeof leak === 'undefined' ? 1 : leak + 1; this.own = (this.own || 0) + 1;"
        "return { data: [n, m, leak, this.own] }; }"
    )
    found = codecs.run([call(source)] * 600)
    assert {bytes(one.result or b"") for one in found} == {b'{"data":[1,1,1,1]}'}


@pytest.mark.parametrize(
    "source",
    [
        "var n = 0; function decodeUplink() { return { data: ++n }; }",
        "let n = 0, m; function decodeUplink() { n++; return { data: n }; }",
        "var t = { a: [] }; function decodeUplink() { t.a.push(1); return { data: t.a.length }; }",
        "const t = [[1]]; function decodeUplink() { var a = t[0]; a.push(2); return { data: a.length - 1 }; }",
        "var t = {}; function decodeUplink() { var d = t; d.n = (d.n || 0) + 1; return { data: d.n }; }",
        "var t = []; function decodeUplink() { t.n = (t.n || 0) + 1; return { data: t.n }; }",
        "var t = { n: 0 }; function decodeUplink() { var n = Object.isFrozen(t) ? 2 : 1; Object.freeze(t);"
        " return { data: n }; }",
        "var t = {}; function decodeUplink() { var p = Object.getPrototypeOf(t); var n = (p.n || 0) + 1;"
        " Object.setPrototypeOf(t, { n: n }); return { data: n }; }",
        "var t = {}; function decodeUplink() { var n = (t.n || 0) + 1;"
        " Object.defineProperty(t, 'n', { get: function () { return n; }, configurable: true }); return { data: n }; }",
        "function decodeUplink() { decodeUplink.n = (decodeUplink.n || 0) + 1; return { data: decodeUplink.n }; }",
        "function A() {} function decodeUplink() { var p = A.prototype; p.n = (p.n || 0) + 1; return { data: p.n }; }",
        "function A() {} function decodeUplink() { A.prototype = { n: (A.prototype.n || 0) + 1 };"
        " return { data: A.prototype.n }; }",
        "function decodeUplink() { g = typeof g === 'undefined' ? 1 : g + 1; return { data: g }; }",
        "function f() { return 1; } function decodeUplink() { var r = f(); f = function () { return 2; };"
        " return { data: r }; }",
        "var c = (function () { var n = 0; return function () { return ++n; }; })();"
        " function decodeUplink() { return { data: c() }; }",
        "var m = new Map(); function decodeUplink() { m.set(m.size, 1); return { data: m.size }; }",
        "var g; function decodeUplink() { g = g || (function* () { for (var i = 1; ; i++) yield i; })();"
        " return { data: g.next().value }; }",
        "var d; function decodeUplink() { d = d || new Date(0); d.setTime(d.getTime() + 1);"
        " return { data: d.getTime() }; }",
        "var t = { a: 1 }; function decodeUplink() { var n = 'a' in t ? 1 : 2; delete t.a; return { data: n }; }",
        "var r = /[\"'{(]/g; function decodeUplink() { return { data: r.test('{') ? 1 : 2 }; }",
        "var s = 'a//b'; /* var */ var n = 0; // {\n function decodeUplink() { return { data: ++n }; }",
        "class A { static n = 0; } function decodeUplink() { return { data: ++A.n }; }",
        "if (true) { var n = 0; } function decodeUplink() { return { data: ++n }; }",
        "function decodeUplink() { String.n = 1; return { data: ++n }; } { var n = 0; }",
        "function decodeUplink(i, n = (decodeUplink.t = decodeUplink.t || []).push(1)) { return { data: n }; }",
    ],
)
def test_whatever_a_script_holds_is_new_for_each_message(codecs: Codecs, source: str) -> None:
    found = [one for _ in range(3) for one in codecs.run([call(source)] * 100)]
    assert {bytes(one.result or b"") for one in found} == {b'{"data":1}'}


def test_answers_keep_the_order_of_the_calls(codecs: Codecs) -> None:
    sources = [returning(f"[{place}, input.bytes[0]]") for place in range(7)]
    calls = [call(sources[place % 7], bytes=[place % 256]) for place in range(3000)]
    found = [json.loads(bytes(one.result or b"null"))["data"] for one in codecs.run(calls)]
    assert found == [[place % 7, place % 256] for place in range(3000)]


def test_only_one_of_many_fails(codecs: Codecs) -> None:
    source = (
        "function decodeUplink(i) { if (i.bytes[0] === 50) throw new Error('fifty'); return { data: i.bytes[0] }; }"
    )
    found = codecs.run([call(source, bytes=[place]) for place in range(100)])
    assert [place for place, one in enumerate(found) if one.error] == [50]


def test_input_that_is_no_object_is_an_error(codecs: Codecs) -> None:
    ref = CodecRef.of("roche", returning("1"))
    from_null = codecs.run([call(returning("1")), Call(ref, "decodeUplink", b"null"), call(returning("1"))])
    assert [one.error is None for one in from_null] == [True, False, True]
