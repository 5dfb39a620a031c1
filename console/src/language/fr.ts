import { chirpstack } from '@/language/fr/chirpstack'
import { accessibility } from '@/language/fr/accessibility'
import { agreements } from '@/language/fr/agreements'
import { audit } from '@/language/fr/audit'
import { dashboards } from '@/language/fr/dashboards'
import { explore } from '@/language/fr/explore'
import { experiments } from '@/language/fr/experiments'
import { notifications } from '@/language/fr/notifications'
import { pooling } from '@/language/fr/pooling'
import { purchases } from '@/language/fr/purchases'
import { entering } from '@/language/fr/entering'
import { skills } from '@/language/fr/skills'
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

  map: {
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
  },

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

  now: {
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

  colon: (said: string, subject: string) => `${said} : ${subject}`,
  pages: 'Pages',
  ways: {
    devices: 'Appareils',
    explore: 'Explorer',
    dashboards: 'Tableaux de bord',
    pooling: 'Mutualisation',
  },

  connections: {
    title: 'Réseaux connectés',
    connect: 'Connecter un réseau',
    connectIntro:
      'Choisissez le réseau et comment ses messages arrivent : Beffroi dit ensuite ce qu’il faut faire, et où.',
    made: (name: string) => `Connexion « ${name} » prête à recevoir`,
    empty: 'Aucun réseau n’est connecté pour le moment.',
    emptyDetail:
      'Un réseau (LoRaWAN, Sigfox…) apporte à Beffroi ce que disent vos capteurs. Le connecter prend quelques minutes : une adresse et un secret à coller dans sa console.',
    sentence: (count: number, shown: string) =>
      `${shown} ${plural(count, 'réseau connecté', 'réseaux connectés')}`,
    waiting: (count: number, shown: string) =>
      count === 0
        ? 'aucun message en attente'
        : `${shown} ${plural(count, 'message en attente', 'messages en attente')}`,
    columns: {
      name: 'Connexion',
      owner: 'Pour',
      since: 'Depuis le',
      last: 'Dernier message',
      day: 'En 24 h',
    },
    dayExplained: 'Messages reçus depuis 24 heures, comptés depuis que Beffroi a démarré.',
    noneYet: 'aucun encore',
    sinceDay: (day: string) => `depuis le ${day}`,
    ended: (day: string) => `terminée le ${day}`,
    access: 'Adresse et secret',
    renew: 'Renouveler le secret',
    renewHint:
      'Le secret n’est montré qu’une fois. S’il est perdu, ou s’il a fui, renouvelez-le : l’ancien ne vaut plus rien, et le réseau doit recevoir le nouveau.',
    copy: {
      do: 'Copier',
      done: 'Copié',
      said: 'Copié.',
      failed: 'Ce navigateur ne laisse pas copier : sélectionnez le texte et copiez-le vous-même.',
      what: (label: string) => `Copier : ${label}`,
    },
    issued: {
      titles: {
        http: 'À coller dans la console du réseau',
        mqtt: 'Beffroi peut maintenant écouter ce courtier',
        poll: 'Beffroi relève maintenant cette adresse',
        folder: 'Beffroi surveille maintenant ce dossier',
        sftp: 'Beffroi relève maintenant ce serveur',
      },
      begins:
        'Rien n’est à coller. Ce qui ouvre (mot de passe, jeton, clé) est gardé chiffré et ne sera plus montré.',
      once: 'Ce secret est montré cette fois seulement. Copiez-le avant de quitter la page.',
      address: 'Adresse',
      secret: 'Secret',
      header: 'Le secret va dans un en-tête nommé Authorization.',
      noHeader: 'Le réseau ne sait pas envoyer d’en-tête ?',
      whole: 'Adresse avec le secret',
      where: (network: string) => `Où coller, dans ${network}`,
      noted: 'Je les ai copiés',
      follow: 'Voir arriver les messages',
    },
    feed: {
      title: 'Relève',
      listening: 'Écoute',
      well: { fetches: 'La dernière relève s’est bien passée.', listens: 'Beffroi écoute le courtier.' },
      soon: 'La première n’a pas encore eu lieu.',
      failing: 'La dernière fois, cela n’a pas marché. Beffroi essaie encore de lui-même.',
      last: 'Dernière à',
      next: 'Prochaine à',
      again: 'Nouvel essai à',
      documents: 'Documents pris',
      documentsExplained:
        'Comptés depuis que Beffroi a démarré. Un document qui n’a pas changé n’est pas repris.',
      status: 'Réponse HTTP',
      failures: 'Échecs de suite',
      fingerprint: 'Clé du serveur',
      now: 'Relever maintenant',
      seconds: (count: number) => `toutes les ${count} s`,
    },
    changing: {
      title: 'Modifier',
      explained:
        'Son nom, l’endroit où elle regarde, ce que veulent dire ses documents. Ce qui a déjà été reçu reste.',
      open: 'Modifier…',
      secretsStay:
        'Le mot de passe, la clé et les en-têtes restent ceux d’avant si vous ne les récrivez pas. Si l’adresse change, ils sont à redonner.',
      save: 'Enregistrer les changements',
      cancel: 'Annuler',
    },
    form: {
      kind: 'Réseau',
      owner: 'Pour qui',
      ownerHint: 'Une commune : ses seuls appareils. La structure : ceux de tous ses membres.',
      name: 'Nom',
      nameHint: 'Pour la reconnaître : « LoRaWAN du syndicat », par exemple.',
      way: 'Comment les messages arrivent',
      http: 'Le réseau les envoie (HTTP)',
      mqtt: 'Beffroi écoute un courtier (MQTT)',
      poll: 'Beffroi relève une adresse (HTTP)',
      folder: 'Beffroi surveille un dossier',
      sftp: 'Beffroi relève un serveur de fichiers (SFTP)',
      url: 'Adresse à relever',
      urlHint: 'Celle du document, en JSON ou en tableau. Il n’est repris que s’il a changé.',
      period: 'Relever',
      periods: {
        '60': 'chaque minute',
        '300': 'toutes les 5 minutes',
        '900': 'tous les quarts d’heure',
        '3600': 'chaque heure',
        '21600': 'toutes les 6 heures',
        '86400': 'chaque jour',
      },
      token: 'Mot de passe ou jeton',
      tokenHint:
        'Laissez vides si l’adresse est ouverte. Un jeton seul est envoyé dans l’en-tête Authorization. Si l’adresse doit le contenir, écrivez-y {password} à sa place.',
      moreHeaders: 'D’autres en-têtes à envoyer ?',
      headers: 'En-têtes',
      headersHint: 'Un par ligne. Leurs valeurs sont gardées chiffrées et ne seront plus montrées.',
      folderPath: 'Dossier',
      folderHint: (owner: string) =>
        `Dans le dossier ${owner} que l’exploitant a prévu sur le serveur de Beffroi. Vide, c’est ce dossier lui-même.`,
      pattern: 'Fichiers à prendre',
      patternHint: 'L’étoile vaut n’importe quels caractères.',
      server: 'Serveur',
      remoteFolder: 'Dossier sur le serveur',
      remoteFolderHint: 'Les fichiers pris y passent dans done, les illisibles dans refused.',
      byPrivateKey: 'Par une clé privée plutôt qu’un mot de passe ?',
      privateKey: 'Clé privée',
      privateKeyHint: 'Si elle a elle-même un mot de passe, c’est celui écrit plus haut.',
      askKey: 'Demander sa clé au serveur',
      askKeyHint: 'Elle prouvera à chaque fois que c’est bien lui. Beffroi n’en acceptera pas d’autre.',
      keyShown: 'Le serveur montre cette clé. Comparez-la avec celle que vous a donnée son exploitant.',
      keyTrusted: 'C’est bien elle',
      tableMapping: 'Ce que sont les colonnes',
      tableMappingHint: 'En TOML. Remplacez les noms de cet exemple par ceux de votre tableau.',
      howToWrite: 'Comment l’écrire',
      host: 'Courtier',
      port: 'Port',
      tls: 'Liaison chiffrée (TLS)',
      username: 'Nom d’utilisateur',
      password: 'Mot de passe',
      topics: 'Sujets à écouter, un par ligne',
      topicsHint: (usual: string) => `Laissez vide pour les sujets habituels : ${usual}`,
      topicsNeeded: 'Ce réseau n’a pas de sujets habituels : dites lesquels.',
      mapping: 'Ce que le JSON veut dire',
      mappingHint: 'En TOML ; facultatif si le JSON est simple.',
      submit: 'Connecter',
      connecting: 'Un instant…',
    },
    ending: {
      title: 'Terminer cette connexion',
      explained: 'Elle ne reçoit plus rien, pour toujours. Ce qu’elle a apporté reste.',
      type: (name: string) => `Pour confirmer, écrivez son nom : ${name}`,
      confirm: 'Terminer',
      cancel: 'Annuler',
    },
    messages: {
      title: 'Derniers messages',
      liveExplained: 'Les messages arrivent sans recharger la page.',
      empty: 'Aucun message depuis que Beffroi a démarré.',
      emptyFetched: 'Le premier apparaîtra ici de lui-même, à la prochaine relève.',
      emptyDetail:
        'Le premier apparaîtra ici de lui-même. S’il tarde, vérifiez l’adresse et le secret dans la console du réseau.',
      columns: {
        time: 'Heure',
        device: 'Appareil',
        understood: 'Ce qui est compris',
        outcome: 'Ce qu’il est devenu',
        raw: 'Message brut',
      },
      raw: 'Brut',
      hideRaw: 'Replier',
      stored: 'enregistré',
      again: 'déjà entendu',
      held: 'en attente :',
      kinds: {
        uplink: 'une trame',
        join: 'une session ouverte',
        status: 'l’état de l’appareil',
        ack: 'un accusé de réception',
        sent: 'un message envoyé à l’appareil',
        error: 'une erreur du réseau',
        log: 'une note du réseau',
        location: 'une position calculée',
        measurements: 'des mesures',
        unknown: 'rien n’a pu être lu',
      },
    },
    held: {
      title: 'En attente',
      nothing: 'Rien n’attend : tout ce qui est arrivé a été compris.',
      explained:
        'Rien n’est perdu : chaque message est gardé avec sa raison, et rejoué dès que ce qui lui manque est là.',
      more: (shown: string) => `Afficher les ${shown} suivants`,
      causes: {
        unread: 'Contenu illisible',
        'unknown-device': 'Appareil que personne n’a déclaré',
        'claimed-twice': 'Appareil que plusieurs collectivités déclarent',
        'unconfirmed-claim': 'Appareil que la structure n’a pas confirmé',
        'no-model': 'Appareil dont le modèle n’est pas dit',
        'no-codec': 'Modèle que personne ne sait encore décoder',
        'codec-error': 'Décodage en échec',
        'no-channels': 'Modèle dont les valeurs ne sont pas confirmées',
        misfit: 'Valeur que la série ne peut pas prendre',
        'before-owner': 'Messages d’avant le propriétaire actuel',
      },
      messages: (count: number, shown: string) => `${shown} ${plural(count, 'message', 'messages')}`,
      last: 'le dernier',
      heardBy: (gateways: string) => `entendu par ${gateways}`,
      declare: 'Déclarer l’appareil',
      confirm: 'Confirmer les valeurs',
      model: 'Voir le modèle',
      tryAgain: 'Réessayer',
      trying: 'Un instant…',
      giveUp: 'Abandonner',
      reason: 'Pourquoi les abandonner',
      reasonHint: 'La raison reste avec les messages, qui ne sont pas effacés.',
      declared: (device: string) => `${device} est déclaré.`,
      givenUp: (count: number, shown: string) =>
        `${shown} ${plural(count, 'message abandonné', 'messages abandonnés')}.`,
      result: (replayed: number, waiting: number, shown: { replayed: string; waiting: string }) =>
        `${shown.replayed} ${plural(replayed, 'message enregistré', 'messages enregistrés')}` +
        (waiting === 0
          ? '.'
          : ` ; ${shown.waiting} ${plural(waiting, 'attend encore', 'attendent encore')}, pour la raison dite ci-dessous.`),
    },
    declaring: {
      name: 'Nom de l’appareil',
      owner: 'Collectivité',
      model: 'Modèle',
      modelUnknown: 'Je ne sais pas encore',
      service: 'Service',
      choose: 'Choisir…',
      submit: 'Déclarer et rejouer',
    },
  },

  chirpstack,

  setup,
  things,

  explore,

  dashboards,

  experiments,
  pooling,
  purchases,
  withWhom,
  skills,
  entering,

  agreements,

  people,
  roles,
  rolesExplained,
  rights,
  rightsExplained,

  audit,

  accessibility,

  models: {
    code: 'Modèle',
    bench: 'Banc d’essai',
    benchExplained:
      'Collez les octets d’un message : vous verrez ce qui en serait enregistré. Rien ne l’est.',
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

  downlinks: {
    title: 'Commandes de l’appareil',
    of: (device: string) => `Commandes de ${device}`,
    sentence: (waiting: number, leaving: number, shown: { waiting: string; leaving: string }) => {
      const said = [
        ...(waiting === 0
          ? []
          : [
              `${shown.waiting} ${plural(waiting, 'commande attend', 'commandes attendent')} une approbation`,
            ]),
        ...(leaving === 0
          ? []
          : [`${shown.leaving} ${plural(leaving, 'commande est en route', 'commandes sont en route')}`]),
      ]
      return said.length === 0 ? 'Aucune commande n’est en cours.' : `${said.join(' ; ')}.`
    },
    ask: 'Demander une commande',
    way: 'Ce qu’on envoie',
    ways: { command: 'Un ordre, que le modèle traduit', bytes: 'Des octets' },
    command: 'Ordre, en JSON',
    bytes: 'Octets, en hexadécimal',
    port: 'Port',
    confirmed: 'L’appareil doit en accuser réception',
    notJson: 'Un ordre s’écrit entre accolades, en JSON.',
    notHexadecimal: 'Des octets s’écrivent en hexadécimal, deux chiffres chacun.',
    see: 'Voir ce qui partirait',
    send: 'Envoyer',
    askApproval: 'Demander l’approbation',
    back: 'Revenir',
    would: 'Partirait :',
    onPort: (port: number) => `sur le port ${String(port)}`,
    through: (connection: string) => `par « ${connection} ».`,
    needsApproval: 'Une autre personne devra l’approuver avant l’envoi.',
    codecWarns: 'Le modèle prévient :',
    asked: 'Commande demandée : elle part.',
    askedWaiting: 'Commande demandée : elle attend l’approbation d’une autre personne.',
    history: 'Ce qui a été demandé',
    none: 'Rien n’a encore été envoyé à cet appareil.',
    awaiting: 'Commandes à approuver',
    decide: 'Voir et décider',
    toConfirm: 'avec accusé de réception',
    until: (moment: string) => `jusqu’au ${moment}`,
    approve: 'Approuver',
    refuse: 'Refuser',
    cancel: 'Annuler la commande',
    why: 'Pourquoi la refuser',
    by: (name: string) => `par ${name}`,
    states: {
      'awaiting-approval': 'Attend une approbation',
      queued: 'En route',
      sent: 'Émise',
      acknowledged: 'Reçue par l’appareil',
      refused: 'Refusée',
      cancelled: 'Annulée',
      failed: 'Échouée',
      expired: 'Périmée',
    },
    steps: {
      asked: 'demandée',
      approved: 'approuvée',
      refused: 'refusée',
      cancelled: 'annulée',
      'handed-over': 'remise au réseau',
      sent: 'émise par une passerelle',
      acknowledged: 'l’appareil en a accusé réception',
      'not-acknowledged': 'l’appareil n’en a pas accusé réception',
      failed: 'échouée',
      uncertain: 'interrompue : partie ou non, on ne sait pas',
      expired: 'périmée',
    },
  },

  claims: {
    title: 'À qui est cet appareil ?',
    explained:
      'Des membres déclarent ces appareils, que le réseau de la structure peut entendre. Rien ne leur est remis tant que la structure n’a pas dit à qui ils sont ; ce qui arrive entre-temps est gardé.',
    explainedMember:
      'Vous déclarez ces appareils. Le réseau de la structure ne vous remettra leurs messages que lorsqu’elle aura confirmé qu’ils sont à vous ; ce qui arrive entre-temps est gardé.',
    contested: 'Plusieurs le déclarent',
    unconfirmed: 'À confirmer',
    waiting: 'en attente de cette décision',
    declared: 'déclaré',
    by: (name: string) => `par ${name}`,
    states: {
      unconfirmed: 'à confirmer',
      confirmed: 'confirmé',
      refused: 'refusé',
      withdrawn: 'retiré',
    },
    confirm: 'Confirmer',
    confirmAll: (count: string) => `Confirmer les ${count} que personne d’autre ne déclare`,
    theirs: 'C’est le sien',
    notMine: 'Il n’est pas à nous',
    withdrawn: 'La déclaration est retirée. L’appareil reste au registre, avec ce qu’il a apporté.',
    decision: (owner: string) => `L’appareil est à ${owner}. Les autres déclarations seront refusées.`,
    reason: 'Pourquoi',
    reasonHint: 'Dit aux autres collectivités, dans leur journal.',
    settle: 'Décider',
  },
}

export type Messages = typeof fr
