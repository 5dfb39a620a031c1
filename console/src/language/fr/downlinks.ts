import { plural } from '@/language/plural'

export const downlinks = {
  title: 'Commandes de l’appareil',
  of: (device: string) => `Commandes de ${device}`,
  sentence: (waiting: number, leaving: number, shown: { waiting: string; leaving: string }) => {
    const said = [
      ...(waiting === 0
        ? []
        : [`${shown.waiting} ${plural(waiting, 'commande attend', 'commandes attendent')} une approbation`]),
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
}

export const claims = {
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
}
