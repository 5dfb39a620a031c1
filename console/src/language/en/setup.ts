import type { setup as french } from '@/language/fr/setup'
import { englishPlural as plural } from '@/language/plural'

export const setup: typeof french = {
  title: 'First run',
  steps: {
    person: 'You',
    structure: 'The structure',
    members: 'The collectivités',
    services: 'The services',
    ready: 'First steps',
  },
  headings: {
    person: 'Welcome. Who administers this platform?',
    structure: 'Which structure operates it?',
    members: 'For which collectivités?',
    services: 'With which services?',
    ready: 'The platform is ready',
  },
  next: 'Continue',
  back: 'Back',
  make: 'Create the platform',
  making: 'Creating…',
  refused: 'This address does not open the first run',
  founded: 'This platform is in service already',

  personIntro:
    'This will be your account. You will then invite your colleagues, and the first administrator of each member.',
  structureIntro:
    'A syndicate, an intercommunality, a département… that operates the platform for its members.',
  form: 'Its form',
  forms: {
    syndicat: 'Syndicate',
    epci: 'Intercommunality (EPCI with its own taxes)',
    departement: 'Département',
    spl: 'Local public company (SPL)',
    gip: 'Public interest group (GIP)',
    commune: 'Commune',
    other: 'Other',
  },
  findStructure: 'Find it in the official referential',
  name: 'Its name',
  zone: (zone: string) => `Its days begin at midnight, in the time zone ${zone}.`,
  siren: 'Its SIREN (optional)',
  sirenHint: 'Nine digits.',

  membersIntro:
    'All communes and intercommunalities of France are there. Choose them one by one, or a whole département at once; others may join later.',
  find: 'Search for a collectivité',
  findHint: 'Name, INSEE code, postcode',
  looking: 'Searching…',
  noneFound: 'No collectivité matches.',
  findFailed: 'The search failed. Change the text to try again.',
  kinds: { departement: 'Départements', epci: 'Intercommunalities', commune: 'Communes' },
  kind: { epci: 'Intercommunality', commune: 'Commune' },
  wholeDepartement: (name) => `${name}: the whole département`,
  wholeEpci: (name) => `${name}, with its communes`,
  inhabitants: (count, shown) => `${shown}\u00a0${plural(count, 'inhabitant', 'inhabitants')}`,
  added: (count, shown) => (count === 0 ? 'In the list already.' : `${shown} added.`),
  cleared: 'List emptied.',
  undo: 'Undo',
  noMember: 'No collectivité yet. Type a name above, then Enter.',
  counts: (counts, communes, inhabitants) =>
    [
      counts.communes > 0 && `${communes}\u00a0${plural(counts.communes, 'commune', 'communes')}`,
      counts.epci > 0 &&
        `${counts.epci}\u00a0${plural(counts.epci, 'intercommunality', 'intercommunalities')}`,
      `${inhabitants}\u00a0${plural(counts.inhabitants, 'inhabitant', 'inhabitants')}`,
    ]
      .filter((one) => one !== false)
      .join(', '),
  clear: 'Remove all',
  chosen: 'Chosen collectivités',
  chosenHint: 'With the keyboard: up and down arrows from line to line, Enter to remove.',
  columns: { name: 'Name', kind: 'Kind', inhabitants: 'Inhabitants', takeAway: 'Remove' },
  takeAway: 'Remove',
  takeAwayThis: (name) => `Remove ${name}`,

  servicesIntro: 'Each member will choose its own among these. You may change your mind.',
  services: 'Services offered',
  noService: 'Keep at least one service.',
  noMemberYet: 'no collectivité yet',
  recap: (structure, members, services, person) =>
    `${structure}: ${members}, ${services} ${plural(services, 'service', 'services')}, administered by ${person}.`,

  readyIntro: 'Your account is open, and you are signed in.',
  connect: 'Connect a first network',
  connectDetail: 'LoRaWAN, MQTT, files…: an address and a secret to paste, and measurements come in.',
  see: 'See the territory',
  seeDetail: 'The map and the list of your collectivités.',
  demonstration: 'Look at the demonstration',
  demonstrationDetail:
    'A whole territory with simulated measurements, in a platform of its own: nothing there touches yours.',
  command: 'Command to run in a terminal',
}
