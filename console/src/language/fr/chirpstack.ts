import { plural } from '@/language/plural'

export const chirpstack = {
  title: 'Déclarer les appareils dans ChirpStack',
  intro:
    'Les appareils du registre sont déclarés dans le serveur ChirpStack v4 : l’application, un profil par modèle, les appareils et leurs clés. Ce qui y est déjà reste tel quel.',
  noApi: 'Un administrateur de cette collectivité doit d’abord donner l’adresse du serveur et un jeton.',
  address: 'Adresse et jeton du serveur',
  addressOf: (url: string) => `Serveur : ${url}`,
  url: 'Adresse du serveur',
  urlHint: 'Celle de sa page web, par exemple chirpstack.exemple.fr, avec https',
  tenant: 'Locataire (tenant)',
  tenantHint: 'Son identifiant est dans l’adresse de sa page. Inutile pour un jeton de tout le serveur.',
  token: 'Jeton d’API',
  tokenHint: 'Gardé chiffré, jamais montré de nouveau. Laissez vide pour garder l’actuel.',
  save: 'Enregistrer',
  saved: 'Adresse enregistrée.',
  keys: 'Clés des appareils',
  keysFile: 'Fichier CSV des clés',
  keysHint:
    'Colonnes dev_eui et app_key, puis au besoin nwk_key (LoRaWAN 1.1) et owner. Gardées chiffrées, jamais montrées de nouveau.',
  keep: 'Garder ces clés',
  keysKept: (count: number, shown: string) =>
    `Clés de ${shown} ${plural(count, 'appareil gardées', 'appareils gardées')}.`,
  keysWrong: (line: string) =>
    `Rien n’est gardé : la ligne ${line} du fichier n’a pas un DevEUI et une clé de 32 chiffres hexadécimaux.`,
  devices: 'Appareils',
  application: 'Application',
  owner: 'Collectivité',
  allOwners: 'Toutes',
  model: 'Modèle',
  allModels: 'Tous',
  foresee: 'Voir ce qui serait fait',
  looking: 'Lecture du serveur…',
  compare: 'Comparer',
  foreseen: (count: number, shown: string) =>
    count === 0
      ? 'Aucun appareil à déclarer.'
      : `${shown} ${plural(count, 'appareil', 'appareils')} à déclarer.`,
  makes: (what: string) => `Seraient créés : ${what}.`,
  declare: (count: number, shown: string) => `Déclarer ${shown} ${plural(count, 'appareil', 'appareils')}`,
  declaring: 'Déclaration en cours…',
  done: (count: number, shown: string) =>
    count === 0
      ? 'Aucun appareil n’a été déclaré.'
      : `${shown} ${plural(count, 'appareil déclaré', 'appareils déclarés')}.`,
  same: (count: number, shown: string) =>
    `${shown} ${plural(count, 'appareil identique', 'appareils identiques')}.`,
  apart: (there: string, here: string, differing: string) =>
    `Absents du serveur : ${there} ; absents du registre : ${here} ; différents : ${differing}.`,
  strangers: 'Dans le serveur, pas dans le registre',
  columns: { device: 'Appareil', profile: 'Profil', keys: 'Clés', outcome: 'Déclaration' },
  kept: 'gardées',
  lacking: 'manquent',
  outcomes: {
    create: 'à déclarer',
    done: 'déclaré',
    there: 'déjà là',
    differs: 'là, différent',
    impossible: 'impossible',
  },
}
