import { plural } from '@/language/plural'

export const skills = {
  title: 'Compétences partagées',
  about: 'Des heures d’agents prêtées entre membres : qui offre, qui demande, ce qui a été passé.',
  nothing: 'Aucun membre n’offre encore d’heures',
  sentence: (count: number, shown: string, waiting: number, shownWaiting: string) =>
    `${shown} ${plural(count, 'compétence offerte', 'compétences offertes')}${
      waiting === 0
        ? ''
        : ` ; ${shownWaiting} ${plural(waiting, 'demande attend', 'demandes attendent')} une réponse`
    }`,
  exampleExplained: 'Les offres, les heures et les coûts sont inventés. Les collectivités sont réelles.',
  offers: 'Qui prête quoi',
  skill: 'Compétence',
  lender: 'Qui prête',
  borrower: 'Qui emprunte',
  period: 'Période',
  monthly: 'Heures par mois',
  costHour: 'Coût d’une heure (€)',
  taken: 'Déjà pris',
  fromTo: (first: string, last: string) => `${first} à ${last}`,
  left: (month: string, left: string) => `${month} : il reste ${left} h`,
  ask: 'Demander',
  askOf: (skill: string, lender: string) => `Demander « ${skill} » à ${lender}`,
  withdrawOf: (skill: string, lender: string) => `Retirer « ${skill} » de ${lender}`,
  offer: 'Offrir une compétence',
  purpose: 'Pour quoi faire',
  sendAsk: 'Envoyer la demande',
  skillHint: 'Assistance à projet, astreinte, achats, informatique…',
  account: 'Au compte du service',
  first: 'Premier mois',
  last: 'Dernier mois',
  month: 'Mois',
  hours: 'Heures',
  bookings: 'Les réservations',
  noBooking: 'Aucune demande n’a encore été faite.',
  bookingOf: (skill: string, borrower: string, month: string) => `${skill}, ${borrower}, ${month}`,
  asks: (borrower: string, hours: string, lender: string, cost: string) =>
    `${borrower} demande ${hours} h à ${lender}, à ${cost} l’heure.`,
  states: {
    asked: 'En attente de réponse',
    accepted: 'Acceptée',
    refused: 'Refusée',
    withdrawn: 'Retirée',
  },
  spent: (hours: string) => `${hours} h passées`,
  confirmedBy: (name: string, day: string) => `confirmé par ${name}, le ${day}`,
  accept: 'Accepter',
  refuse: 'Refuser',
  giveUp: 'Retirer la demande',
  tell: 'Saisir le temps passé',
  correct: 'Corriger le temps passé',
  confirm: 'Confirmer le temps passé',
  hoursSpent: 'Heures passées',
  lent: 'Ce qui passe dans les décomptes',
  lentExplained:
    'Une fois confirmées par qui les a reçues, les heures passent du décompte du prêteur à celui de l’emprunteur.',
  lentNothing: 'Rien n’a encore été confirmé pour cette année.',
  amount: 'Montant',
  carried: 'Dans les décomptes ?',
  carriedYes: 'oui, dans ceux du réalisé',
  carriedNo: (service: string) => `non : aucun modèle de coûts de ${service} n’a les deux pour membres`,
}
