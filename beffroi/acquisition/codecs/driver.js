// Stands between the worker and one codec. Evaluated first in every context, it keeps the engine's own functions to
// itself, so that a codec that changes them spoils neither the order of the answers nor the check of what it changed.
// Nothing here may look up a property that a codec could have put on a prototype, hence no method calls and no arrays.
(() => {
  "use strict";
  const { parse, stringify } = JSON;
  const { apply, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;
  const { is } = Object;
  const { slice } = String.prototype;
  const own = Date;
  const evaluated = eval; // called by the worker, which can so give texts that hold NUL
  const global = globalThis;
  const LONGEST = 500;

  // What each routine may be called in a script, the first found being taken, and how it is then called. The number is
  // its place in the wrapped script (scripts.py).
  const FORMS = {
    decodeUplink: [
      ["decodeUplink", 0, (f, input) => f(input)],
      ["Decode", 1, (f, input) => ({ data: f(input.fPort, input.bytes, input.variables ?? {}) })],
      ["Decoder", 2, (f, input) => ({ data: f(input.bytes, input.fPort) })],
    ],
    encodeDownlink: [
      ["encodeDownlink", 3, (f, input) => f(input)],
      ["Encode", 4, (f, input) => ({ bytes: f(input.fPort, input.data, input.variables ?? {}) })],
      ["Encoder", 5, (f, input) => ({ bytes: f(input.data, input.fPort) })],
    ],
    decodeDownlink: [["decodeDownlink", 6, (f, input) => f(input)]],
    normalizeUplink: [["normalizeUplink", 7, (f, input) => f(input)]],
  };

  const silent = () => undefined;
  const quiet = { log: silent, info: silent, warn: silent, error: silent, debug: silent, trace: silent, table: silent };
  Object.defineProperty(global, "console", { value: quiet, writable: true, configurable: true, enumerable: false });

  // What is enumerable of the global object is the script's, and is taken away after each message.
  for (const name in global) Object.defineProperty(global, name, { enumerable: false });
  delete global.Atomics; // can wait for ever
  delete global.SharedArrayBuffer;

  let answered = 0;
  let told = "";
  let spent = false;
  // Which of its forms each routine has in this script, once found.
  const known = { __proto__: null };

  function required(name) {
    if (name === "buffer" || name === "node:buffer") return { Buffer: global.Buffer };
    if (name === "util" || name === "node:util") {
      return { TextDecoder: global.TextDecoder, TextEncoder: global.TextEncoder };
    }
    throw new Error(`there is no module ${name} here`);
  }

  // The script is run anew for every message: what it keeps in its own variables never passes to the next one.
  function routine(script, place, name) {
    const module = { exports: {} };
    const found = script(module, module.exports, required, place);
    if (typeof found === "function") return found;
    const exported = module.exports?.[name] ?? module.exports?.default?.[name];
    return typeof exported === "function" ? exported : undefined;
  }

  function called(script, wanted, input) {
    const forms = FORMS[wanted];
    for (let i = known[wanted] ?? 0; i < forms.length; i++) {
      const found = routine(script, forms[i][1], forms[i][0]);
      if (found === undefined) continue;
      known[wanted] = i;
      return (0, forms[i][2])(found, input);
    }
    throw new Error(`the script has no function ${wanted}`);
  }

  function fault(error) {
    let what = "it threw what cannot be told";
    try {
      what = typeof error === "object" && error !== null ? `${error.name ?? "Error"}: ${error.message}` : `${error}`;
      if (error === null || error?.name === "InternalError") spent = true; // null: no memory left for an error
    } catch {
      // kept as it is
    }
    return `1${stringify(apply(slice, what, [0, LONGEST]))}`;
  }

  // A line: what `wire.Kind` says, in one digit, then JSON, in which there is no line feed.
  function answer(script, wanted, input, longest) {
    try {
      if (typeof input.recvTime === "string" || typeof input.recvTime === "number") {
        input.recvTime = new own(input.recvTime);
      }
      const text = stringify(called(script, wanted, input));
      if (text === undefined) return "2";
      return text.length > longest ? "3" : `0${text}`;
    } catch (error) {
      return fault(error);
    }
  }

  function read(texts, count) {
    try {
      const inputs = parse(texts);
      return inputs.length === count ? inputs : undefined;
    } catch {
      return undefined;
    }
  }

  // `texts`: a JSON list of `count` inputs. Stops early once the answers are longer than `room`.
  function run(script, wanted, texts, count, longest, room) {
    answered = 0;
    told = "";
    const inputs = read(texts, count);
    if (inputs === undefined) return undefined;
    for (let i = 0; i < inputs.length && told.length < room; i++) {
      const one = answer(script, wanted, inputs[i], longest);
      told = i === 0 ? one : `${told}\n${one}`;
      answered = i + 1;
      for (const name in global) deleteProperty(global, name); // variables nobody declared
    }
    return soFar();
  }

  // Cut out of itself: what the engine joined of many parts is no plain text for the worker before that.
  function soFar() {
    return apply(slice, told, [0]);
  }

  // What scripts lean on, as it was before the codec ran: each object, its prototype, and its properties.
  const given = [];

  function note(object) {
    const one = { object, prototype: getPrototypeOf(object), size: 0, keys: [], values: [], getters: [] };
    for (const key of ownKeys(object)) {
      const { value, get } = getOwnPropertyDescriptor(object, key);
      one.size += 1;
      if (get !== undefined) one.getters.push([key, get]);
      else one.keys.push(key), one.values.push(value);
    }
    given.push(one);
  }

  function same({ object, prototype, size, keys, values, getters }) {
    if (getPrototypeOf(object) !== prototype || !isExtensible(object) || ownKeys(object).length !== size) return false;
    for (let i = 0; i < keys.length; i++) if (!is(object[keys[i]], values[i])) return false;
    for (let i = 0; i < getters.length; i++) {
      if (getOwnPropertyDescriptor(object, getters[i][0])?.get !== getters[i][1]) return false;
    }
    return true;
  }

  // Whether the next message would find this context as the first one did.
  function intact() {
    if (spent) return false;
    for (let i = 0; i < given.length; i++) if (!same(given[i])) return false;
    return true;
  }

  // Once all is in place that the script shall find.
  function remember() {
    [
      global, Math, JSON, Reflect, getPrototypeOf(Uint8Array), getPrototypeOf(Uint8Array.prototype),
      getPrototypeOf([][Symbol.iterator]()),
    ].forEach(note);
    for (const one of [Object, Function, Array, String, Number, Boolean, Symbol, Date, RegExp, Error, TypeError, Map,
      Set, Promise, ArrayBuffer, DataView, Uint8Array, global.Buffer, global.TextDecoder, global.TextEncoder]) {
      if (one === undefined) continue;
      note(one);
      note(one.prototype);
    }
  }

  return { run, remember, evaluated, intact, soFar, answered: () => answered };
})()
