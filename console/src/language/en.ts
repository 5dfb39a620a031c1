import { access } from '@/language/en/access'
import { map } from '@/language/en/map'
import { series } from '@/language/en/series'
import { connections } from '@/language/en/connections'
import { models, quality } from '@/language/en/models'
import { downlinks, claims } from '@/language/en/downlinks'
import { now } from '@/language/en/collectivity'
import { chirpstack } from '@/language/en/chirpstack'
import { accessibility } from '@/language/en/accessibility'
import { agreements } from '@/language/en/agreements'
import { audit } from '@/language/en/audit'
import { dashboards } from '@/language/en/dashboards'
import { explore } from '@/language/en/explore'
import { experiments } from '@/language/en/experiments'
import { notifications } from '@/language/en/notifications'
import { planning } from '@/language/en/planning'
import { pooling } from '@/language/en/pooling'
import { purchases } from '@/language/en/purchases'
import { entering } from '@/language/en/entering'
import { skills } from '@/language/en/skills'
import { weighing } from '@/language/en/weighing'
import { withWhom } from '@/language/en/withWhom'
import { account, people, rights, rightsExplained, roles, rolesExplained } from '@/language/en/people'
import { setup } from '@/language/en/setup'
import { things } from '@/language/en/things'
import type { Messages } from '@/language/fr'
import { englishPlural as plural } from '@/language/plural'

export const en: Messages = {
  product: 'Beffroi',
  skip: 'Skip to content',
  loading: 'Loading…',
  retry: 'Try again',
  simulated: 'Simulated data',
  simulatedExplained: 'These measurements are made up for the demonstration: none comes from a real sensor.',
  none: '—',
  semicolon: '; ',
  switchTo: 'Français',
  theme: { toDark: 'Switch to the dark theme', toLight: 'Switch to the light theme' },
  trail: 'You are here',
  territory: 'Territory',
  account,
  notifications,
  ofWhich: 'Collectivité',

  access,

  problem: {
    unreachable: 'Beffroi does not answer',
    unreachableDetail: 'Nothing is lost. Check your connection, then try again.',
    broken: 'Beffroi is out of order for the moment',
    brokenDetail: 'Nothing is lost. Try again in a moment; if it lasts, tell your structure.',
    unexpected: 'This page met an error',
    unexpectedDetail: 'Nothing was changed. Try again; if it happens again, tell your structure.',
    notFound: 'This page does not exist',
    notFoundDetail: 'The address may be incomplete, or the page may have moved.',
    back: 'Back to the territory',
  },

  live: {
    connecting: 'Connecting…',
    open: 'Live',
    ended: 'You no longer have access to these measurements',
    lost: (time) => `Connection lost at ${time}; trying again`,
    back: (time) => `Connection back at ${time}`,
    explained: 'Measurements arrive without reloading the page.',
  },

  zone: (name) => `Times in the ${name} time zone`,

  home: {
    sentence: (communes, devices, shown) =>
      `${shown.communes} ${plural(communes, 'commune', 'communes')}, ${shown.devices} ${plural(devices, 'device', 'devices')}`,
    latest: 'last measurement',
    devices: (count, shown) => `${shown} ${plural(count, 'device', 'devices')}`,
    nothing: 'no measurement received yet',
    list: 'Local authorities',
    search: 'Search for a local authority',
    kind: 'Show',
    found: (count, shown) =>
      count === 0
        ? 'No local authority matches.'
        : `${shown} local ${plural(count, 'authority', 'authorities')}`,
    columns: { name: 'Name', devices: 'Devices', latest: 'Last measurement' },
    all: 'All local authorities',
  },

  map,

  found: {
    collectivities: 'Collectivités',
    assets: 'Assets',
    devices: 'Devices',
    series: 'Measurements',
    addresses: 'Addresses',
    pages: 'Pages',
    actions: 'Actions',
  },

  palette: {
    title: 'Go to',
    open: 'Search everywhere',
    hint: 'Commune, asset, device, measurement, action…',
    keys: 'Arrows to choose, Enter to open, Escape to close.',
    speakOther: 'Switch to French',
  },

  kinds: {
    commune: { one: 'Commune', many: 'Communes' },
    epci: { one: 'Intercommunality', many: 'Intercommunalities' },
    departement: { one: 'Département', many: 'Départements' },
    region: { one: 'Region', many: 'Regions' },
    structure: { one: 'Structure', many: 'Structures' },
  },

  freshness: {
    hour: 'less than an hour',
    day: 'less than a day',
    old: 'more than a day',
    never: 'no measurement',
  },

  collectivity: {
    sentence: (_series, shown, services) =>
      `${shown} series in ${services} ${plural(services, 'service', 'services')}`,
    latest: 'last measurement',
    silent: (_count, shown) => `${shown} silent for more than a day`,
    empty: 'No series of measurements yet.',
    emptyDetail: 'They will appear here as soon as a device of this local authority sends a measurement.',
    inhabitants: (shown) => `${shown} inhabitants`,
    populations: { municipale: 'municipal population', totale: 'total population' },
    columns: { series: 'Measurement', value: 'Last value', latest: 'Measured', quality: 'Quality' },
    search: 'Search for a measurement',
    more: (shown) => `Show the next ${shown}`,
    notFound: 'No measurement matches this search.',
  },

  now,

  series,

  colon: (said, subject) => `${said}: ${subject}`,
  pages: 'Pages',
  ways: { devices: 'Devices', explore: 'Explore', dashboards: 'Dashboards', pooling: 'Pooling' },

  connections,

  chirpstack,

  setup,
  things,

  explore,

  dashboards,

  experiments,
  planning,
  pooling,
  purchases,
  withWhom,
  skills,
  weighing,
  entering,

  agreements,

  people,
  roles,
  rolesExplained,
  rights,
  rightsExplained,

  audit,

  accessibility,

  models,

  quality,

  downlinks,

  claims,
}
