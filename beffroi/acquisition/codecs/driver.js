// Stands between the worker and one codec. Evaluated first in every context, it keeps the engine's own functions to
// itself, so that a codec that changes them spoils neither the order of the answers nor the check of what it changed.
// Nothing here may look up a property that a codec could have put on a prototype, hence no method calls and no arrays.
(() => {
  "use strict";
  const { parse, stringify } = JSON;
  const { apply, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;
  const { is } = Object;
  const { slice } = String.prototype;
  const objects = Object.prototype;
  const arrays = Array.prototype;
  const functions = Function.prototype;
  const own = Date;
  const evaluated = eval; // called by the worker, which can so give texts that hold NUL
  const global = globalThis;
  const LONGEST = 500;

  // What each routine may be called in a script, the first found being taken, and how it is then called. The number is
  // its place in the wrapped script (scripts.py).
  const FORMS = {
    decodeUplink: [
      ["decodeUplink", 0],
      ["Decode", 1, (f, input) => ({ data: f(input.fPort, input.bytes, input.variables ?? {}) })],
      ["Decoder", 2, (f, input) => ({ data: f(input.bytes, input.fPort) })],
    ],
    encodeDownlink: [
      ["encodeDownlink", 3],
      ["Encode", 4, (f, input) => ({ bytes: f(input.fPort, input.data, input.variables ?? {}) })],
      ["Encoder", 5, (f, input) => ({ bytes: f(input.data, input.fPort) })],
    ],
    decodeDownlink: [["decodeDownlink", 6]],
    normalizeUplink: [["normalizeUplink", 7]],
  };

  const silent = () => undefined;
  const quiet = { log: silent, info: silent, warn: silent, error: silent, debug: silent, trace: silent, table: silent };
  Object.defineProperty(global, "console", { value: quiet, writable: true, configurable: true, enumerable: false });

  // What is enumerable of the global object is the script's, and is taken away after each message.
  for (const name in global) Object.defineProperty(global, name, { enumerable: false });
  delete global.Atomics; // can wait for ever
  delete global.SharedArrayBuffer;

  const now = performance.now.bind(performance);
  const ALL = 8; // as scripts.py says

  let answered = 0;
  let unverified = false;
  let changes = false; // the script is known to change what it holds
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
    return exported(script(module, module.exports, required, place), module, name);
  }

  function exported(found, module, name) {
    if (typeof found === "function") return found;
    const other = module.exports?.[name] ?? module.exports?.default?.[name];
    return typeof other === "function" ? other : undefined;
  }

  function called(script, wanted, input) {
    const forms = FORMS[wanted];
    for (let i = known[wanted] ?? 0; i < forms.length; i++) {
      const found = routine(script, forms[i][1], forms[i][0]);
      if (found === undefined) continue;
      known[wanted] = i;
      const call = forms[i][2];
      return call === undefined ? found(input) : call(found, input);
    }
    throw new Error(`the script has no function ${wanted}`);
  }

  // All that a value holds, as a text. Throws where it may hold what cannot be seen.
  function print(value) {
    if (typeof value === "function") return printFunction(value);
    if (typeof value !== "object" || value === null) {
      return is(value, -0) ? "-0;" : `${typeof value}${stringify(`${value}`)};`;
    }
    const prototype = getPrototypeOf(value);
    if (prototype !== objects && prototype !== arrays) throw new Error("neither a plain object nor an array");
    let text = isExtensible(value) ? "{" : "(";
    const keys = ownKeys(value);
    for (let i = 0; i < keys.length; i++) {
      const { value: held, get, set, writable } = getOwnPropertyDescriptor(value, keys[i]);
      if (get !== undefined || set !== undefined) throw new Error("an accessor");
      text += `${stringify(keys[i])}${writable}${print(held)}`;
    }
    return `${text}}`;
  }

  function printFunction(value) {
    const { prototype } = value;
    if (prototype !== undefined) {
      const keys = ownKeys(prototype);
      if (keys.length > 1 || (keys.length === 1 && prototype.constructor !== value)) throw new Error("a class");
      if (getPrototypeOf(prototype) !== objects) throw new Error("a class");
    }
    if (getPrototypeOf(value) !== functions) throw new Error("no plain function"); // async, generator: run again
    return `f${ownKeys(value).length};`;
  }

  // The script run once for some messages, when its text shows all that it holds: what is called, and whether all that
  // it holds is still what it was.
  function keep(script, wanted) {
    const all = script({}, {}, required, ALL);
    if (all === undefined) return undefined;
    const forms = FORMS[wanted];
    for (let i = 0; i < forms.length; i++) {
      const found = all.routine(forms[i][1]);
      if (typeof found !== "function") continue;
      const call = forms[i][2];
      const before = all.held();
      const printed = print(before);
      return {
        call: call === undefined ? found : (input) => call(found, input),
        unchanged: () => unchanged(before, all.held(), printed),
      };
    }
    return undefined;
  }

  function unchanged(before, after, printed) {
    for (const name in global) return false; // a variable nobody declared
    for (let i = 0; i < before.length; i++) if (!is(before[i], after[i])) return false;
    return print(after) === printed;
  }

  function kept(script, wanted) {
    try {
      return keep(script, wanted);
    } catch {
      return undefined;
    }
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
  function answer(call, input, longest) {
    try {
      const time = typeof input.recvTime;
      if (time === "string" || time === "number") input.recvTime = new own(input.recvTime);
      const text = stringify(call(input));
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

  // `texts`: a JSON list of `count` inputs. `plain`: the script may be run once for all of them. Stops early once the answers are longer than `room`, or `milliseconds` are
  // over.
  function run(script, wanted, texts, count, plain, longest, room, milliseconds) {
    answered = 0;
    told = "";
    const inputs = read(texts, count);
    if (inputs === undefined) return undefined;
    const one = plain && !changes ? kept(script, wanted) : undefined;
    unverified = one !== undefined;
    answerAll(one?.call ?? ((input) => called(script, wanted, input)), inputs, longest, room, milliseconds);
    if (!unverified) return soFar();
    unverified = false;
    try {
      if (one.unchanged()) return soFar();
    } catch {
      // what it made of its tables cannot be looked at
    }
    changes = true;
    forget();
    return run(script, wanted, texts, count, false, longest, room, milliseconds);
  }

  function answerAll(call, inputs, longest, room, milliseconds) {
    const began = now();
    for (let i = 0; i < inputs.length && told.length < room; i++) {
      if ((i & 7) === 7 && now() - began > milliseconds) return;
      const one = answer(call, inputs[i], longest);
      told = i === 0 ? one : `${told}\n${one}`;
      answered = i + 1;
      if (!unverified) forget();
    }
  }

  // Variables nobody declared.
  function forget() {
    for (const name in global) deleteProperty(global, name);
  }

  // Cut out of itself: what the engine joined of many parts is no plain text for the worker before that.
  function soFar() {
    return unverified ? "" : apply(slice, told, [0]);
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

  return { run, remember, evaluated, intact, soFar, answered: () => (unverified ? 0 : answered) };
})()
