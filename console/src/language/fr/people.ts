import { plural } from '@/language/plural'

export const roles = {
  reader: 'Lecteur',
  editor: 'Rédacteur',
  operator: 'Opérateur',
  administrator: 'Administrateur',
}

export const rolesExplained = {
  reader: 'Voit les équipements, les appareils et leurs mesures. Ne change rien.',
  editor: 'Voit tout, et tient le registre : sites, équipements, appareils, séries.',
  operator: 'Voit tout et tient le registre ; écrit aussi des mesures et commande des appareils.',
  administrator: 'Voit et fait tout ; décide aussi des personnes, des clés et de ce qui est partagé.',
}

export const rights = {
  read: 'Lire',
  edit: 'Tenir le registre',
  operate: 'Écrire des mesures et agir',
  administer: 'Administrer',
}

export const rightsExplained = {
  read: 'Voir les équipements, les appareils et leurs mesures ; rien changer.',
  edit: 'Lire, et changer le registre : sites, équipements, appareils, séries.',
  operate: 'Tenir le registre, écrire des mesures, commander des appareils.',
  administer: 'Tout, jusqu’aux personnes, aux clés et aux partages. À donner rarement.',
}

type Counts = { name: string; people: number; waiting: number; keys: number }
type Shown = { people: string; waiting: string; keys: string }

export const people = {
  title: 'Personnes et accès',
  administratorsOnly: 'Les personnes d’une collectivité se gèrent par ses administrateurs.',
  seeMine: 'Voir ce que je peux faire, et mon compte',
  sentence: ({ name, people, waiting, keys }: Counts, shown: Shown) => {
    const said = [`${shown.people} ${plural(people, 'personne', 'personnes')}`]
    if (waiting > 0)
      said.push(`${shown.waiting} ${plural(waiting, 'invitation en attente', 'invitations en attente')}`)
    said.push(
      keys === 0
        ? 'aucune clé de machine'
        : `${shown.keys} ${plural(keys, 'clé de machine', 'clés de machines')}`,
    )
    return `${name} : ${said.join(', ')}.`
  },
  people: 'Les personnes',
  nobody: 'Personne n’a encore de rôle ici.',
  you: '(vous)',
  closed: '(compte fermé)',
  role: 'Rôle',
  may: 'Ce qu’il permet',
  whoMay: 'Qui peut faire quoi',
  whoMayExplained:
    'Un rôle vaut dans une collectivité, et nulle part ailleurs. Ce qui change vaut dès la demande suivante.',
  roleOf: (name: string) => `Rôle de ${name}`,
  changed: (name: string, role: string) => `${name} est maintenant ${role}.`,
  undo: 'Annuler',
  link: 'Lien de connexion',
  linkOf: (name: string) => `Lien pour ${name}`,
  linkOnce: (moment: string) =>
    `Ce lien est montré cette fois seulement, et ouvre une seule fois, jusqu’au ${moment}. Transmettez-le vous-même : qui l’a agit comme cette personne.`,
  endSessions: 'Déconnecter partout',
  ended: (count: number, shown: string) =>
    count === 0
      ? 'Aucune session n’était ouverte.'
      : `${shown} ${plural(count, 'session terminée', 'sessions terminées')}.`,
  withdraw: 'Retirer le rôle…',
  withdrawExplained: (owner: string) =>
    `Cette personne ne verra plus rien de ${owner}, aussitôt. Il faudra l’inviter de nouveau pour qu’elle revienne.`,
  leave: 'Quitter ce rôle…',
  leaveExplained: (owner: string) =>
    `Vous ne verrez plus rien de ${owner}, aussitôt. Un autre administrateur devra vous inviter pour que vous reveniez.`,
  withdrawConfirm: 'Retirer',
  typeName: (name: string) => `Pour confirmer, écrivez : ${name}`,
  close: 'Fermer le compte',
  reopen: 'Rouvrir le compte',
  invitations: {
    title: 'Inviter',
    explained:
      'Beffroi n’envoie pas de courriel : il vous donne un lien, à transmettre vous-même. Il sert une fois, pendant une semaine.',
    where: 'Où',
    whereHint:
      'Chez un membre, la structure ne nomme que le premier administrateur ; lui seul nomme ensuite les siens.',
    email: 'Adresse électronique',
    submit: 'Inviter',
    once: (moment: string) =>
      `Ce lien est montré cette fois seulement, et vaut jusqu’au ${moment}. Copiez-le et envoyez-le.`,
    linkFor: (email: string) => `Lien pour ${email}`,
    none: 'Aucune invitation n’attend.',
    until: (moment: string) => `jusqu’au ${moment}`,
    revoke: 'Annuler l’invitation',
    revokeOf: (email: string) => `Annuler l’invitation de ${email}`,
  },
  keys: {
    title: 'Clés des machines',
    explained:
      'Un programme se présente avec une clé. Elle appartient à la collectivité, non à qui l’a faite. Donnez-lui le moins possible.',
    make: 'Faire une clé…',
    name: 'Nom',
    nameHint: 'Pour la reconnaître : « Supervision de l’eau », par exemple.',
    right: 'Droit',
    expires: 'Jusqu’au',
    expiresHint: 'Ce jour compris. Vide : sans fin.',
    services: 'Services atteints (aucun coché : tous)',
    submit: 'Faire la clé',
    once: 'Cette clé est montrée cette fois seulement : Beffroi n’en garde qu’une empreinte.',
    token: (name: string) => `Clé « ${name} »`,
    header: 'Le programme l’envoie dans l’en-tête Authorization, après le mot Bearer.',
    noted: 'Je l’ai copiée',
    none: 'Aucune clé n’ouvre cette collectivité.',
    everyService: 'tous les services',
    only: (services: string) => `seulement ${services}`,
    until: (day: string) => `jusqu’au ${day}`,
    lapsed: (day: string) => `périmée depuis le ${day}`,
    neverUsed: 'jamais servie',
    lastUsed: 'servie',
    end: 'Mettre fin…',
    endOf: (name: string) => `Mettre fin à la clé ${name}`,
    endExplained: 'Le programme qui s’en sert est refusé dès sa prochaine demande, pour toujours.',
    endConfirm: 'Mettre fin',
    typeName: (name: string) => `Pour confirmer, écrivez le nom de la clé : ${name}`,
    endedKeys: (count: number, shown: string) =>
      `${shown} ${plural(count, 'clé terminée', 'clés terminées')}`,
    endedOn: (day: string) => `terminée le ${day}`,
  },
}

export const account = {
  open: 'Mon compte',
  signOut: 'Se déconnecter',
  intro: (name: string, email: string) => `${name}, ${email}`,
  mayTitle: 'Ce que je peux faire',
  mayNothing: 'Aucun rôle pour le moment : demandez à un administrateur de votre collectivité.',
  instance: 'Vous administrez aussi l’instance : membres, listes ouvertes, sauvegardes, comptes à fermer.',
  nameTitle: 'Mon nom',
  name: 'Nom sous lequel on me voit',
  save: 'Enregistrer',
  saved: 'Enregistré.',
  looks: 'Langue et apparence',
  language: 'Langue',
  languages: { fr: 'Français', en: 'English' },
  theme: 'Thème',
  themes: { light: 'clair', dark: 'sombre' },
  themeHint: 'Pour ce navigateur. La langue suit votre compte.',
  password: 'Mot de passe',
  passwordNone: 'Vous n’avez pas encore de mot de passe : choisissez-en un.',
  current: 'Mot de passe actuel',
  fresh: 'Nouveau mot de passe',
  passwordHint: 'Au moins 12 caractères ; une phrase convient très bien. Vos autres sessions prendront fin.',
  change: 'Changer le mot de passe',
  changed: 'Le mot de passe est changé ; vos autres sessions ont pris fin.',
  sessions: 'Mes sessions',
  sessionsSentence: (count: number, shown: string) =>
    count === 1 ? 'Vous êtes connecté ici seulement.' : `Vous êtes connecté à ${shown} endroits.`,
  columns: { device: 'Appareil', address: 'Adresse', opened: 'Ouverte', seen: 'Vue', way: 'Par' },
  here: 'ici même',
  ways: { password: 'mot de passe', link: 'lien de connexion', invitation: 'invitation' },
  unknownDevice: 'Appareil inconnu',
  onSystem: (browser: string, system: string) => `${browser} sur ${system}`,
  end: 'Terminer',
  endOf: (device: string) => `Terminer la session : ${device}`,
  endOthers: 'Terminer toutes les autres',
  endedOthers: (count: number, shown: string) =>
    `${shown} ${plural(count, 'autre session terminée', 'autres sessions terminées')}.`,
  keys: 'Clés que j’ai faites',
  keysNone: 'Aucune. Les clés des machines appartiennent aux collectivités que vous administrez.',
  keysManage: 'Gérer les clés',
}
