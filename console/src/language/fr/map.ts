import { plural } from '@/language/plural'

export const map = {
  title: 'Carte',
  label: (count: number, communes: string) =>
    `Carte de ${communes}\u00a0${plural(count, 'commune', 'communes')}. La liste à côté dit la même chose.`,
  loading: 'La carte arrive…',
  unable: 'Ce navigateur ne peut pas dessiner la carte (WebGL lui manque). La liste dit la même chose.',
  closer: 'Rapprocher',
  farther: 'Éloigner',
  sources: 'Sources de la carte',
  twoFingers: 'Deux doigts pour déplacer la carte',
  schematic:
    'Contours schématiques\u00a0: chaque cellule entoure le centre d’une commune. Les contours officiels seront demandés quand l’instance pourra joindre le service de l’État.',
  schematicOffline:
    'Contours schématiques\u00a0: chaque cellule entoure le centre d’une commune. Cette instance est hors ligne, elle ne demande rien au-dehors.',
  nowhere: 'Rien n’est encore situé\u00a0: ni communes ni équipements n’ont de coordonnées.',
  colour: 'Couleur des communes',
  devices: 'Nombre d’appareils',
  silentShare: 'Part d’appareils silencieux',
  measures: 'Moyenne actuelle',
  unit: (label: string, unit: string) => (unit === '' ? label : `${label}, en ${unit}`),
  under: (value: string) => `moins de ${value}`,
  between: (low: string, high: string) => `${low} à ${high}`,
  from: (value: string) => `${value} et plus`,
  nothing: 'rien à montrer',
  services: 'Équipements',
  shapes: 'Formes\u00a0: un service chacune',
  states: {
    heard: 'a parlé depuis un jour',
    silent: 'silencieux depuis plus d’un jour',
    never: 'jamais entendu',
    none: 'sans mesure',
  },
  cluster: 'groupe\u00a0; contour épais\u00a0: l’un d’eux est silencieux',
  tooMany: (count: string) =>
    `${count}\u00a0équipements\u00a0: rapprochez la carte, ou choisissez moins de services, pour les voir.`,
  find: 'Trouver sur la carte',
  findHint: 'Commune, équipement, appareil ou adresse',
  findHintOffline: 'Commune, équipement ou appareil',
  noAddresses: 'Hors ligne\u00a0: les adresses ne sont pas cherchées.',
  addressesLost: 'Le service d’adresses ne répond pas.',
  nothingFound: 'Rien ne correspond.',
  looking: 'Recherche…',
  close: 'Fermer',
  open: (name: string) => `Ouvrir la page de ${name}`,
  series: 'Ses mesures',
  noSeries: 'Aucune mesure ne porte sur cet équipement.',
  silentCount: (count: number, shown: string) =>
    `${shown}\u00a0${plural(count, 'appareil silencieux', 'appareils silencieux')} depuis plus d’un jour`,
  allSpeak: 'tous les appareils ont parlé depuis un jour',
  facts: {
    devices: 'Appareils',
    silent: 'Silencieux',
    latest: 'Dernière mesure',
    kind: 'Sorte',
    owner: 'Collectivité',
  },
}
