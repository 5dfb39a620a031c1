import type { Messages } from '@/language/fr'

export const access: Messages['access'] = {
  title: 'Sign in',
  intro: 'The territory, on one screen.',
  email: 'E-mail address',
  password: 'Password',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  byLink: 'Were you sent a sign-in link? Open it: it signs you in without a password, once.',
  linkFailed: 'This link no longer signs you in',
  linkKept: 'You may also sign in below.',
  linkUnspent: 'Your link can still be used.',
  invitationTitle: 'You are invited',
  invitationIntro: 'Choose the name others will see, and a password.',
  invitationAs: (name) => `You are signed in as ${name}.`,
  invitationKnown: 'You already have an account? Sign in first:',
  invitationMissing: 'This invitation link is incomplete: open the one in the message again, in full.',
  fullName: 'First and last name',
  newPassword: 'Password',
  newPasswordHint: 'At least 12 characters; a sentence does very well.',
  accept: 'Accept the invitation',
  accepting: 'One moment…',
}
