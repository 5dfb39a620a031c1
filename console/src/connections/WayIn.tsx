import type { Connection } from '@/api/schema'
import { useMessages } from '@/language'

/** From where a connection brings what it brings, where Beffroi begins. */
export function WayIn({ connection }: { connection: Connection }) {
  const { form: words, feed } = useMessages().connections
  const { broker, poll, folder, sftp, headers } = connection.settings
  const facts: [string, string | null | undefined][] = [
    [words.host, broker && `${broker.host}:${broker.port ?? 8883}`],
    [words.url, poll?.url],
    [
      words.folderPath,
      folder && [connection.owner, folder.path ?? ''].filter((one) => one !== '').join(' / '),
    ],
    [words.server, sftp && `${sftp.host}:${sftp.port ?? 22}`],
    [words.remoteFolder, sftp?.path],
    [words.username, broker?.username ?? poll?.username ?? sftp?.username],
    [words.pattern, folder?.pattern ?? sftp?.pattern],
    [words.headers, headers?.join(', ')],
  ]
  const periods: Record<string, string | undefined> = words.periods
  const period = poll?.period ?? folder?.period ?? sftp?.period
  const told = facts.filter(([, said]) => said != null && said !== '')
  return (
    <section className="part">
      <h2>{connection.transport === 'mqtt' ? words.mqtt : words[connection.transport]}</h2>
      <dl className="facts">
        {told.map(([name, said]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="identifier">{said}</dd>
          </div>
        ))}
        {period !== undefined && (
          <div>
            <dt>{words.period}</dt>
            <dd>{periods[period] ?? feed.seconds(period)}</dd>
          </div>
        )}
      </dl>
    </section>
  )
}
