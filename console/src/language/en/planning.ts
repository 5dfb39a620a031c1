import type { Messages } from '@/language/fr'

const ORDINALS = ['First', 'Second', 'Third']

export const planning: Messages['planning'] = {
  note: 'Note',
  noteOf: 'What is worth knowing about it',
  taken: 'This name is taken.',
  byQuarter: (what) => `${what}: a number for each quarter`,
  quarterOfWork: (place) => `${ORDINALS[place - 1] ?? `${place}th`} quarter`,
  beyond: (place) => `Too many (${place})`,
  anyQuarter: 'No limit',

  side: 'This criterion tells',
  sides: { demand: 'the need', supply: 'what can be delivered' },
  ownWeights: (member) => `Weights of ${member} itself`,
  ownWeightsLegend: 'Weights by criterion',
  ownWeightsHint: 'An empty box: the programme’s weight.',

  staff: 'Staff there is',
  staffHint:
    'In person-months a quarter: one person full time gives 3. Without a skill named here, staff limits nothing.',
  skill: 'Skill',
  months: 'Person-months a quarter',
  addStaff: 'Add a skill',
  staffOfWork: 'Person-months each quarter of work',
  runningStaff: 'Person-months each quarter in service',

  shares: 'Shares of its costs',
  sharesHint: 'In proportion. All empty: the members’ shares.',
  offeredBy: 'Offered already by',
  offeredByHint: 'Another structure: the plan warns of it.',
  subsidies: 'Subsidies',
  subsidy: (number) => `Subsidy ${number}`,
  source: 'From whom',
  subsidyAmount: 'Amount (€)',
  subsidyRate: 'and part of the cost (%)',
  delay: 'Quarters before it is received',
  startedBefore: 'Work started before',
  addSubsidy: 'Add a subsidy',

  ties: 'What actions share',
  setups: 'Set-up costs in common',
  setupsHint:
    'Spent once, in the quarter in which the first of their actions starts; those that are done bear them in equal parts.',
  setup: 'Set-up cost',
  setupCost: 'Cost (€)',
  setupActions: 'Needed by',
  addSetup: 'Add a set-up cost',
  synergies: 'Gains of being together',
  synergiesHint: 'Gained each quarter in which all these actions are in service.',
  synergy: (number) => `Gain ${number}`,
  gain: 'Gain a quarter (€)',
  synergyActions: 'When in service are',
  gainShares: 'Shares of this gain',
  addSynergy: 'Add a gain',

  budgetsHint: 'One year named asks for all of them; without any, money limits nothing.',
  carryOver: 'Carried from a year to the next (%)',
  carryOverHint: 'Of what a year did not spend.',
  oneAtMost: (number) => `Choice ${number}: one of these actions at most`,

  choices: 'What is decided already',
  choicesHint:
    'The plan tells what each choice costs. To try one, the page of the programme does it without writing it here.',
  pins: 'Actions imposed',
  forbids: 'Actions ruled out',
  startsIn: 'Start of the work',
  whenever: { pins: 'In whichever quarter', forbids: 'In any quarter' },
  add: { pins: 'Impose an action', forbids: 'Rule an action out' },
}
