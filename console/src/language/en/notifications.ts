import { englishPlural as plural } from '@/language/plural'

export const notifications = {
  title: 'Notifications',
  bell: (_: number, shown: string) => `Notifications: ${shown} unread`,
  sentence: (count: number, shown: string) =>
    count === 0
      ? 'You have read everything.'
      : `${shown} ${plural(count, 'notification', 'notifications')} to read.`,
  unreadAlone: 'Only those to read',
  readAll: 'Mark all as read',
  read: 'Mark as read',
  readOf: (text: string) => `Mark as read: ${text}`,
  isNew: 'New',
  choose: 'Choose what I am told',
  nothing: 'Nothing to tell you for now.',
  nothingUnread: 'Nothing to read.',
  kept: 'A notification is kept for 90 days.',
  more: 'Show more',
  mine: 'What I am told',
  about: 'When',
  way: 'Tell me',
  wayOf: (kind: string) => `Tell me: ${kind}`,
  ways: { none: 'No', console: 'Here', email: 'Here and by e-mail' },
  kinds: {
    silence: {
      name: 'Devices that fall silent',
      explained: 'Those that fall silent together make one notification.',
    },
    connection: {
      name: 'Connections that fail',
      explained: 'After five minutes. For those who look after equipment.',
    },
    quarantine: {
      name: 'A quarantine that grows',
      explained: 'At the first message, then each time their number doubles.',
    },
    agreement: { name: 'Agreements', explained: 'Given, taken back or bounded. For administrators.' },
    move: { name: 'Changes of owner', explained: 'Proposed, accepted or refused. For administrators.' },
    computation: { name: 'Computations', explained: 'Those you asked for, when they end.' },
    import: { name: 'Files taken in', explained: 'Those you sent, when they are in.' },
  },
  rhythm: 'E-mails',
  rhythms: { 'at-once': 'At once', daily: 'Once a day' },
  dailyAt: 'At',
  quiet: 'No e-mail during some hours',
  quiet_from: 'From',
  quiet_until: 'To',
  mailUnset:
    'This instance has no mail server: no e-mail leaves. Everything is read here; its operator may set one.',
  mailTrouble: (why: string) =>
    `The mail server did not take the last e-mails; they will be handed in again. It says: ${why}`,
}
