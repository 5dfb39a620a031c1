import { plural } from '@/language/plural'

export const models = {
  code: 'Modèle',
  bench: 'Banc d’essai',
  benchExplained: 'Collez les octets d’un message : vous verrez ce qui en serait enregistré. Rien ne l’est.',
  benchWaiting: 'Voici un message qui attend. Décodez-le : rien n’est enregistré.',
  bytes: 'Octets, en hexadécimal',
  port: 'Port',
  decode: 'Décoder',
  notHexadecimal: 'Deux chiffres par octet, de 0 à 9 et de A à F.',
  errors: 'Le décodage dit une erreur',
  warnings: 'Le décodage met en garde',
  decoded: 'Valeurs décodées',
  nothingDecoded: 'Aucune valeur n’est décodée de ces octets.',
  rawResult: 'Résultat brut',
  unsaid: 'personne ne l’a encore dit',
  plausible: 'plausible',
  implausible: 'hors de la plage plausible',
  columns: {
    key: 'Valeur',
    decoded: 'Décodée',
    becomes: 'Devient',
    plausible: 'Plausible ?',
    example: 'Exemple',
    property: 'Grandeur mesurée',
    unit: 'Unité de l’appareil',
  },
  channels: 'Ce que sont les valeurs',
  channelsExplained:
    'Dites, pour chaque valeur décodée, ce qu’elle mesure et dans quelle unité l’appareil la donne ; ou laissez-la de côté.',
  noChannels: 'Décodez un message ci-dessus : ses valeurs apparaîtront ici, à confirmer.',
  choose: 'Choisir…',
  aside: 'Laisser de côté',
  propertyOf: (key: string) => `Grandeur mesurée par ${key}`,
  unitOf: (key: string) => `Unité de ${key}`,
  confirm: 'Confirmer et rejouer',
  confirmed: (count: number, shown: string) =>
    `Confirmé. ${shown} ${plural(count, 'message en attente a été enregistré', 'messages en attente ont été enregistrés')}.`,
  administratorsOnly: 'Seuls les administrateurs de la structure confirment les valeurs d’un modèle.',
}

export const quality = {
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
}
