import { plural } from '@/language/plural'

export const agreements = {
  nav: 'Partage',
  title: 'Qui voit quoi',
  sentence: (
    name: string,
    receivers: number,
    givers: number,
    shown: { receivers: string; givers: string },
  ) => {
    const outwards =
      receivers === 0
        ? `${name} ne partage rien`
        : `${name} partage avec ${shown.receivers} ${plural(receivers, 'collectivité', 'collectivités')}`
    const inwards =
      givers === 0
        ? 'ne reçoit rien d’autres'
        : `reçoit de ${shown.givers} ${plural(givers, 'collectivité', 'collectivités')}`
    return `${outwards} et ${inwards}.`
  },
  administratorsOnly: 'Les partages d’une collectivité se lisent et se décident par ses administrateurs.',
  administratorsOnlyDetail:
    'Ce qui vous est partagé apparaît de lui-même dans vos pages : appareils, équipements, mesures.',
  rights: { read: 'voir', operate: 'voir et agir' },
  rightsExplained: {
    read: 'Lire les équipements, les appareils et leurs mesures ; rien changer.',
    operate: 'Les opérateurs de l’autre peuvent aussi les modifier et en écrire les mesures.',
  },
  states: { current: 'en cours', toCome: 'à venir', over: 'terminé', revoked: 'repris' },
  columns: {
    giver: 'Qui donne',
    what: 'Quoi',
    receiver: 'Qui reçoit',
    right: 'Droit',
    period: 'Période',
    state: 'État',
  },
  chosenSeries: (count: number, shown: string) =>
    `${shown} ${plural(count, 'mesure choisie', 'mesures choisies')}`,
  sinceDay: (day: string) => `depuis le ${day}, sans fin`,
  fromTo: (from: string, until: string) => `du ${from} au ${until} compris`,
  untilDay: (until: string) => `jusqu’au ${until}`,
  others: (_: number, shown: string) => `et ${shown} autres`,
  sides: {
    given: {
      title: 'Ce qui est donné',
      explained: 'Reprendre un partage ferme l’accès aussitôt ; l’autre le voit dans sa page.',
      empty: 'Rien n’est partagé : personne d’autre ne voit vos équipements, vos appareils ni vos mesures.',
    },
    received: {
      title: 'Ce qui est reçu',
      explained: 'Ce que d’autres laissent voir ou opérer. Ce qui est reçu ne se transmet pas à un tiers.',
      empty: 'Aucune autre collectivité ne vous laisse voir les siens pour le moment.',
    },
  },
  over: (count: number, shown: string) => `${shown} ${plural(count, 'partage terminé', 'partages terminés')}`,
  details: 'Détails',
  detailsOf: (other: string, what: string) => `Détails : ${what}, ${other}`,
  more: (shown: string) => `Afficher les ${shown} suivants`,
  purpose: 'Pour quoi faire',
  past: 'Passé',
  pastGiven: 'Compris : toutes les mesures, depuis le début.',
  pastHidden: (moment: string) => `Caché : rien d’avant le ${moment}.`,
  made: 'Convention faite',
  byAdhesion: 'par l’adhésion à un service',
  opens: { given: 'Ouvre aujourd’hui à l’autre :', received: 'Vous ouvre aujourd’hui :' },
  wouldOpen: 'Ouvrirait aujourd’hui :',
  counts: {
    assets: (count: number, shown: string) => `${shown} ${plural(count, 'équipement', 'équipements')}`,
    devices: (count: number, shown: string) => `${shown} ${plural(count, 'appareil', 'appareils')}`,
    series: (count: number, shown: string) => `${shown} ${plural(count, 'série', 'séries')}`,
  },
  observing: (list: string) => `(${list})`,
  otherProperties: (shown: string) => `autres (${shown})`,
  seeDevices: (owner: string) => `Voir les appareils de ${owner}`,
  revoke: {
    given: {
      begin: 'Reprendre ce partage…',
      explained:
        'L’autre ne voit plus rien de ce partage, aussitôt. Le donner de nouveau demande une nouvelle convention.',
      confirm: 'Reprendre',
    },
    received: {
      begin: 'Y renoncer…',
      explained: 'Vous ne verrez plus rien de ce partage, aussitôt. Seul l’autre peut le donner de nouveau.',
      confirm: 'Renoncer',
    },
    type: (name: string) => `Pour confirmer, écrivez le nom de l’autre : ${name}`,
  },
  news: {
    given: (other: string, what: string) => `Donné à ${other} : ${what}.`,
    received: (other: string, what: string) => `${other} vient de vous donner : ${what}.`,
    'taken back': (other: string, what: string) => `Le partage de ${other} a pris fin : ${what}.`,
    ended: (other: string, what: string) => `Repris à ${other} : ${what}.`,
  },
  give: {
    begin: 'Partager…',
    title: (giver: string) => `Partager ce qui est à ${giver}`,
    receiver: 'Avec qui',
    choose: 'Choisir…',
    what: 'Quoi',
    ways: {
      service: 'un service entier',
      asset_kind: 'une sorte d’équipement',
      series: 'une grandeur mesurée',
    },
    which: { service: 'Service', asset_kind: 'Sorte d’équipement', series: 'Grandeur mesurée' },
    right: 'Pour',
    purpose: 'Pour quoi faire',
    purposeHint: 'Lu par les deux côtés : « Astreinte commune de l’éclairage », par exemple.',
    until: 'Jusqu’au',
    untilHint: 'Ce jour compris. Vide : sans fin, jusqu’à ce que l’un des deux y mette fin.',
    past: 'Avec les mesures du passé',
    previewWaits: 'Choisissez quoi : ce que cela ouvre sera compté ici, avant que rien ne soit donné.',
    looking: 'Recherche des séries…',
    noSeries: 'Aucune série de cette collectivité ne mesure cela.',
    opens: 'Ouvrira dès maintenant :',
    andToCome: 'Ce qui s’ajoutera sera partagé aussi.',
    theseAlone: 'Ces séries-là seulement : celles qui s’ajouteront ne le seront pas.',
    submit: 'Donner',
    done: (receiver: string) => `C’est donné à ${receiver}.`,
  },
}
