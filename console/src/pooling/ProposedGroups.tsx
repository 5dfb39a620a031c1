import type { Joining, ProposedGroup, Proposed } from '@/api/schema'
import { useSpeech } from '@/language'
import { useNames } from '@/pooling/names'

/** The groups: who joins, when, what each pays and saves; then who is left out and why. */
export function ProposedGroups({ proposal }: { proposal: Proposed }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  return (
    <>
      {proposal.groups.map((group, place) => (
        <Group
          key={group.names.join(' ')}
          group={group}
          place={place}
          single={proposal.groups.length === 1}
        />
      ))}
      <p className="quiet">
        {proposal.method === 'exact' ? words.exact : words.bounded(formats.euros(Number(proposal.bound)))}
      </p>
      {proposal.starts.length > 1 && <Starts proposal={proposal} />}
      {proposal.left_out.length > 0 && <LeftOut proposal={proposal} />}
    </>
  )
}

function Group({ group, place, single }: { group: ProposedGroup; place: number; single: boolean }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  const whole = group.members.length === group.names.length
  return (
    <section className="part">
      <h2>{single ? words.group : words.groupOf(formats.integer(place + 1))}</h2>
      <p className="large">
        {words.groupSaid(
          formats.date(new Date(group.start)),
          formats.euros(Number(group.cost)),
          formats.euros(Number(group.alone)),
        )}
        .
      </p>
      <p>
        {words.net(formats.euros(Number(group.net)), formats.number(group.years))}
        {Number(group.penalties) > 0 && ` ${words.penaltiesSaid(formats.euros(Number(group.penalties)))}`}
        {group.served_from != null &&
          ` ${words.servedFrom(names.member(group.served_from), formats.euros(Number(group.travel)))}`}
      </p>
      <p>
        {group.stable
          ? words.stable
          : group.blocking.length > 0
            ? words.unstable(group.blocking.map(names.member).join(', '), formats.euros(Number(group.excess)))
            : words.unstableSomebody}
        {Number(group.subsidy) > 0 && ` ${words.subsidy(formats.euros(Number(group.subsidy)))}`}
      </p>
      {!whole && <p className="group">{group.names.map(names.member).join(', ')}.</p>}
      <Members group={group} />
    </section>
  )
}

function Members({ group }: { group: ProposedGroup }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  const far = group.served_from != null
  const cells: { label: string; of: (one: Joining) => string; strong?: boolean }[] = [
    { label: words.columns.alone, of: (one) => formats.euros(Number(one.alone)) },
    { label: words.columns.cost, of: (one) => formats.euros(Number(one.cost)), strong: true },
    { label: words.columns.saving, of: (one) => formats.euros(Number(one.saving)) },
    { label: words.columns.stableCost, of: (one) => formats.euros(Number(one.stable_cost)) },
    { label: words.columns.penalty, of: (one) => formats.euros(Number(one.penalty)) },
    ...(far ? [{ label: words.columns.km, of: (one: Joining) => formats.number(one.km ?? 0) }] : []),
  ]
  return (
    <div className="wide" tabIndex={0} role="region" aria-label={words.group}>
      <table className="listing stacked">
        <caption>{words.aYear}</caption>
        <thead>
          <tr>
            <th scope="col">{messages.pooling.member}</th>
            {cells.map(({ label }) => (
              <th scope="col" key={label} className="number">
                {label}
              </th>
            ))}
            <th scope="col">{words.columns.ends}</th>
          </tr>
        </thead>
        <tbody>
          {group.members.map((one) => (
            <tr key={one.member}>
              <th scope="row">{names.member(one.member)}</th>
              {cells.map(({ label, of, strong }) => (
                <td key={label} className={strong ? 'number value' : 'number'} data-label={label}>
                  {of(one)}
                </td>
              ))}
              <td data-label={words.columns.ends}>
                {one.contract_ends == null ? messages.none : formats.date(new Date(one.contract_ends))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Starts({ proposal }: { proposal: Proposed }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  return (
    <details>
      <summary>{words.starts}</summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={words.starts}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.day}</th>
              {[words.free, words.netUntil, words.atMost].map((title) => (
                <th scope="col" key={title} className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {proposal.starts.map((one) => (
              <tr key={one.day}>
                <th scope="row">{formats.date(new Date(one.day))}</th>
                <td className="number">{formats.integer(one.candidates)}</td>
                <td className="number value">{formats.euros(Number(one.net))}</td>
                <td className="number">{formats.euros(Number(one.bound))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function LeftOut({ proposal }: { proposal: Proposed }) {
  const { messages, formats, language } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  return (
    <section className="part">
      <h2>{words.leftOut}</h2>
      <table className="listing stacked">
        <thead>
          <tr>
            <th scope="col">{messages.pooling.member}</th>
            <th scope="col">{messages.pooling.programme.why}</th>
            <th scope="col">{words.columns.joins}</th>
          </tr>
        </thead>
        <tbody>
          {proposal.left_out.map((one) => (
            <tr key={one.member}>
              <th scope="row">{names.member(one.member)}</th>
              <td data-label={messages.pooling.programme.why}>{one.why[language]}</td>
              <td data-label={words.columns.joins}>
                {one.joins == null
                  ? messages.none
                  : words.joins(formats.date(new Date(one.joins)), formats.euros(Number(one.adds)))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
