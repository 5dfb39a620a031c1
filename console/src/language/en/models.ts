import type { Messages } from '@/language/fr'
import { englishPlural as plural } from '@/language/plural'

export const models: Messages['models'] = {
  code: 'Model',
  bench: 'Bench',
  benchExplained: 'Paste the bytes of a message: you will see what would be stored of it. Nothing is.',
  benchWaiting: 'Here is a message that waits. Decode it: nothing is stored.',
  bytes: 'Bytes, in hexadecimal',
  port: 'Port',
  decode: 'Decode',
  notHexadecimal: 'Two digits a byte, 0 to 9 and A to F.',
  errors: 'The decoding says an error',
  warnings: 'The decoding warns',
  decoded: 'Decoded values',
  nothingDecoded: 'No value is decoded from these bytes.',
  rawResult: 'Raw result',
  unsaid: 'nobody said yet',
  plausible: 'plausible',
  implausible: 'outside the plausible range',
  columns: {
    key: 'Value',
    decoded: 'Decoded',
    becomes: 'Becomes',
    plausible: 'Plausible?',
    example: 'Example',
    property: 'Observed property',
    unit: 'The device’s unit',
  },
  channels: 'What the values are',
  channelsExplained:
    'Say, for each decoded value, what it measures and in which unit the device gives it; or leave it aside.',
  noChannels: 'Decode a message above: its values will appear here, to be confirmed.',
  choose: 'Choose…',
  aside: 'Leave aside',
  propertyOf: (key) => `Property observed by ${key}`,
  unitOf: (key) => `Unit of ${key}`,
  confirm: 'Confirm and replay',
  confirmed: (count, shown) =>
    `Confirmed. ${shown} ${plural(count, 'message', 'messages')} that waited ${plural(count, 'is', 'are')} stored.`,
  administratorsOnly: 'Only administrators of the structure confirm the values of a model.',
}

export const quality: Messages['quality'] = {
  good: 'good',
  outOfRange: { short: 'out of range', explained: 'The value is outside what is held to be plausible.' },
  frozen: { short: 'frozen', explained: 'The sensor has repeated the same value for too long.' },
  late: { short: 'late', explained: 'Arrived long after it was measured.' },
  outOfOrder: { short: 'out of order', explained: 'Arrived after a more recent measurement.' },
  corrected: { short: 'corrected', explained: 'Written again since, with another value.' },
  estimated: { short: 'estimated', explained: 'Computed or filled in, not measured.' },
  belowDetection: { short: 'trace', explained: 'Less than the instrument can tell.' },
  doubtful: { short: 'doubtful', explained: 'Its producer doubts it.' },
  simulated: { short: 'simulated', explained: 'Made up for the demonstration.' },
  summarised: { short: 'summarised', explained: 'Stands for all the measurements of an hour or a day.' },
  jump: { short: 'jump', explained: 'Changed faster than such a thing does.' },
}
