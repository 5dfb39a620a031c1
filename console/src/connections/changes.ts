import { bodyOf, client } from '@/api/client'
import type {
  Connection,
  ConnectionChange,
  Declaring,
  Group,
  HostKeyQuestion,
  KeysOf,
  NewConnection,
  NewDevice,
  Which,
} from '@/api/schema'

/** What the pages of connections ask the server to change. */

export const connect = (body: NewConnection) => bodyOf(client.POST('/api/v1/connections', { body }))

export const lookNow = (key: string) =>
  bodyOf(client.POST('/api/v1/connections/{key}/fetch', { params: { path: { key } } }))

export const hostKeyOf = (body: HostKeyQuestion) =>
  bodyOf(client.POST('/api/v1/connections/host-key', { body }))

export const renewSecret = (key: string) =>
  bodyOf(client.POST('/api/v1/connections/{key}/secret', { params: { path: { key } } }))

export const changeConnection = (key: string, body: ConnectionChange) =>
  bodyOf(client.PUT('/api/v1/connections/{key}', { params: { path: { key } }, body }))

export const endConnection = (key: string) =>
  bodyOf(client.DELETE('/api/v1/connections/{key}', { params: { path: { key } } }))

export const replay = (which: Which) => bodyOf(client.POST('/api/v1/held-messages/replay', { body: which }))

export const discard = (which: Which, reason: string) =>
  bodyOf(client.POST('/api/v1/held-messages/discard', { body: { ...which, reason } }))

/** Declares a device, then tries again all that waits for it. */
export async function declare(device: NewDevice, heard: string) {
  await bodyOf(client.POST('/api/v1/devices', { body: device }))
  return replay({ device: heard })
}

export const settleClaim = (identifier: string, device: number, reason: string) =>
  bodyOf(
    client.POST('/api/v1/claims/{identifier}/settle', {
      params: { path: { identifier } },
      body: { device, reason },
    }),
  )

export const confirmClaims = (devices: number[]) =>
  bodyOf(client.POST('/api/v1/claims/confirm', { body: { devices } }))

export const withdrawClaim = (id: number) =>
  bodyOf(client.POST('/api/v1/devices/{id}/claim/withdraw', { params: { path: { id } } }))

/** The messages of a group, and no others. */
export const whichOf = ({ owner, connection, cause, device, model }: Group): Which => ({
  owner,
  connection,
  cause,
  device,
  model,
})

type NetworkApi = { url: string; tenant: string; token: string }

/** Where the network is written to; a token left empty stays what it was. */
export const setNetworkApi = ({ key, settings }: Connection, { url, tenant, token }: NetworkApi) =>
  bodyOf(
    client.PUT('/api/v1/connections/{key}/api', {
      params: { path: { key } },
      body: { ...settings.api, url, tenant: tenant || null, ...(token !== '' && { token }) },
    }),
  )

export const declareDevices = (key: string, body: Declaring) =>
  bodyOf(client.POST('/api/v1/connections/{key}/chirpstack/devices', { params: { path: { key } }, body }))

export const compareDevices = (key: string, application: string) =>
  bodyOf(
    client.GET('/api/v1/connections/{key}/chirpstack/comparison', {
      params: { path: { key }, query: { application } },
    }),
  )

export const keepKeys = (body: KeysOf[]) => bodyOf(client.PUT('/api/v1/device-keys', { body }))
