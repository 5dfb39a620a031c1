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

function left(reader) {
  return reader.bytes.length - reader.at;
}

function need(reader, size) {
  if (left(reader) < size) {
    throw new Error("frame too short: " + size + " bytes wanted at " + reader.at + ", " + left(reader) + " left");
  }
}

function uint8(reader) {
  need(reader, 1);
  return reader.bytes[reader.at++];
}

function uint16(reader) {
  need(reader, 2);
  const value = (reader.bytes[reader.at] << 8) | reader.bytes[reader.at + 1];
  reader.at += 2;
  return value;
}

function int16(reader) {
  const value = uint16(reader);
  return value & 0x8000 ? value - 0x10000 : value;
}

function uint32(reader) {
  return uint16(reader) * 0x10000 + uint16(reader);
}

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
    counter: uint8(reader),
    index: { value: round(uint32(reader) / 1000, 3), unit: "m3" },
    battery: { value: round(uint16(reader) / 1000, 3), unit: "V" },
    temperature: { value: round(int16(reader) / 100, 2), unit: "°C" },
  };
  const flags = uint16(reader);
  data.flags = flagsOf(flags);
  return { data: data, warnings: warningsOf(flags) };
}

function history(reader) {
  const counter = uint8(reader);
  let index = uint32(reader);
  const values = [];
  for (let hour = 0; left(reader) >= 2; hour++) {
    const difference = uint16(reader);
    if (difference === 0xffff) continue;
    index -= difference;
    values.push({ hoursAgo: hour + 1, index: round(index / 1000, 3) });
  }
  return { data: { frame: "history", counter: counter, values: values }, warnings: [] };
}

function alarms(reader) {
  const data = { frame: "alarms", counter: uint8(reader), alarms: [] };
  while (left(reader) >= 4) {
    const kind = uint8(reader);
    const minutes = uint16(reader);
    data.alarms.push({ kind: ALARMS[kind % 10] || "unknown", minutesAgo: minutes, level: uint8(reader) });
  }
  return { data: data, warnings: data.alarms.length ? ["alarms"] : [] };
}

function decodeUplink(input) {
  const reader = { bytes: input.bytes, at: 0 };
  try {
    switch (uint8(reader)) {
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
