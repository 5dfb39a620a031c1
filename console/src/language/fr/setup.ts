import { plural } from '@/language/plural'

type Counts = { communes: number; epci: number; inhabitants: number }

/** The first run of an instance. */
export const setup = {
  title: 'Mise en route',
  steps: {
    person: 'Vous',
    structure: 'La structure',
    members: 'Les collectivités',
    services: 'Les services',
    ready: 'Premiers pas',
  },
  headings: {
    person: 'Bienvenue. Qui administre cette plateforme ?',
    structure: 'Quelle structure l’opère ?',
    members: 'Pour quelles collectivités ?',
    services: 'Avec quels services ?',
    ready: 'La plateforme est prête',
  },
  next: 'Continuer',
  back: 'Revenir',
  make: 'Créer la plateforme',
  making: 'Création…',
  refused: 'Cette adresse n’ouvre pas la mise en route',
  founded: 'Cette plateforme est déjà en service',

  personIntro:
    'Ce sera votre compte. Vous inviterez ensuite vos collègues et le premier administrateur de chaque membre.',
  structureIntro:
    'Un syndicat, une intercommunalité, un département… qui opère la plateforme pour ses membres.',
  form: 'Sa forme',
  forms: {
    syndicat: 'Syndicat',
    epci: 'Intercommunalité (EPCI à fiscalité propre)',
    departement: 'Département',
    spl: 'Société publique locale (SPL)',
    gip: 'Groupement d’intérêt public (GIP)',
    commune: 'Commune',
    other: 'Autre',
  },
  findStructure: 'La trouver dans le référentiel officiel',
  name: 'Son nom',
  zone: (zone: string) => `Ses journées commencent à minuit, dans le fuseau ${zone}.`,
  siren: 'Son SIREN (facultatif)',
  sirenHint: 'Neuf chiffres.',

  membersIntro:
    'Toutes les communes et intercommunalités de France sont là. Choisissez-les une à une, ou tout un département d’un coup ; d’autres pourront entrer plus tard.',
  find: 'Chercher une collectivité',
  findHint: 'Nom, code INSEE, code postal',
  looking: 'Recherche…',
  noneFound: 'Aucune collectivité ne correspond.',
  findFailed: 'La recherche n’a pas abouti. Modifiez le texte pour réessayer.',
  kinds: { departement: 'Départements', epci: 'Intercommunalités', commune: 'Communes' },
  kind: { epci: 'Intercommunalité', commune: 'Commune' },
  wholeDepartement: (name: string) => `${name} : tout le département`,
  wholeEpci: (name: string) => `${name}, avec ses communes`,
  inhabitants: (count: number, shown: string) => `${shown}\u00a0${plural(count, 'habitant', 'habitants')}`,
  added: (count: number, shown: string) =>
    count === 0 ? 'Déjà dans la liste.' : `${shown} ${plural(count, 'ajoutée', 'ajoutées')}.`,
  cleared: 'Liste vidée.',
  undo: 'Annuler',
  noMember: 'Aucune collectivité pour le moment. Tapez un nom ci-dessus, puis Entrée.',
  counts: (counts: Counts, communes: string, inhabitants: string) =>
    [
      counts.communes > 0 && `${communes}\u00a0${plural(counts.communes, 'commune', 'communes')}`,
      counts.epci > 0 &&
        `${counts.epci}\u00a0${plural(counts.epci, 'intercommunalité', 'intercommunalités')}`,
      `${inhabitants}\u00a0${plural(counts.inhabitants, 'habitant', 'habitants')}`,
    ]
      .filter((one) => one !== false)
      .join(', '),
  clear: 'Tout retirer',
  chosen: 'Collectivités choisies',
  chosenHint: 'Au clavier : flèches haut et bas d’une ligne à l’autre, Entrée pour retirer.',
  columns: { name: 'Nom', kind: 'Sorte', inhabitants: 'Habitants', takeAway: 'Retirer' },
  takeAway: 'Retirer',
  takeAwayThis: (name: string) => `Retirer ${name}`,

  servicesIntro: 'Chaque membre choisira les siens parmi ceux-ci. Vous pourrez changer d’avis.',
  services: 'Services proposés',
  noService: 'Gardez au moins un service.',
  noMemberYet: 'aucune collectivité pour le moment',
  recap: (structure: string, members: string, services: number, person: string) =>
    `${structure} : ${members}, ${services} ${plural(services, 'service', 'services')}, administrée par ${person}.`,

  readyIntro: 'Votre compte est ouvert et vous êtes connecté.',
  connect: 'Connecter un premier réseau',
  connectDetail: 'LoRaWAN, MQTT, fichiers… : une adresse et un secret à coller, et les mesures arrivent.',
  see: 'Voir le territoire',
  seeDetail: 'La carte et la liste de vos collectivités.',
  demonstration: 'Regarder la démonstration',
  demonstrationDetail:
    'Un territoire complet aux mesures simulées, dans une plateforme à part : rien n’y touche la vôtre.',
  command: 'Commande à lancer dans un terminal',
}
