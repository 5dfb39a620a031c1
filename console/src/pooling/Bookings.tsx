import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { answerBooking, confirmTime, tellTime } from '@/api/withWhom'
import type { BookingTime } from '@/api/schema'
import { useSpeech } from '@/language'
import { decimal, faultAt, faultsOf, typed } from '@/pooling/faults'
import { Late } from '@/pooling/Late'
import { useNames, useRights } from '@/pooling/names'
import { Amount, Typed } from '@/pooling/Typed'

/** What was asked, what the lender says, the time spent and who confirmed it. */
export function Bookings({ bookings }: { bookings: BookingTime[] }) {
  const words = useSpeech().messages.skills
  return (
    <section className="part">
      <h2>{words.bookings}</h2>
      {bookings.length === 0 ? (
        <p className="empty">{words.noBooking}</p>
      ) : (
        <ul className="bookings">
          {bookings.map((one) => (
            <One key={one.booking.id} one={one} />
          ))}
        </ul>
      )}
    </section>
  )
}

function One({ one: { booking, times } }: { one: BookingTime }) {
  const { messages, formats } = useSpeech()
  const words = messages.skills
  const names = useNames()
  const rights = useRights()
  const [telling, setTelling] = useState(false)
  const last = times[0]
  const lends = rights.edits || rights.editsOf(booking.lender)
  const borrows = rights.edits || rights.editsOf(booking.borrower)
  const changing = useMutation({
    mutationFn: (change: () => Promise<BookingTime>) => change(),
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  const name = words.bookingOf(booking.skill, names.member(booking.borrower), formats.month(booking.month))
  const deed = (label: string, change: () => Promise<BookingTime>, main = false) => (
    <button
      type="button"
      className={main ? 'button main' : 'button'}
      aria-label={`${label} : ${name}`}
      disabled={changing.isPending}
      onClick={() => changing.mutate(change)}
    >
      {label}
    </button>
  )
  return (
    <li>
      <h3>
        {booking.skill} <span className="quiet">{formats.month(booking.month)}</span>
      </h3>
      <p>
        {words.asks(
          names.member(booking.borrower),
          formats.number(Number(booking.hours)),
          names.member(booking.lender),
          formats.cents(Number(booking.cost)),
        )}
        {booking.purpose !== '' && ` ${booking.purpose}.`} <strong>{words.states[booking.state]}</strong>
        {booking.answered != null && (
          <span className="quiet">
            {' '}
            {messages.withWhom.said(booking.answered.by_name, formats.date(new Date(booking.answered.at)))}
          </span>
        )}
      </p>
      {times.length > 0 && (
        <ul className="by-hand">
          {times.map((time) => (
            <li key={time.revision}>
              <span className={time !== last ? 'gone' : ''}>
                {words.spent(formats.number(Number(time.hours)))}
                {time.note !== '' && `, ${time.note}`}
              </span>{' '}
              <span className="quiet">
                {messages.withWhom.said(time.entered.by_name, formats.date(new Date(time.entered.at)))}
                {time.confirmed != null &&
                  ` ; ${words.confirmedBy(time.confirmed.by_name, formats.date(new Date(time.confirmed.at)))}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="ways">
        {booking.state === 'asked' && lends && (
          <>
            {deed(words.accept, () => answerBooking(booking.id, 'accepted'), true)}
            {deed(words.refuse, () => answerBooking(booking.id, 'refused'))}
          </>
        )}
        {booking.state === 'asked' &&
          borrows &&
          deed(words.giveUp, () => answerBooking(booking.id, 'withdrawn'))}
        {booking.state === 'accepted' && lends && !telling && (
          <button
            type="button"
            className="button"
            aria-label={`${last ? words.correct : words.tell} : ${name}`}
            onClick={() => setTelling(true)}
          >
            {last ? words.correct : words.tell}
          </button>
        )}
        {last &&
          last.confirmed == null &&
          borrows &&
          deed(words.confirm, () => confirmTime(booking.id, last.revision), true)}
      </div>
      {telling && (
        <Tell key={last?.revision ?? 0} one={{ booking, times }} onClose={() => setTelling(false)} />
      )}
      {changing.isError && <Late error={changing.error} reread={() => changing.reset()} />}
    </li>
  )
}

function Tell({ one, onClose }: { one: BookingTime; onClose: () => void }) {
  const { messages, language } = useSpeech()
  const words = messages.skills
  const last = one.times[0]
  const [hours, setHours] = useState(() => typed(last?.hours ?? one.booking.hours, language))
  const [note, setNote] = useState('')
  const telling = useMutation({
    mutationFn: () => tellTime(one.booking.id, decimal(hours), last?.revision ?? 0, note),
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries({ queryKey: ['pooling'] })
      onClose()
    },
  })
  return (
    <form
      className="fields end"
      onSubmit={(event) => {
        event.preventDefault()
        telling.mutate()
      }}
    >
      <Amount
        label={words.hoursSpent}
        className="field"
        required
        value={hours}
        fault={faultAt(faultsOf(telling.error), 'hours')}
        onTyped={setHours}
      />
      <Typed label={messages.withWhom.note} className="field grow" value={note} onTyped={setNote} />
      <button type="submit" className="button main" disabled={telling.isPending}>
        {messages.entering.keep}
      </button>
      <button type="button" className="button" onClick={onClose}>
        {messages.entering.cancel}
      </button>
      {telling.isError && <Late error={telling.error} reread={onClose} />}
    </form>
  )
}
