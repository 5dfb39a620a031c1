import { plural } from '@/language/plural'

export const notifications = {
  title: 'Notifications',
  bell: (count: number, shown: string) => `Notifications : ${shown} ${plural(count, 'non lue', 'non lues')}`,
  sentence: (count: number, shown: string) =>
    count === 0 ? 'Vous avez tout lu.' : `${shown} ${plural(count, 'notification', 'notifications')} à lire.`,
  unreadAlone: 'Seulement celles à lire',
  readAll: 'Tout marquer comme lu',
  read: 'Marquer comme lue',
  readOf: (text: string) => `Marquer comme lue : ${text}`,
  isNew: 'Nouveau',
  choose: 'Choisir ce que l’on me dit',
  nothing: 'Rien à vous dire pour le moment.',
  nothingUnread: 'Rien à lire.',
  kept: 'Une notification est gardée 90 jours.',
  more: 'Afficher la suite',
  mine: 'Ce que l’on me dit',
  about: 'Quand',
  way: 'Me le dire',
  wayOf: (kind: string) => `Me le dire : ${kind}`,
  ways: { none: 'Non', console: 'Ici', email: 'Ici et par courriel' },
  kinds: {
    silence: {
      name: 'Appareils qui se taisent',
      explained: 'Ceux qui se taisent ensemble font une seule notification.',
    },
    connection: {
      name: 'Connexions en panne',
      explained: 'Après cinq minutes. Pour qui tient les équipements.',
    },
    quarantine: {
      name: 'Quarantaine qui grandit',
      explained: 'Au premier message, puis chaque fois que leur nombre double.',
    },
    agreement: { name: 'Partages', explained: 'Donnés, repris ou bornés. Pour qui administre.' },
    move: {
      name: 'Changements de propriétaire',
      explained: 'Proposés, acceptés ou refusés. Pour qui administre.',
    },
    computation: { name: 'Calculs', explained: 'Ceux que vous avez demandés, quand ils s’achèvent.' },
    import: { name: 'Fichiers versés', explained: 'Ceux que vous avez envoyés, quand ils sont pris.' },
  },
  rhythm: 'Courriels',
  rhythms: { 'at-once': 'Aussitôt', daily: 'Une fois par jour' },
  dailyAt: 'À',
  quiet: 'Aucun courriel pendant certaines heures',
  quiet_from: 'De',
  quiet_until: 'À',
  mailUnset:
    'Cette instance n’a pas de serveur de messagerie : aucun courriel ne part. Tout se lit ici ; son exploitant peut en régler un.',
  mailTrouble: (why: string) =>
    `Le serveur de messagerie n’a pas pris les derniers courriels ; ils seront présentés de nouveau. Il dit : ${why}`,
}
