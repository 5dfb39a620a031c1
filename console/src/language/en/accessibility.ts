import type { Messages } from '@/language/fr'

export const accessibility: Messages['accessibility'] = {
  foot: 'Accessibility',
  footWith: (adjective) => `Accessibility: ${adjective}`,
  title: 'Accessibility statement',
  adjectives: {
    full: 'fully compliant',
    partial: 'partially compliant',
    none: 'not compliant',
  },
  levels: {
    full: 'These pages fully comply with RGAA 4.1.',
    partial: 'These pages partially comply with RGAA 4.1.',
    none: 'These pages do not comply with RGAA 4.1: no valid audit allows anything better to be said.',
  },
  commitment: (structure) =>
    `${structure} undertakes to make its websites, intranets and extranets accessible, as article 47 of French law no. 2005-102 of 11 February 2005 demands.`,
  law: 'Article 47 of the law of 11 February 2005, on Légifrance (in French)',
  scope: (host) => `This statement is about the Beffroi console served at ${host}.`,
  plan: 'Multi-year accessibility plan and action plans',
  noPlan:
    'The structure’s multi-year accessibility plan is not given here: it may be, by a setting of the instance.',
  stateTitle: 'State of compliance',
  state: (structure, adjective) =>
    `The Beffroi console of ${structure} is ${adjective} with the French general accessibility improvement framework (RGAA), version 4.1, for the reasons below.`,
  noAudit:
    'Results of tests: no audit was made by people. There is no rate of compliance, and the law then wants “not compliant” to be said. Automatic checks exist; they do not replace an audit, and look at a part of the criteria only.',
  audit: (day, rate, auditor) =>
    `Results of tests: the audit made on ${day}${auditor === '' ? '' : ` by ${auditor}`} finds that ${rate}% of RGAA criteria are respected.`,
  rgaa: 'RGAA, on the State’s site (in French)',
  testedTitle: 'What was tested, and how',
  testedIntro: 'By programs, at each new version, in the Chromium browser and on data made up for tests:',
  tested: [
    'every page with axe-core, in the light and dark themes, on a phone (390 px), a desk (1440 px) and a wall (2560 px): no serious or critical fault, contrasts and names included;',
    'every page enlarged to 200%: nothing is lost, nothing scrolls sideways but tables and maps, in frames of their own;',
    'every page with the preference to reduce motion: nothing moves;',
    'the main journeys with the keyboard alone: skip to the content, search, open a page, read a curve, the command palette (Ctrl K);',
    'the language of the page, its title, and the reading place put back to the beginning at each change of page;',
    'a table behind each chart, a list beside each map.',
  ],
  untestedTitle: 'What was not',
  untestedIntro: 'Nothing of this is promised:',
  untested: [
    'use with a screen reader (NVDA, JAWS, VoiceOver, TalkBack, Orca), a braille display, voice control or a switch;',
    'trials by people with disabilities;',
    'the criteria that need judgement: relevance of texts, reading order, clarity of errors;',
    'other browsers than Chromium, and a reader’s own colours or fonts;',
    'the technical page of the API (/api/v1/docs) and downloaded files (CSV, XLSX, Parquet, PDF);',
    'texts, titles and photographs that each collectivité writes itself.',
  ],
  knownTitle: 'What is not accessible',
  knownIntro: 'Known today:',
  known: [
    'the map is drawn as a picture: its equipment is not reached one by one with the keyboard; the list beside it and the search lead there;',
    'curves are drawn as pictures: they are read with the keyboard value by value, and their table says the same;',
    'moving a card of a dashboard with the mouse has its equivalent with the keyboard (earlier, later), less direct.',
  ],
  exemptTitle: 'Exemptions, and what is out of scope',
  exemptIntro: 'No exemption for disproportionate burden is asked. Out of scope of the obligation:',
  exempt: [
    'interactive map backgrounds, of which the list beside gives what matters;',
    'third parties’ contents that the structure neither pays for nor controls.',
  ],
  drawnUpTitle: 'How this statement was drawn up',
  drawnUp: (day) =>
    `It was drawn up on ${day} by the authors of Beffroi, for this version; the structure’s own facts come from the instance’s settings.`,
  means: [
    'Technologies: HTML, CSS, JavaScript, SVG, WAI-ARIA, canvas and WebGL.',
    'Test environment: Chromium on Linux, without assistive technology.',
    'Tools: axe-core, Playwright.',
    'Pages tested: all those of the console, signed in or not.',
  ],
  contactTitle: 'Feedback and contact',
  contactExplained:
    'If you cannot reach a content or a service, say so: you will be led to an accessible alternative, or given the content in another form.',
  form: (structure) => `Write to ${structure} by its form`,
  noContact: (structure) =>
    `Turn to ${structure} by its usual means: the structure has not yet given an address for this here.`,
  appealTitle: 'Ways of appeal',
  appealExplained:
    'This procedure is for the following case: you have reported a fault of accessibility that keeps you from a content or a service, and had no satisfying answer. You may:',
  appeals: {
    write: 'write to the Défenseur des droits (the French Defender of Rights);',
    meet: 'contact the Defender’s delegate in your region;',
    call: 'call 09 69 39 00 00 (price of a local call);',
    post: 'write by post, free of charge, without a stamp: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.',
  },
}
