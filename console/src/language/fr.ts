import { access } from '@/language/fr/access'
import { map } from '@/language/fr/map'
import { series } from '@/language/fr/series'
import { connections } from '@/language/fr/connections'
import { models, quality } from '@/language/fr/models'
import { downlinks, claims } from '@/language/fr/downlinks'
import { now } from '@/language/fr/collectivity'
import { chirpstack } from '@/language/fr/chirpstack'
import { accessibility } from '@/language/fr/accessibility'
import { agreements } from '@/language/fr/agreements'
import { audit } from '@/language/fr/audit'
import { dashboards } from '@/language/fr/dashboards'
import { explore } from '@/language/fr/explore'
import { experiments } from '@/language/fr/experiments'
import { notifications } from '@/language/fr/notifications'
import { planning } from '@/language/fr/planning'
import { pooling } from '@/language/fr/pooling'
import { purchases } from '@/language/fr/purchases'
import { entering } from '@/language/fr/entering'
import { skills } from '@/language/fr/skills'
import { weighing } from '@/language/fr/weighing'
import { withWhom } from '@/language/fr/withWhom'
import { account, people, rights, rightsExplained, roles, rolesExplained } from '@/language/fr/people'
import { setup } from '@/language/fr/setup'
import { things } from '@/language/fr/things'
import { plural } from '@/language/plural'

/** Every sentence of the console. `en.ts` has the same keys, or the console does not compile. */
export const fr = {
  product: 'Beffroi',
  skip: 'Aller au contenu',
  loading: 'Chargement…',
  retry: 'Réessayer',
  simulated: 'Données simulées',
  simulatedExplained: 'Ces mesures sont inventées pour la démonstration : aucune ne vient d’un vrai capteur.',
  none: '—',
  semicolon: ' ; ',
  switchTo: 'English',
  theme: { toDark: 'Passer en thème sombre', toLight: 'Passer en thème clair' },
  trail: 'Vous êtes ici',
  territory: 'Territoire',
  account,
  notifications,
  ofWhich: 'Collectivité',

  access,

  problem: {
    unreachable: 'Beffroi ne répond pas',
    unreachableDetail: 'Rien n’est perdu. Vérifiez votre connexion, puis réessayez.',
    broken: 'Beffroi est en panne pour le moment',
    brokenDetail: 'Rien n’est perdu. Réessayez dans un instant ; si cela dure, prévenez votre structure.',
    unexpected: 'Cette page a rencontré une erreur',
    unexpectedDetail: 'Rien n’a été modifié. Réessayez ; si cela recommence, prévenez votre structure.',
    notFound: 'Cette page n’existe pas',
    notFoundDetail: 'L’adresse est peut-être incomplète, ou la page a changé de place.',
    back: 'Revenir au territoire',
  },

  live: {
    connecting: 'Liaison en cours…',
    open: 'En direct',
    ended: 'Vous n’avez plus accès à ces mesures',
    lost: (time: string) => `Liaison perdue à ${time} ; nouvel essai en cours`,
    back: (time: string) => `Liaison rétablie à ${time}`,
    explained: 'Les mesures arrivent sans recharger la page.',
  },

  zone: (name: string) => `Heures du fuseau ${name}`,

  home: {
    sentence: (communes: number, devices: number, shown: { communes: string; devices: string }) =>
      `${shown.communes} ${plural(communes, 'commune', 'communes')}, ${shown.devices} ${plural(devices, 'appareil', 'appareils')}`,
    latest: 'dernière mesure',
    devices: (count: number, shown: string) => `${shown} ${plural(count, 'appareil', 'appareils')}`,
    nothing: 'aucune mesure reçue pour le moment',
    list: 'Collectivités',
    search: 'Chercher une collectivité',
    kind: 'Montrer',
    found: (count: number, shown: string) =>
      count === 0
        ? 'Aucune collectivité ne correspond.'
        : `${shown} ${plural(count, 'collectivité', 'collectivités')}`,
    columns: { name: 'Nom', devices: 'Appareils', latest: 'Dernière mesure' },
    all: 'Toutes les collectivités',
  },

  map,

  found: {
    collectivities: 'Collectivités',
    assets: 'Équipements',
    devices: 'Appareils',
    series: 'Mesures',
    addresses: 'Adresses',
    pages: 'Pages',
    actions: 'Actions',
  },

  palette: {
    title: 'Aller à',
    open: 'Chercher partout',
    hint: 'Commune, équipement, appareil, mesure, action…',
    keys: 'Flèches pour choisir, Entrée pour ouvrir, Échap pour fermer.',
    speakOther: 'Passer en anglais',
  },

  kinds: {
    commune: { one: 'Commune', many: 'Communes' },
    epci: { one: 'Intercommunalité', many: 'Intercommunalités' },
    departement: { one: 'Département', many: 'Départements' },
    region: { one: 'Région', many: 'Régions' },
    structure: { one: 'Structure', many: 'Structures' },
  },

  freshness: {
    hour: 'moins d’une heure',
    day: 'moins d’un jour',
    old: 'plus d’un jour',
    never: 'aucune mesure',
  },

  collectivity: {
    sentence: (series: number, shown: string, services: number) =>
      `${shown} ${plural(series, 'série', 'séries')} dans ${services} ${plural(services, 'service', 'services')}`,
    latest: 'dernière mesure',
    silent: (count: number, shown: string) =>
      `${shown} ${plural(count, 'silencieuse', 'silencieuses')} depuis plus d’un jour`,
    empty: 'Aucune série de mesures pour le moment.',
    emptyDetail: 'Elles apparaîtront ici dès qu’un appareil de cette collectivité enverra une mesure.',
    inhabitants: (shown: string) => `${shown} habitants`,
    populations: { municipale: 'population municipale', totale: 'population totale' },
    columns: { series: 'Mesure', value: 'Dernière valeur', latest: 'Mesurée', quality: 'Qualité' },
    search: 'Chercher une mesure',
    more: (shown: string) => `Afficher les ${shown} suivantes`,
    notFound: 'Aucune mesure ne correspond à cette recherche.',
  },

  now,

  series,

  colon: (said: string, subject: string) => `${said} : ${subject}`,
  pages: 'Pages',
  ways: {
    devices: 'Appareils',
    explore: 'Explorer',
    dashboards: 'Tableaux de bord',
    pooling: 'Mutualisation',
  },

  connections,

  chirpstack,

  setup,
  things,

  explore,

  dashboards,

  experiments,
  planning,
  pooling,
  purchases,
  withWhom,
  skills,
  weighing,
  entering,

  agreements,

  people,
  roles,
  rolesExplained,
  rights,
  rightsExplained,

  audit,

  accessibility,

  models,

  quality,

  downlinks,

  claims,
}

export type Messages = typeof fr
