import type { Messages } from '@/language/fr'
import { englishPlural as plural } from '@/language/plural'

export const map: Messages['map'] = {
  title: 'Map',
  label: (count: number, communes: string) =>
    `Map of ${communes} ${plural(count, 'commune', 'communes')}. The list beside it says the same.`,
  loading: 'The map is coming…',
  unable: 'This browser cannot draw the map (it lacks WebGL). The list says the same.',
  closer: 'Zoom in',
  farther: 'Zoom out',
  sources: 'Sources of the map',
  twoFingers: 'Two fingers to move the map',
  schematic:
    'Schematic outlines: each cell surrounds the centre of a commune. The official outlines will be asked for once this instance can reach the State’s service.',
  schematicOffline:
    'Schematic outlines: each cell surrounds the centre of a commune. This instance is offline, it asks nothing outside.',
  nowhere: 'Nothing has a place yet: neither communes nor assets have coordinates.',
  colour: 'Colour of communes',
  devices: 'Number of devices',
  silentShare: 'Share of silent devices',
  measures: 'Mean at present',
  unit: (label: string, unit: string) => (unit === '' ? label : `${label}, in ${unit}`),
  under: (value: string) => `under ${value}`,
  between: (low: string, high: string) => `${low} to ${high}`,
  from: (value: string) => `${value} and more`,
  nothing: 'nothing to show',
  services: 'Assets',
  shapes: 'Shapes: one a service',
  states: {
    heard: 'spoke within a day',
    silent: 'silent for more than a day',
    never: 'never heard',
    none: 'no measurement',
  },
  cluster: 'group; thick edge: one of them is silent',
  tooMany: (count: string) => `${count} assets: zoom in, or choose fewer services, to see them.`,
  find: 'Find on the map',
  findHint: 'Commune, asset, device or address',
  findHintOffline: 'Commune, asset or device',
  noAddresses: 'Offline: addresses are not looked for.',
  addressesLost: 'The address service does not answer.',
  nothingFound: 'Nothing matches.',
  looking: 'Looking…',
  close: 'Close',
  open: (name: string) => `Open the page of ${name}`,
  series: 'Its measurements',
  noSeries: 'No measurement tells of this asset.',
  silentCount: (count: number, shown: string) =>
    `${shown} ${plural(count, 'device', 'devices')} silent for more than a day`,
  allSpeak: 'every device spoke within a day',
  facts: {
    devices: 'Devices',
    silent: 'Silent',
    latest: 'Last measurement',
    kind: 'Kind',
    owner: 'Collectivité',
  },
}
