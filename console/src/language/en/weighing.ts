import type { Messages } from '@/language/fr'
import { englishPlural as plural } from '@/language/plural'

export const weighing: Messages['weighing'] = {
  title: 'How each weighs the criteria',
  said: (spoke, members) =>
    spoke === 0
      ? 'No member has said its weights yet.'
      : `${spoke} ${plural(spoke, 'member', 'members')} of ${members} ${plural(spoke, 'has said its weights', 'have said their weights')}.`,
  since: 'Members have said their weights since this plan: it takes them in when it is computed again.',
  caption: 'As shares of the whole. What a member says itself goes before what the structure says of it.',
  saidBy: 'Said by',
  sources: {
    member: 'the member',
    structure: 'the structure',
    programme: 'nobody: the programme’s weights',
  },
  itself: (who, when) => `the member (${who}, ${when})`,
  ownOf: (member) => `The weights of ${member}`,
  hint: 'In any unit: proportions alone count. The ranking follows at once, the plan when it is computed next.',
  share: (share) => `that is ${share}`,
  keep: 'Say these weights',
  takeBack: 'Take our weights back',
}
