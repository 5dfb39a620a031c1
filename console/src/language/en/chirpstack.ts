import { englishPlural as plural } from '@/language/plural'
import type { Messages } from '@/language/fr'

export const chirpstack: Messages['chirpstack'] = {
  title: 'Declare devices in ChirpStack',
  intro:
    'Devices of the registry are declared in the ChirpStack v4 server: the application, a profile for each model, the devices and their keys. What is there already stays as it is.',
  noApi: 'An administrator of this collectivité must first give the server’s address and a token.',
  address: 'Address and token of the server',
  addressOf: (url) => `Server: ${url}`,
  url: 'Address of the server',
  urlHint: 'That of its web page, for example https://chirpstack.example.com',
  tenant: 'Tenant',
  tenantHint: 'Its identifier is in the address of its page. Not needed with a token of the whole server.',
  token: 'API token',
  tokenHint: 'Kept encrypted, never shown again. Leave empty to keep the present one.',
  save: 'Save',
  saved: 'Address saved.',
  keys: 'Keys of the devices',
  keysFile: 'CSV file of keys',
  keysHint:
    'Columns dev_eui and app_key, then as needed nwk_key (LoRaWAN 1.1) and owner. Kept encrypted, never shown again.',
  keep: 'Keep these keys',
  keysKept: (count, shown) => `Keys of ${shown} ${plural(count, 'device', 'devices')} kept.`,
  keysWrong: (line) =>
    `Nothing is kept: line ${line} of the file has no DevEUI and key of 32 hexadecimal digits.`,
  devices: 'Devices',
  application: 'Application',
  owner: 'Collectivité',
  allOwners: 'All',
  model: 'Model',
  allModels: 'All',
  foresee: 'See what would be done',
  looking: 'Reading the server…',
  compare: 'Compare',
  foreseen: (count, shown) =>
    count === 0 ? 'No device to declare.' : `${shown} ${plural(count, 'device', 'devices')} to declare.`,
  makes: (what) => `Would be made: ${what}.`,
  declare: (count, shown) => `Declare ${shown} ${plural(count, 'device', 'devices')}`,
  declaring: 'Declaring…',
  done: (count, shown) =>
    count === 0 ? 'No device was declared.' : `${shown} ${plural(count, 'device', 'devices')} declared.`,
  same: (count, shown) => `${shown} ${plural(count, 'device', 'devices')} alike.`,
  apart: (there, here, differing) =>
    `Lacking on the server: ${there}; lacking in the registry: ${here}; differing: ${differing}.`,
  strangers: 'On the server, not in the registry',
  columns: { device: 'Device', profile: 'Profile', keys: 'Keys', outcome: 'Declaration' },
  kept: 'kept',
  lacking: 'lacking',
  outcomes: {
    create: 'to be declared',
    done: 'declared',
    there: 'there already',
    differs: 'there, different',
    impossible: 'impossible',
  },
}
