import { bodyOf, client } from '@/api/client'

export const signInWith = (proof: { token: string } | { email: string; password: string }) =>
  bodyOf(client.POST('/api/v1/session', { body: proof }))

export const signOut = () => bodyOf(client.DELETE('/api/v1/session'))

/** Takes the role an invitation gives, and opens a session. */
export const acceptInvitation = (given: {
  token: string
  name: string
  password: string
  language: 'fr' | 'en'
}) => bodyOf(client.POST('/api/v1/invitations/accept', { body: given }))
