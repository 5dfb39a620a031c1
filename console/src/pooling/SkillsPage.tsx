import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { bookingsQuery, lentQuery, skillsQuery } from '@/api/withWhom'
import type { BookingTime, SkillOffer } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useNow } from '@/design/now'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { Bookings } from '@/pooling/Bookings'
import { Example } from '@/pooling/Example'
import { useNames } from '@/pooling/names'
import { Offers } from '@/pooling/Offers'
import '@/pooling/pooling.css'

/** Hours of people lent between members: who offers what, what is asked, what was spent and what it moves. */
export function SkillsPage() {
  const { messages } = useSpeech()
  const words = messages.skills
  const offers = useQuery(skillsQuery)
  const bookings = useQuery(bookingsQuery)
  useTitle(words.title, messages.pooling.title)
  return (
    <div className="pooling">
      <Trail places={[{ name: messages.pooling.title, to: '/pooling' }]} here={words.title} />
      <h1>{words.title}</h1>
      <Answer query={offers} lines={6} page>
        {(known) => (
          <>
            <Sentence offers={known} bookings={bookings.data ?? []} />
            <Offers offers={known} />
          </>
        )}
      </Answer>
      <Answer query={bookings} lines={4}>
        {(known) => <Bookings bookings={known} />}
      </Answer>
      <Lent />
    </div>
  )
}

function Sentence({ offers, bookings }: { offers: SkillOffer[]; bookings: BookingTime[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.skills
  const waiting = bookings.filter(({ booking }) => booking.state === 'asked').length
  return (
    <p className="sentence">
      {offers.length === 0
        ? words.nothing
        : words.sentence(offers.length, formats.integer(offers.length), waiting, formats.integer(waiting))}
      . {offers.some((one) => one.example) && <Example explained={words.exampleExplained} />}
    </p>
  )
}

/** What was confirmed of a year, and whether statements carry it. */
function Lent() {
  const { messages, formats } = useSpeech()
  const words = messages.skills
  const names = useNames()
  const id = useId()
  const present = useNow().getFullYear()
  const [year, setYear] = useState(present)
  const found = useQuery(lentQuery(year))
  return (
    <section className="part">
      <h2>{words.lent}</h2>
      <p className="quiet">{words.lentExplained}</p>
      <div className="fields">
        <div className="field">
          <label htmlFor={id}>{messages.pooling.year}</label>
          <select id={id} value={year} onChange={({ target }) => setYear(Number(target.value))}>
            {[present + 1, present, present - 1].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
      </div>
      <Answer query={found} lines={3}>
        {(known) =>
          known.length === 0 ? (
            <p className="empty">{words.lentNothing}</p>
          ) : (
            <div className="wide" tabIndex={0} role="region" aria-label={words.lent}>
              <table className="listing stacked">
                <thead>
                  <tr>
                    <th scope="col">{words.month}</th>
                    <th scope="col">{words.skill}</th>
                    <th scope="col">{words.lender}</th>
                    <th scope="col">{words.borrower}</th>
                    <th scope="col" className="number">
                      {words.hours}
                    </th>
                    <th scope="col" className="number">
                      {words.amount}
                    </th>
                    <th scope="col">{words.carried}</th>
                  </tr>
                </thead>
                <tbody>
                  {known.map((one) => (
                    <tr key={one.booking}>
                      <th scope="row">{formats.month(one.month)}</th>
                      <td data-label={words.skill}>{one.skill}</td>
                      <td data-label={words.lender}>{names.member(one.lender)}</td>
                      <td data-label={words.borrower}>{names.member(one.borrower)}</td>
                      <td className="number" data-label={words.hours}>
                        {formats.number(Number(one.hours))}
                      </td>
                      <td className="number value" data-label={words.amount}>
                        {formats.cents(Number(one.amount))}
                      </td>
                      <td data-label={words.carried}>
                        {one.carried ? words.carriedYes : words.carriedNo(names.service(one.service))}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </section>
  )
}
