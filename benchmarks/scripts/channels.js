// A sensor of many measures, as most are: channel, type, value, again and again.
var TYPES = {
  0x01: ["battery", 1, false, 1],
  0x67: ["temperature", 2, true, 10],
  0x68: ["humidity", 1, false, 2],
  0x7d: ["co2", 2, false, 1],
  0x73: ["pressure", 2, false, 10],
  0x65: ["illuminance", 2, false, 1],
};

function unsigned(bytes, at, size) {
  var value = 0;
  for (var i = size - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
  return value;
}

function signed(bytes, at, size) {
  var value = unsigned(bytes, at, size);
  var half = Math.pow(2, 8 * size - 1);
  return value >= half ? value - 2 * half : value;
}

function motion(kind) {
  switch (kind) {
    case 0: return "still";
    case 1: return "moving";
    default: return "unknown";
  }
}

function decodeUplink(input) {
  var data = {};
  var warnings = [];
  var bytes = input.bytes;
  for (var i = 0; i + 1 < bytes.length; ) {
    var channel = bytes[i++];
    var type = bytes[i++];
    if (channel === 0xff && type === 0x0b) {
      data.started = true;
      i += 1;
    } else if (type === 0x71) {
      data.motion = motion(bytes[i]);
      i += 1;
    } else if (TYPES[type]) {
      var known = TYPES[type];
      var raw = known[2] ? signed(bytes, i, known[1]) : unsigned(bytes, i, known[1]);
      data[known[0]] = raw / known[3];
      i += known[1];
    } else {
      warnings.push("unknown type " + type);
      break;
    }
  }
  if (data.battery !== undefined && data.battery < 10) warnings.push("battery low");
  return { data: data, warnings: warnings };
}
