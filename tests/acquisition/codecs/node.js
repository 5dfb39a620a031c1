// The peer: lines of requests in, lines of answers out, each script in a context of its own, anew for each message.
const vm = require("vm");
const fs = require("fs");
const readline = require("readline");

const FORMS = {
  decodeUplink: [
    ["decodeUplink", (f, input) => f(input)],
    ["Decode", (f, input) => ({ data: f(input.fPort, input.bytes, input.variables || {}) })],
    ["Decoder", (f, input) => ({ data: f(input.bytes, input.fPort) })],
  ],
  encodeDownlink: [
    ["encodeDownlink", (f, input) => f(input)],
    ["Encode", (f, input) => ({ bytes: f(input.fPort, input.data, input.variables || {}) })],
    ["Encoder", (f, input) => ({ bytes: f(input.data, input.fPort) })],
  ],
  decodeDownlink: [["decodeDownlink", (f, input) => f(input)]],
  normalizeUplink: [["normalizeUplink", (f, input) => f(input)]],
};
const scripts = new Map();
const quiet = { log() {}, info() {}, warn() {}, error() {}, debug() {} };

function context() {
  const module = { exports: {} };
  return vm.createContext({
    module, exports: module.exports, console: quiet, Buffer, TextDecoder, TextEncoder, atob, btoa,
    require: (name) => {
      if (name !== "buffer" && name !== "util") throw new Error(`no module ${name}`);
      return require(name);
    },
  });
}

function answered({ codec, routine, input }) {
  if (!scripts.has(codec)) scripts.set(codec, new vm.Script(fs.readFileSync(codec, "utf8"), { filename: codec }));
  const inside = context();
  scripts.get(codec).runInContext(inside, { timeout: 2000 });
  inside.given = JSON.stringify(input);
  const read = "(() => { const i = JSON.parse(given); if (typeof i.recvTime === 'string') i.recvTime = new Date(i.recvTime); return i; })()";
  for (const [name, call] of FORMS[routine]) {
    const found = vm.runInContext(`typeof ${name} === "function" ? ${name} : module.exports.${name}`, inside);
    if (typeof found === "function") return JSON.parse(JSON.stringify(call(found, vm.runInContext(read, inside))));
  }
  throw new Error(`no ${routine}`);
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let told;
  try {
    told = answered(JSON.parse(line));
  } catch (error) {
    told = { error: String(error && error.message) };
  }
  console.log(JSON.stringify(told));
});
