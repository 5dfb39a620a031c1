import { plural } from '@/language/plural'

export const now = {
  concerns: {
    silent: (count: number, shown: string) =>
      `${shown}\u00a0${plural(count, 'appareil silencieux', 'appareils silencieux')} depuis plus d’un jour`,
    never: (count: number, shown: string) =>
      `${shown}\u00a0${plural(count, 'appareil jamais entendu', 'appareils jamais entendus')}`,
    doubtful: (count: number, shown: string) =>
      `${shown}\u00a0${plural(count, 'mesure douteuse', 'mesures douteuses')}`,
    battery: (count: number, shown: string) =>
      `${shown}\u00a0${plural(count, 'pile faible', 'piles faibles')}`,
  },
  explained: {
    silent: 'Aucune mesure depuis plus d’un jour\u00a0: pile vide, panne, ou plus de réseau.',
    never: 'Déclarés, mais aucune mesure n’est jamais arrivée d’eux.',
    doubtful: 'La dernière valeur sort du plausible, ne bouge plus, ou est mise en doute par l’appareil.',
    battery: 'Moins de 20\u202f%\u00a0: à remplacer à la prochaine tournée.',
  },
  calm: (count: number, shown: string) =>
    `Rien à signaler\u00a0: ${shown}\u00a0${plural(count, 'appareil suivi', 'appareils suivis')}`,
  attention: 'À regarder',
  others: (count: number, shown: string) => `et ${shown}\u00a0${plural(count, 'autre', 'autres')}`,
  spans: { now: 'en ce moment', day: 'hier' },
  week: (change: string) => `${change} sur une semaine`,
  year: (change: string) => `${change} sur un an`,
  same: 'stable',
  compared:
    'Le dernier jour entier, comparé au même jour de la semaine d’avant, et à celui d’il y a 52 semaines.',
  of: (count: number, shown: string) => `${shown}\u00a0${plural(count, 'mesure', 'mesures')}`,
  sparkline: (days: string, low: string, high: string) => `${days} jours, de ${low} à ${high}`,
  table: 'Jour par jour',
  day: 'Jour',
  all: 'Toutes les mesures',
}
