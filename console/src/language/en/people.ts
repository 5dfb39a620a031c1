import type { Messages } from '@/language/fr'
import { englishPlural as plural } from '@/language/plural'

export const roles: Messages['roles'] = {
  reader: 'Reader',
  editor: 'Editor',
  operator: 'Operator',
  administrator: 'Administrator',
}

export const rolesExplained: Messages['rolesExplained'] = {
  reader: 'Sees the equipment, the devices and their measurements. Changes nothing.',
  editor: 'Sees everything, and keeps the registry: sites, equipment, devices, series.',
  operator: 'Sees everything and keeps the registry; also writes measurements and commands devices.',
  administrator: 'Sees and does everything; also decides on people, keys and what is shared.',
}

export const rights: Messages['rights'] = {
  read: 'Read',
  edit: 'Keep the registry',
  operate: 'Write measurements and act',
  administer: 'Administer',
}

export const rightsExplained: Messages['rightsExplained'] = {
  read: 'See the equipment, the devices and their measurements; change nothing.',
  edit: 'Read, and change the registry: sites, equipment, devices, series.',
  operate: 'Keep the registry, write measurements, command devices.',
  administer: 'Everything, people, keys and sharing included. To be given rarely.',
}

export const people: Messages['people'] = {
  title: 'People and access',
  administratorsOnly: 'The people of a collectivité are managed by its administrators.',
  seeMine: 'See what I may do, and my account',
  sentence: ({ name, people, waiting, keys }, shown) => {
    const said = [`${shown.people} ${plural(people, 'person', 'people')}`]
    if (waiting > 0)
      said.push(`${shown.waiting} ${plural(waiting, 'invitation waiting', 'invitations waiting')}`)
    said.push(keys === 0 ? 'no machine key' : `${shown.keys} ${plural(keys, 'machine key', 'machine keys')}`)
    return `${name}: ${said.join(', ')}.`
  },
  people: 'People',
  nobody: 'Nobody has a role here yet.',
  you: '(you)',
  closed: '(account closed)',
  role: 'Role',
  may: 'What it allows',
  whoMay: 'Who may do what',
  whoMayExplained:
    'A role holds in one collectivité, and nowhere else. What changes holds from the next request on.',
  roleOf: (name) => `Role of ${name}`,
  changed: (name, role) => `${name} is now ${role}.`,
  undo: 'Undo',
  link: 'Sign-in link',
  linkOf: (name) => `Link for ${name}`,
  linkOnce: (moment) =>
    `This link is shown this once, and opens once, until ${moment}. Hand it over yourself: whoever has it acts as this person.`,
  endSessions: 'Sign out everywhere',
  ended: (count, shown) =>
    count === 0 ? 'No session was open.' : `${shown} ${plural(count, 'session ended', 'sessions ended')}.`,
  withdraw: 'Withdraw the role…',
  withdrawExplained: (owner) =>
    `This person will see nothing of ${owner} any more, at once, and must be invited again to come back.`,
  leave: 'Step down…',
  leaveExplained: (owner) =>
    `You will see nothing of ${owner} any more, at once. Another administrator must invite you for you to come back.`,
  withdrawConfirm: 'Withdraw',
  typeName: (name) => `To confirm, type: ${name}`,
  close: 'Close the account',
  reopen: 'Open the account again',
  invitations: {
    title: 'Invite',
    explained:
      'Beffroi sends no e-mail: it gives you a link, to hand over yourself. It works once, for a week.',
    where: 'Where',
    whereHint: 'In a member, the structure names the first administrator only, who then names all others.',
    email: 'E-mail',
    submit: 'Invite',
    once: (moment) => `This link is shown this once, and holds until ${moment}. Copy it and send it.`,
    linkFor: (email) => `Link for ${email}`,
    none: 'No invitation is waiting.',
    until: (moment) => `until ${moment}`,
    revoke: 'Cancel the invitation',
    revokeOf: (email) => `Cancel the invitation of ${email}`,
  },
  keys: {
    title: 'Keys of machines',
    explained:
      'A program presents a key. It belongs to the collectivité, not to whoever made it. Give it as little as possible.',
    make: 'Make a key…',
    name: 'Name',
    nameHint: 'To recognise it: “Water supervision”, for instance.',
    right: 'Right',
    expires: 'Until',
    expiresHint: 'That day included. Empty: without end.',
    services: 'Services reached (none ticked: all)',
    submit: 'Make the key',
    once: 'This key is shown this once: Beffroi keeps only a hash of it.',
    token: (name) => `Key “${name}”`,
    header: 'The program sends it in the Authorization header, after the word Bearer.',
    noted: 'I have copied it',
    none: 'No key opens this collectivité.',
    everyService: 'every service',
    only: (services) => `only ${services}`,
    until: (day) => `until ${day}`,
    lapsed: (day) => `lapsed since ${day}`,
    neverUsed: 'never used',
    lastUsed: 'used',
    end: 'End it…',
    endOf: (name) => `End the key ${name}`,
    endExplained: 'The program that uses it is refused at its next request, for good.',
    endConfirm: 'End it',
    typeName: (name) => `To confirm, type the key’s name: ${name}`,
    endedKeys: (count, shown) => `${shown} ${plural(count, 'key that ended', 'keys that ended')}`,
    endedOn: (day) => `ended on ${day}`,
  },
}

export const account: Messages['account'] = {
  open: 'My account',
  signOut: 'Sign out',
  intro: (name, email) => `${name}, ${email}`,
  mayTitle: 'What I may do',
  mayNothing: 'No role for now: ask an administrator of your collectivité.',
  instance: 'You also administer the instance: members, open lists, backups, accounts to be closed.',
  nameTitle: 'My name',
  name: 'Name others see',
  save: 'Save',
  saved: 'Saved.',
  looks: 'Language and looks',
  language: 'Language',
  languages: { fr: 'Français', en: 'English' },
  theme: 'Theme',
  themes: { light: 'light', dark: 'dark' },
  themeHint: 'For this browser. The language follows your account.',
  password: 'Password',
  passwordNone: 'You have no password yet: choose one.',
  current: 'Present password',
  fresh: 'New password',
  passwordHint: 'At least 12 characters; a sentence does very well. Your other sessions will end.',
  change: 'Change the password',
  changed: 'The password is changed; your other sessions have ended.',
  sessions: 'My sessions',
  sessionsSentence: (count, shown) =>
    count === 1 ? 'You are signed in here only.' : `You are signed in at ${shown} places.`,
  columns: { device: 'Device', address: 'Address', opened: 'Opened', seen: 'Seen', way: 'By' },
  here: 'right here',
  ways: { password: 'password', link: 'sign-in link', invitation: 'invitation' },
  unknownDevice: 'Unknown device',
  onSystem: (browser, system) => `${browser} on ${system}`,
  end: 'End',
  endOf: (device) => `End the session: ${device}`,
  endOthers: 'End all others',
  endedOthers: (count, shown) => `${shown} ${plural(count, 'other session ended', 'other sessions ended')}.`,
  keys: 'Keys I made',
  keysNone: 'None. Keys of machines belong to the collectivités that you administer.',
  keysManage: 'Manage keys',
}
