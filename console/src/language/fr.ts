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
  account: { open: 'Mon compte', signOut: 'Se déconnecter' },

  access: {
    title: 'Connexion',
    intro: 'Le territoire, sur un seul écran.',
    email: 'Adresse électronique',
    password: 'Mot de passe',
    signIn: 'Se connecter',
    signingIn: 'Connexion…',
    byLink:
      'Vous avez reçu un lien de connexion ? Ouvrez-le : il vous connecte sans mot de passe, une seule fois.',
    linkFailed: 'Ce lien ne permet plus de se connecter',
    linkKept: 'Vous pouvez aussi vous connecter ci-dessous.',
    linkUnspent: 'Votre lien peut encore servir.',
    invitationTitle: 'Vous êtes invité',
    invitationIntro: 'Choisissez le nom sous lequel on vous verra, et un mot de passe.',
    invitationAs: (name: string) => `Vous êtes connecté sous le nom de ${name}.`,
    invitationKnown: 'Vous avez déjà un compte ? Connectez-vous d’abord :',
    invitationMissing: 'Ce lien d’invitation est incomplet : rouvrez celui du message reçu, en entier.',
    fullName: 'Prénom et nom',
    newPassword: 'Mot de passe',
    newPasswordHint: 'Au moins 12 caractères ; une phrase convient très bien.',
    accept: 'Accepter l’invitation',
    accepting: 'Un instant…',
  },

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
    map: 'Carte schématique',
    mapExplained:
      'Chaque point est le centre d’une commune, placé d’après ses coordonnées ; ce n’est pas une carte à l’échelle. La liste dit la même chose.',
    mapLabel: (communes: string) =>
      `Carte schématique de ${communes} communes. La liste à côté dit la même chose.`,
    size: 'Taille : nombre d’appareils',
    colour: 'Couleur : âge de la dernière mesure',
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

  series: {
    period: 'Période',
    periods: { day: '24 heures', week: '7 jours', month: '30 jours', year: '1 an' },
    lastHours: 'sur les dernières 24 heures',
    earlier: 'Plus tôt',
    later: 'Plus tard',
    earlierBy: (period: string) => `${period} plus tôt`,
    laterBy: (period: string) => `${period} plus tard`,
    until: 'Jusqu’au',
    latest: 'Dernière valeur',
    never: 'Aucune mesure reçue.',
    chart: {
      measures: 'Chaque mesure',
      range: {
        hour: 'Moyenne de chaque heure, et étendue du minimum au maximum',
        day: 'Moyenne de chaque jour, et étendue du minimum au maximum',
      },
      delta: { hour: 'Consommation de chaque heure', day: 'Consommation de chaque jour' },
      readWith: 'Flèches du clavier : lire chaque valeur. Début et Fin : aux extrémités.',
      read: 'Lire la courbe',
      point: 'Survolez la courbe, ou lisez-la au clavier.',
      gap: 'pas de mesure',
    },
    legend: {
      mean: 'moyenne',
      range: 'du minimum au maximum',
      measure: 'mesure',
      delta: 'consommation',
      doubtful: 'qualité douteuse',
      gap: 'un trait interrompu : pas de mesure',
    },
    noneInPeriod: 'Aucune mesure sur cette période.',
    before: (day: string) => `Voir les mesures d’avant, jusqu’au ${day}`,
    after: (day: string) => `Voir les mesures d’après, à partir du ${day}`,
    notDrawn: 'Cette série ne se dessine pas : ses valeurs sont dans le tableau.',
    table: 'Tableau des valeurs',
    tableCaption: (name: string, period: string) => `${name}, ${period}`,
    columns: {
      time: 'Date et heure',
      start: 'Début',
      value: 'Valeur',
      mean: 'Moyenne',
      min: 'Minimum',
      max: 'Maximum',
      delta: 'Consommation',
      quality: 'Qualité',
      doubtful: 'Mesures douteuses',
    },
    csv: 'Télécharger le CSV',
    csvHint: (period: string) => `chaque mesure, ${period}`,
    preparing: 'Préparation du fichier…',
    about: 'À propos de cette série',
    code: 'Code',
    property: 'Grandeur mesurée',
    unit: 'Unité',
    plausible: 'Plage plausible',
    between: (low: string, high: string) => `de ${low} à ${high}`,
    least: (low: string) => `au moins ${low}`,
    most: (high: string) => `au plus ${high}`,
    owner: 'Collectivité',
    yes: 'oui',
    no: 'non',
  },

  quality: {
    good: 'bonne',
    outOfRange: { short: 'hors plage', explained: 'La valeur sort de ce que l’on tient pour plausible.' },
    frozen: { short: 'figée', explained: 'Le capteur répète la même valeur depuis trop longtemps.' },
    late: { short: 'tardive', explained: 'Arrivée longtemps après avoir été mesurée.' },
    outOfOrder: { short: 'dans le désordre', explained: 'Arrivée après une mesure plus récente.' },
    corrected: { short: 'corrigée', explained: 'Réécrite depuis avec une autre valeur.' },
    estimated: { short: 'estimée', explained: 'Calculée ou complétée, pas mesurée.' },
    belowDetection: { short: 'traces', explained: 'Moins que ce que l’appareil sait mesurer.' },
    doubtful: { short: 'douteuse', explained: 'Celui qui l’a produite en doute.' },
    simulated: { short: 'simulée', explained: 'Inventée pour la démonstration.' },
    summarised: {
      short: 'résumée',
      explained: 'Tient lieu de toutes les mesures d’une heure ou d’une journée.',
    },
    jump: { short: 'saut', explained: 'A changé plus vite que ce genre de chose ne le fait.' },
  },
}

export type Messages = typeof fr
