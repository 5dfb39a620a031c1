import { plural } from '@/language/plural'

export const weighing = {
  title: 'Comment chacun pèse les critères',
  said: (spoke: number, members: number) =>
    spoke === 0
      ? 'Aucun membre n’a encore dit ses poids.'
      : `${spoke} ${plural(spoke, 'membre sur', 'membres sur')} ${members} ${plural(spoke, 'a dit ses poids', 'ont dit leurs poids')}.`,
  since:
    'Des membres ont dit leurs poids depuis ce plan : il en tiendra compte quand il sera calculé à nouveau.',
  caption: 'En part du tout. Ce qu’un membre dit lui-même passe avant ce qu’en dit la structure.',
  saidBy: 'Dit par',
  sources: {
    member: 'le membre',
    structure: 'la structure',
    programme: 'personne : les poids du programme',
  },
  itself: (who: string, when: string) => `le membre (${who}, le ${when})`,
  ownOf: (member: string) => `Les poids de ${member}`,
  hint: 'Dans l’unité de votre choix : seules les proportions comptent. Le classement suit aussitôt, le plan au prochain calcul.',
  share: (share: string) => `soit ${share}`,
  keep: 'Dire ces poids',
  takeBack: 'Reprendre nos poids',
}
