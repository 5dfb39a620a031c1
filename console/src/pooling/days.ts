/** A day named `2026-03-29`, at an hour that is of that day in every zone of the territory. */
export const dayOf = (named: string): Date => new Date(`${named}T12:00:00Z`)
