// Node's Buffer and the encoders of the web, as far as codecs use them. Evaluated only where a script names them.
(() => {
  "use strict";
  const global = globalThis;
  const define = (name, value) =>
    Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });

  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  function utf8(text) {
    const bytes = [];
    for (const character of text) {
      let point = character.codePointAt(0);
      if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
      if (point < 0x80) bytes.push(point);
      else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
      else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
      else {
        bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63));
        bytes.push(0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
      }
    }
    return bytes;
  }

  // The first byte, how many follow, and the range of the second: what the WHATWG's decoder takes as well formed.
  function sequence(first) {
    if (first >= 0xc2 && first <= 0xdf) return [1, 0x80, 0xbf];
    if (first >= 0xe0 && first <= 0xef) return [2, first === 0xe0 ? 0xa0 : 0x80, first === 0xed ? 0x9f : 0xbf];
    if (first >= 0xf0 && first <= 0xf4) return [3, first === 0xf0 ? 0x90 : 0x80, first === 0xf4 ? 0x8f : 0xbf];
    return [0, 0, 0];
  }

  function fromUtf8(bytes, fatal) {
    let text = "";
    let i = 0;
    while (i < bytes.length) {
      const first = bytes[i++];
      if (first < 0x80) {
        text += String.fromCharCode(first);
        continue;
      }
      let [left, low, high] = sequence(first);
      const size = left;
      let point = first & (0x3f >> left);
      while (left > 0 && i < bytes.length && bytes[i] >= low && bytes[i] <= high) {
        point = (point << 6) | (bytes[i++] & 63);
        [low, high] = [0x80, 0xbf];
        left -= 1;
      }
      const whole = size > 0 && left === 0;
      if (!whole && fatal) throw new TypeError("The encoded data was not valid for encoding utf-8");
      text += whole ? String.fromCodePoint(point) : "\ufffd";
    }
    return text;
  }

  function fromHex(text) {
    const bytes = [];
    for (let i = 0; i + 1 < text.length; i += 2) {
      const pair = text.slice(i, i + 2);
      if (!/^[0-9a-f]{2}$/i.test(pair)) break;
      bytes.push(parseInt(pair, 16));
    }
    return bytes;
  }

  function fromBase64(text) {
    const bytes = [];
    let held = 0;
    let bits = 0;
    for (const character of text.replace(/-/g, "+").replace(/_/g, "/")) {
      if (character === "=") break;
      const value = ALPHABET.indexOf(character);
      if (value < 0) continue;
      held = ((held << 6) | value) & 0xffff;
      bits += 6;
      if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255);
    }
    return bytes;
  }

  function toBase64(bytes, url) {
    let text = "";
    for (let i = 0; i < bytes.length; i += 3) {
      const held = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(held >> shift) & 63]);
      const kept = Math.min(4, bytes.length - i + 1);
      text += digits.slice(0, kept).join("") + (url ? "" : "=".repeat(4 - kept));
    }
    return url ? text.replace(/\+/g, "-").replace(/\//g, "_") : text;
  }

  const units = (text, mask) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i) & mask);
  const letters = (bytes, mask) => Array.from(bytes, (byte) => String.fromCharCode(byte & mask)).join("");
  const wide = {
    encode: (text) => units(text, 0xffff).flatMap((unit) => [unit & 255, unit >> 8]),
    decode: (bytes) => letters(Array.from({ length: bytes.length >> 1 }, (_, i) => bytes[2 * i] | (bytes[2 * i + 1] << 8)), 0xffff),
  };
  const hex = { encode: fromHex, decode: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") };
  const narrow = { encode: (text) => units(text, 255), decode: (bytes) => letters(bytes, 255) };
  const plain = { encode: utf8, decode: (bytes) => fromUtf8(bytes, false) };
  const ENCODINGS = {
    utf8: plain, "utf-8": plain, hex, latin1: narrow, binary: narrow,
    ascii: { encode: (text) => units(text, 255), decode: (bytes) => letters(bytes, 127) },
    base64: { encode: fromBase64, decode: (bytes) => toBase64(bytes, false) },
    base64url: { encode: fromBase64, decode: (bytes) => toBase64(bytes, true) },
    ucs2: wide, "ucs-2": wide, utf16le: wide, "utf-16le": wide,
  };

  function encoding(name) {
    const found = ENCODINGS[String(name ?? "utf8").toLowerCase()];
    if (found === undefined) throw new TypeError(`Unknown encoding: ${name}`);
    return found;
  }

  // The arguments of Uint8Array's constructor that give what Buffer.from gives.
  function content(value, encodingOrOffset, length) {
    if (typeof value === "string") return [encoding(encodingOrOffset).encode(value)];
    if (value instanceof ArrayBuffer) return [value, encodingOrOffset, length];
    if (value?.type === "Buffer" && Array.isArray(value.data)) return [value.data];
    if (typeof value === "object" && value !== null) return [Array.from(value)];
    throw new TypeError("The first argument must be a string, a buffer or an array");
  }

  function Buffer(value, encodingOrOffset, length) {
    const given = typeof value === "number" ? [value] : content(value, encodingOrOffset, length);
    return Reflect.construct(Uint8Array, given, Buffer);
  }
  Object.setPrototypeOf(Buffer, Uint8Array);
  Buffer.prototype = Object.create(Uint8Array.prototype, { constructor: { value: Buffer, writable: true, configurable: true } });

  const asBytes = (value, name) => (typeof value === "string" ? Buffer.from(value, name) : value);

  function filled(bytes, value, name) {
    const unit = typeof value === "number" || value === undefined ? [value ?? 0] : asBytes(value, name);
    for (let i = 0; unit.length > 0 && i < bytes.length; i++) bytes[i] = unit[i % unit.length];
    return bytes;
  }

  const statics = {
    from: (value, encodingOrOffset, length) => {
      if (typeof value === "number") throw new TypeError("The first argument must not be a number");
      return Buffer(value, encodingOrOffset, length);
    },
    alloc: (size, value, name) => filled(Buffer(size), value, name),
    allocUnsafe: (size) => Buffer(size),
    of: (...bytes) => Buffer(bytes),
    isBuffer: (value) => value instanceof Buffer,
    isEncoding: (name) => String(name).toLowerCase() in ENCODINGS,
    byteLength: (value, name) => (typeof value === "string" ? encoding(name).encode(value).length : value.byteLength),
    compare: (one, other) => one.compare(other),
    concat: (list, size) => {
      const joined = list.flatMap((one) => Array.from(one));
      const made = Buffer(size ?? joined.length);
      made.set(joined.slice(0, made.length));
      return made;
    },
  };

  const bound = (value, size, otherwise) => {
    const whole = Math.trunc(Number(value ?? otherwise));
    return Math.min(Math.max(whole < 0 ? size + whole : whole, 0), size);
  };

  function part(start, end) {
    const from = bound(start, this.length, 0);
    const until = bound(end, this.length, this.length);
    return Buffer(this.buffer, this.byteOffset + from, Math.max(until - from, 0));
  }

  function found(bytes, value, from, name) {
    const wanted = typeof value === "number" ? [value & 255] : asBytes(value, name);
    for (let i = from ?? 0; i + wanted.length <= bytes.length; i++) {
      if (Array.from(wanted).every((byte, j) => bytes[i + j] === byte)) return i;
    }
    return -1;
  }

  const methods = {
    toString(name, start, end) {
      return encoding(name).decode(part.call(this, start ?? 0, end ?? this.length));
    },
    toJSON() {
      return { type: "Buffer", data: Array.from(this) };
    },
    slice: part,
    subarray: part,
    equals(other) {
      return this.compare(other) === 0;
    },
    compare(other) {
      for (let i = 0; i < Math.min(this.length, other.length); i++) {
        if (this[i] !== other[i]) return this[i] < other[i] ? -1 : 1;
      }
      return Math.sign(this.length - other.length);
    },
    copy(target, at = 0, start = 0, end = this.length) {
      const moved = part.call(this, start, Math.min(end, start + target.length - at));
      target.set(moved, at);
      return moved.length;
    },
    fill(value, start, end, name) {
      if (typeof start === "string") [name, start] = [start, undefined];
      filled(part.call(this, start, end), value, name);
      return this;
    },
    write(text, at = 0, size = undefined, name = undefined) {
      if (typeof at === "string") [name, at] = [at, 0];
      if (typeof size === "string") [name, size] = [size, undefined];
      const bytes = encoding(name).encode(text).slice(0, Math.min(size ?? this.length, this.length - at));
      this.set(bytes, at);
      return bytes.length;
    },
    indexOf(value, from, name) {
      return found(this, value, from, name);
    },
    includes(value, from, name) {
      return found(this, value, from, name) >= 0;
    },
    swap16() {
      for (let i = 0; i + 1 < this.length; i += 2) [this[i], this[i + 1]] = [this[i + 1], this[i]];
      return this;
    },
    swap32() {
      for (let i = 0; i + 3 < this.length; i += 4) part.call(this, i, i + 4).reverse();
      return this;
    },
  };

  function within(bytes, at, size) {
    if (!Number.isInteger(at) || at < 0 || at + size > bytes.length) {
      const error = new RangeError(`The value of "offset" is out of range: ${at}`);
      error.code = "ERR_OUT_OF_RANGE";
      throw error;
    }
  }

  const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  // readUInt16LE and its kin: one pair of methods for each kind of number that a DataView knows.
  const NUMBERS = [
    ["UInt8", 1], ["Int8", 1], ["UInt16", 2], ["Int16", 2], ["UInt32", 4], ["Int32", 4], ["Float", 4, "Float32"],
    ["Double", 8, "Float64"], ["BigUInt64", 8, "BigUint64"], ["BigInt64", 8],
  ];
  for (const [name, size, kind] of NUMBERS) {
    for (const [end, little] of size === 1 ? [["", false]] : [["LE", true], ["BE", false]]) {
      const known = kind ?? name.replace("UInt", "Uint");
      methods[`read${name}${end}`] = function (at = 0) {
        within(this, at, size);
        return view(this)[`get${known}`](at, little);
      };
      methods[`write${name}${end}`] = function (value, at = 0) {
        within(this, at, size);
        view(this)[`set${known}`](at, value, little);
        return at + size;
      };
    }
  }

  function ordered(bytes, at, size, little) {
    within(bytes, at, size);
    const taken = Array.from(part.call(bytes, at, at + size));
    return little ? taken.reverse() : taken;
  }

  for (const [end, little] of [["LE", true], ["BE", false]]) {
    methods[`readUInt${end}`] = function (at, size) {
      return ordered(this, at, size, little).reduce((value, byte) => value * 256 + byte, 0);
    };
    methods[`readInt${end}`] = function (at, size) {
      const value = methods[`readUInt${end}`].call(this, at, size);
      return value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value;
    };
    methods[`writeUInt${end}`] = methods[`writeInt${end}`] = function (value, at, size) {
      within(this, at, size);
      let left = value < 0 ? value + 2 ** (8 * size) : value;
      for (let i = 0; i < size; i++) {
        this[little ? at + i : at + size - 1 - i] = left % 256;
        left = Math.floor(left / 256);
      }
      return at + size;
    };
  }

  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(Buffer.prototype, name, { value, writable: true, configurable: true });
    const alias = name.replace("UInt", "Uint");
    if (alias !== name) Object.defineProperty(Buffer.prototype, alias, { value, writable: true, configurable: true });
  }
  for (const [name, value] of Object.entries(statics)) {
    Object.defineProperty(Buffer, name, { value, writable: true, configurable: true });
  }
  define("Buffer", Buffer);

  const LABELS = { ascii: "latin1", "us-ascii": "latin1", "iso-8859-1": "latin1", "windows-1252": "latin1" };

  define("TextDecoder", class TextDecoder {
    constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
      this.encoding = String(label).toLowerCase();
      encoding(LABELS[this.encoding] ?? this.encoding);
      Object.assign(this, { fatal, ignoreBOM });
    }
    decode(input = []) {
      const bytes = input instanceof ArrayBuffer ? new Uint8Array(input) : new Uint8Array(input.buffer ?? input, input.byteOffset, input.byteLength);
      const utf = this.encoding === "utf-8" || this.encoding === "utf8";
      const text = utf ? fromUtf8(bytes, this.fatal) : encoding(LABELS[this.encoding] ?? this.encoding).decode(bytes);
      return text.startsWith("\ufeff") && !this.ignoreBOM ? text.slice(1) : text;
    }
  });

  define("TextEncoder", class TextEncoder {
    encoding = "utf-8";
    encode(text = "") {
      return new Uint8Array(utf8(String(text)));
    }
  });
})()
