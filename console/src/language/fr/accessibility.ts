export const accessibility = {
  foot: 'Accessibilité',
  footWith: (adjective: string) => `Accessibilité : ${adjective}`,
  title: 'Déclaration d’accessibilité',
  adjectives: {
    full: 'totalement conforme',
    partial: 'partiellement conforme',
    none: 'non conforme',
  },
  levels: {
    full: 'Ces pages sont totalement conformes au RGAA 4.1.',
    partial: 'Ces pages sont partiellement conformes au RGAA 4.1.',
    none: 'Ces pages sont non conformes au RGAA 4.1 : aucun audit en cours de validité ne permet de dire mieux.',
  },
  commitment: (structure: string) =>
    `${structure} s’engage à rendre ses sites internet, intranet et extranet accessibles, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.`,
  law: 'Article 47 de la loi du 11 février 2005, sur Légifrance',
  scope: (host: string) => `Cette déclaration s’applique à la console Beffroi servie à l’adresse ${host}.`,
  plan: 'Schéma pluriannuel de mise en accessibilité et plans d’action',
  noPlan:
    'Le schéma pluriannuel de mise en accessibilité de la structure n’est pas indiqué ici : elle peut le faire par un réglage de l’instance.',
  stateTitle: 'État de conformité',
  state: (structure: string, adjective: string) =>
    `La console Beffroi de ${structure} est ${adjective} avec le référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1, en raison de ce qui est dit ci-dessous.`,
  noAudit:
    'Résultats des tests : aucun audit n’a été mené par des personnes. Il n’y a donc pas de taux de conformité, et la loi veut alors que l’on dise « non conforme ». Des vérifications automatiques existent ; elles ne remplacent pas un audit, et n’examinent qu’une partie des critères.',
  audit: (day: string, rate: string, auditor: string) =>
    `Résultats des tests : l’audit de conformité mené le ${day}${auditor === '' ? '' : ` par ${auditor}`} révèle que ${rate}\u202f% des critères du RGAA sont respectés.`,
  rgaa: 'Le RGAA, sur le site de l’État',
  testedTitle: 'Ce qui a été vérifié, et comment',
  testedIntro:
    'Par des programmes, à chaque nouvelle version, dans le navigateur Chromium et sur des données d’essai :',
  tested: [
    'chaque page passée à axe-core, dans les thèmes clair et sombre, sur un téléphone (390 px), un bureau (1440 px) et un écran mural (2560 px) : aucun défaut grave ou critique, dont les contrastes et les intitulés ;',
    'chaque page agrandie à 200 % : rien n’est perdu, rien ne demande de défiler de côté hormis les tableaux et les cartes, dans leur propre cadre ;',
    'chaque page avec la préférence « réduire les animations » : rien ne bouge ;',
    'les parcours principaux faits au clavier seul : aller au contenu, chercher, ouvrir une page, lire une courbe, la palette de commandes (Ctrl K) ;',
    'la langue de la page, son titre, et la place de lecture remise au début à chaque changement de page ;',
    'un tableau derrière chaque courbe, une liste à côté de chaque carte.',
  ],
  untestedTitle: 'Ce qui ne l’a pas été',
  untestedIntro: 'Rien de cela n’est promis :',
  untested: [
    'l’usage avec un lecteur d’écran (NVDA, JAWS, VoiceOver, TalkBack, Orca), une plage braille, une commande vocale ou un contacteur ;',
    'l’essai par des personnes handicapées ;',
    'les critères du RGAA qui demandent un jugement : pertinence des textes, ordre de lecture, clarté des erreurs ;',
    'les autres navigateurs que Chromium, et les réglages de couleurs ou de polices du lecteur ;',
    'la page technique de l’API (/api/v1/docs) et les fichiers téléchargés (CSV, XLSX, Parquet, PDF) ;',
    'les textes, titres et photographies que chaque collectivité écrit elle-même.',
  ],
  knownTitle: 'Contenus non accessibles',
  knownIntro: 'Connus aujourd’hui :',
  known: [
    'la carte est dessinée dans une image : ses équipements ne se parcourent pas un à un au clavier ; la liste voisine et la recherche y mènent ;',
    'les courbes sont dessinées dans une image : elles se lisent au clavier valeur par valeur, et leur tableau dit la même chose ;',
    'déplacer une carte d’un tableau de bord à la souris a son équivalent au clavier (Avancer, Reculer), moins direct.',
  ],
  exemptTitle: 'Dérogations et contenus hors obligation',
  exemptIntro:
    'Aucune dérogation pour charge disproportionnée n’est demandée. Ne sont pas soumis à l’obligation :',
  exempt: [
    'les fonds de carte interactifs, dont l’essentiel est donné par la liste voisine ;',
    'les contenus de tiers que la structure ne finance ni ne contrôle.',
  ],
  drawnUpTitle: 'Établissement de cette déclaration',
  drawnUp: (day: string) =>
    `Elle a été établie le ${day} par les auteurs de Beffroi, pour cette version ; les faits propres à la structure viennent des réglages de l’instance.`,
  means: [
    'Technologies : HTML, CSS, JavaScript, SVG, WAI-ARIA, canevas et WebGL.',
    'Environnement d’essai : Chromium sous Linux, sans aide technique.',
    'Outils : axe-core, Playwright.',
    'Pages vérifiées : toutes celles de la console, connecté ou non.',
  ],
  contactTitle: 'Retour d’information et contact',
  contactExplained:
    'Si vous n’arrivez pas à accéder à un contenu ou à un service, dites-le : on vous orientera vers une alternative accessible, ou l’on vous donnera le contenu sous une autre forme.',
  form: (structure: string) => `Écrire à ${structure} par son formulaire`,
  noContact: (structure: string) =>
    `Adressez-vous à ${structure}, par ses moyens habituels : la structure n’a pas encore indiqué ici d’adresse à cet effet.`,
  appealTitle: 'Voies de recours',
  appealExplained:
    'Cette procédure est à utiliser dans le cas suivant : vous avez signalé un défaut d’accessibilité qui vous empêche d’accéder à un contenu ou à un service, et vous n’avez pas obtenu de réponse satisfaisante. Vous pouvez :',
  appeals: {
    write: 'écrire un message au Défenseur des droits ;',
    meet: 'contacter le délégué du Défenseur des droits dans votre région ;',
    call: 'l’appeler au 09 69 39 00 00 (prix d’un appel local) ;',
    post: 'lui envoyer un courrier par la poste, gratuit, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.',
  },
}
