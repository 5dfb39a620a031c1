import { bodyOf, client } from '@/api/client'

export const signInWith = (proof: { token: string } | { email: string; password: string }) =>
  bodyOf(client.POST('/api/v1/session', { body: proof }))

export const signOut = () => bodyOf(client.DELETE('/api/v1/session'))

type Acceptance = { token: string; language: 'fr' | 'en'; name?: string; password?: string }

/** Takes the role an invitation gives, and opens a session; `name` and `password` for who has no account yet. */
export const acceptInvitation = (given: Acceptance) =>
  bodyOf(client.POST('/api/v1/invitations/accept', { body: given }))
