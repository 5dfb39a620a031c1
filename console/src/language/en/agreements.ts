import type { Messages } from '@/language/fr'
import { englishPlural as plural } from '@/language/plural'

export const agreements: Messages['agreements'] = {
  nav: 'Sharing',
  title: 'Who sees what',
  sentence: (name, receivers, givers, shown) => {
    const outwards =
      receivers === 0
        ? `${name} shares nothing`
        : `${name} shares with ${shown.receivers} ${plural(receivers, 'collectivité', 'collectivités')}`
    const inwards =
      givers === 0
        ? 'receives nothing from others'
        : `receives from ${shown.givers} ${plural(givers, 'collectivité', 'collectivités')}`
    return `${outwards} and ${inwards}.`
  },
  administratorsOnly: 'What a collectivité shares is read and decided by its administrators.',
  administratorsOnlyDetail:
    'What is shared with you shows by itself in your pages: devices, equipment, measurements.',
  rights: { read: 'see', operate: 'see and act' },
  rightsExplained: {
    read: 'Read the equipment, the devices and their measurements; change nothing.',
    operate: 'The other’s operators may also change them and write their measurements.',
  },
  states: { current: 'in force', toCome: 'to come', over: 'over', revoked: 'taken back' },
  columns: {
    giver: 'Who gives',
    what: 'What',
    receiver: 'Who receives',
    right: 'Right',
    period: 'Period',
    state: 'State',
  },
  chosenSeries: (count, shown) => `${shown} ${plural(count, 'chosen series', 'chosen series')}`,
  sinceDay: (day) => `since ${day}, without end`,
  fromTo: (from, until) => `from ${from} to ${until} included`,
  untilDay: (until) => `until ${until}`,
  others: (_, shown) => `and ${shown} others`,
  sides: {
    given: {
      title: 'What is given',
      explained: 'Taking one back closes access at once; the other sees it in its page.',
      empty: 'Nothing is shared: nobody else sees your equipment, your devices or your measurements.',
    },
    received: {
      title: 'What is received',
      explained: 'What others let you see or operate. It cannot be passed on to anyone else.',
      empty: 'No other collectivité lets you see its own for now.',
    },
  },
  over: (count, shown) => `${shown} ${plural(count, 'agreement that is over', 'agreements that are over')}`,
  details: 'Details',
  detailsOf: (other, what) => `Details: ${what}, ${other}`,
  more: (shown) => `Show the next ${shown}`,
  purpose: 'What for',
  past: 'Past',
  pastGiven: 'Included: every measurement, from the beginning.',
  pastHidden: (moment) => `Hidden: nothing from before ${moment}.`,
  made: 'Agreement made',
  byAdhesion: 'by taking up a service',
  opens: { given: 'Opens to the other, today:', received: 'Opens to you, today:' },
  wouldOpen: 'Would open, today:',
  counts: {
    assets: (count, shown) => `${shown} ${plural(count, 'piece of equipment', 'pieces of equipment')}`,
    devices: (count, shown) => `${shown} ${plural(count, 'device', 'devices')}`,
    series: (_, shown) => `${shown} series`,
  },
  observing: (list) => `(${list})`,
  otherProperties: (shown) => `others (${shown})`,
  seeDevices: (owner) => `See the devices of ${owner}`,
  revoke: {
    given: {
      begin: 'Take it back…',
      explained: 'The other sees nothing of it any more, at once. Giving it again takes a new agreement.',
      confirm: 'Take back',
    },
    received: {
      begin: 'Renounce it…',
      explained: 'You will see nothing of it any more, at once. Only the other can give it again.',
      confirm: 'Renounce',
    },
    type: (name) => `To confirm, type the other’s name: ${name}`,
  },
  news: {
    given: (other, what) => `Given to ${other}: ${what}.`,
    received: (other, what) => `${other} has just given you: ${what}.`,
    'taken back': (other, what) => `What ${other} shared is over: ${what}.`,
    ended: (other, what) => `Taken back from ${other}: ${what}.`,
  },
  give: {
    begin: 'Share…',
    title: (giver) => `Share what belongs to ${giver}`,
    receiver: 'With whom',
    choose: 'Choose…',
    what: 'What',
    ways: { service: 'a whole service', asset_kind: 'a kind of equipment', series: 'an observed property' },
    which: { service: 'Service', asset_kind: 'Kind of equipment', series: 'Observed property' },
    right: 'To',
    purpose: 'What for',
    purposeHint: 'Read by both sides: “Joint on-call for lighting”, for instance.',
    until: 'Until',
    untilHint: 'That day included. Empty: without end, until either side ends it.',
    past: 'With the measurements of the past',
    previewWaits: 'Choose what: how much it opens is counted here, before anything is given.',
    looking: 'Looking for the series…',
    noSeries: 'No series of this collectivité observes that.',
    opens: 'Will open at once:',
    andToCome: 'What is added later will be shared too.',
    theseAlone: 'These series alone: those added later will not be.',
    submit: 'Give',
    done: (receiver) => `It is given to ${receiver}.`,
  },
}
