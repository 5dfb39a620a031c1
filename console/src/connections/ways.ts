import type { NewConnection, Reading } from '@/api/schema'
import { brokerOf, NO_BROKER } from '@/connections/BrokerFields'

/** How what a connection brings arrives, as the server names it. */
export type Way = 'http' | 'mqtt' | 'poll' | 'folder' | 'sftp'

const OF_ALL = { path: '', pattern: '*.csv', username: '', password: '' }

export const NOTHING_TYPED = {
  mqtt: NO_BROKER,
  poll: { url: '', username: '', password: '', headers: '', period: '300' },
  folder: { ...OF_ALL, period: '60' },
  sftp: { ...OF_ALL, host: '', port: '22', period: '300', privateKey: '', hostKey: '' },
}
export type Typed = typeof NOTHING_TYPED
type Body = Partial<NewConnection>

/** What is said of a connection already, to be typed over. What opens is never shown again. */
export function typedOf({ broker, poll, folder, sftp }: Reading): Typed {
  return {
    mqtt: broker
      ? {
          ...NO_BROKER,
          host: broker.host,
          port: String(broker.port ?? 8883),
          tls: broker.tls ?? true,
          username: broker.username ?? '',
          topics: (broker.topics ?? []).join('\n'),
        }
      : NOTHING_TYPED.mqtt,
    poll: {
      ...NOTHING_TYPED.poll,
      ...(poll && { url: poll.url, username: poll.username ?? '', period: String(poll.period ?? 300) }),
    },
    folder: {
      ...NOTHING_TYPED.folder,
      ...(folder && {
        path: folder.path ?? '',
        pattern: folder.pattern ?? '*',
        period: String(folder.period ?? 60),
      }),
    },
    sftp: {
      ...NOTHING_TYPED.sftp,
      ...(sftp && {
        host: sftp.host,
        port: String(sftp.port ?? 22),
        username: sftp.username,
        hostKey: sftp.host_key,
        path: sftp.path ?? '',
        pattern: sftp.pattern ?? '*',
        period: String(sftp.period ?? 300),
      }),
    },
  }
}

/** What was typed of one way, as the server takes it. */
export function bodyOf(way: Way, typed: Typed): Body {
  switch (way) {
    case 'http':
      return {}
    case 'mqtt':
      return brokerOf(typed.mqtt)
    case 'poll': {
      const { url, period, username, password, headers } = typed.poll
      const poll = { url: url.trim(), period: Number(period), ...given({ username }) }
      return { poll, ...given({ password }), headers: headersOf(headers) }
    }
    case 'folder': {
      const { path, pattern, period } = typed.folder
      return { folder: { path: path.trim(), pattern: pattern.trim() || '*', period: Number(period) } }
    }
    case 'sftp': {
      const { host, port, username, hostKey, path, pattern, period, password, privateKey } = typed.sftp
      const sftp = {
        host: host.trim(),
        port: Number(port),
        username: username.trim(),
        host_key: hostKey,
        path: path.trim(),
        pattern: pattern.trim() || '*',
        period: Number(period),
      }
      return { sftp, ...given({ password, private_key: privateKey }) }
    }
  }
}

/** `X-Api-Key: …`, one a line. */
export function headersOf(lines: string): Record<string, string> {
  const pairs = lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): [string, string] => {
      const [name = '', ...value] = line.split(':')
      return [name.trim(), value.join(':').trim()]
    })
  return Object.fromEntries(pairs)
}

/** Those that were typed. */
function given<K extends string>(values: Record<K, string>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries<string>(values).filter(([, value]) => value !== '')) as Partial<
    Record<K, string>
  >
}
