// A meter with several frames, about as long as the median of what makers publish (4.5 KB).
"use strict";

/*
 * Frames
 *   0: state      counter, index (4), battery (2), temperature (2), flags (2)
 *   1: history    counter, index (4), then twelve differences (2)
 *   2: alarms     counter, three alarms of four bytes: kind, minutes ago (2), level
 */
const FRAME_STATE = 0;
const FRAME_HISTORY = 1;
const FRAME_ALARMS = 2;

const ALARMS = {
  1: "leak",
  2: "burst",
  3: "backflow",
  4: "frost",
  5: "tamper",
  6: "battery",
  7: "dry pipe",
  8: "magnet",
  9: "overflow",
};

const FLAGS = [
  { bit: 0, name: "leak", text: "water has flowed for a day without a pause" },
  { bit: 1, name: "burst", text: "the flow is above what the pipe is made for" },
  { bit: 2, name: "backflow", text: "water flows back into the network" },
  { bit: 3, name: "frost", text: "the water is below three degrees" },
  { bit: 4, name: "tamper", text: "the housing was opened" },
  { bit: 5, name: "battery", text: "the battery is at its end" },
  { bit: 6, name: "dry", text: "there is air in the pipe" },
  { bit: 7, name: "clock", text: "the clock was set" },
  { bit: 8, name: "memory", text: "the memory was found wrong, and begun again" },
  { bit: 9, name: "radio", text: "the last five joins were refused" },
];

function Reader(bytes) {
  this.bytes = bytes;
  this.at = 0;
}

Reader.prototype.left = function () {
  return this.bytes.length - this.at;
};

Reader.prototype.need = function (size) {
  if (this.left() < size) {
    throw new Error("frame too short: " + size + " bytes wanted at " + this.at + ", " + this.left() + " left");
  }
};

Reader.prototype.uint8 = function () {
  this.need(1);
  return this.bytes[this.at++];
};

Reader.prototype.uint16 = function () {
  this.need(2);
  const value = (this.bytes[this.at] << 8) | this.bytes[this.at + 1];
  this.at += 2;
  return value;
};

Reader.prototype.int16 = function () {
  const value = this.uint16();
  return value & 0x8000 ? value - 0x10000 : value;
};

Reader.prototype.uint32 = function () {
  return this.uint16() * 0x10000 + this.uint16();
};

function round(value, decimals) {
  const factor = Math.pow(10, decimals);
  return Math.round(value * factor) / factor;
}

function flagsOf(value) {
  return FLAGS.filter(function (flag) {
    return (value >> flag.bit) & 1;
  }).map(function (flag) {
    return flag.name;
  });
}

function warningsOf(value) {
  const texts = [];
  for (const flag of FLAGS) {
    if ((value >> flag.bit) & 1) texts.push(flag.text);
  }
  return texts;
}

function state(reader) {
  const data = {
    frame: "state",
    counter: reader.uint8(),
    index: { value: round(reader.uint32() / 1000, 3), unit: "m3" },
    battery: { value: round(reader.uint16() / 1000, 3), unit: "V" },
    temperature: { value: round(reader.int16() / 100, 2), unit: "°C" },
  };
  const flags = reader.uint16();
  data.flags = flagsOf(flags);
  return { data: data, warnings: warningsOf(flags) };
}

function history(reader) {
  const counter = reader.uint8();
  let index = reader.uint32();
  const values = [];
  for (let hour = 0; reader.left() >= 2; hour++) {
    const difference = reader.uint16();
    if (difference === 0xffff) continue;
    index -= difference;
    values.push({ hoursAgo: hour + 1, index: round(index / 1000, 3) });
  }
  return { data: { frame: "history", counter: counter, values: values }, warnings: [] };
}

function alarms(reader) {
  const data = { frame: "alarms", counter: reader.uint8(), alarms: [] };
  while (reader.left() >= 4) {
    const kind = reader.uint8();
    const minutes = reader.uint16();
    data.alarms.push({ kind: ALARMS[kind % 10] || "unknown", minutesAgo: minutes, level: reader.uint8() });
  }
  return { data: data, warnings: data.alarms.length ? ["alarms"] : [] };
}

function decodeUplink(input) {
  const reader = new Reader(input.bytes);
  try {
    switch (reader.uint8()) {
      case FRAME_STATE:
        return state(reader);
      case FRAME_HISTORY:
        return history(reader);
      case FRAME_ALARMS:
        return alarms(reader);
      default:
        return { errors: ["unknown frame"] };
    }
  } catch (error) {
    return { errors: [error.message] };
  }
}
