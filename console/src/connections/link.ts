import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { isRefusal } from '@/api/client'
import type { Live } from '@/observations/live'

type Asked = Pick<UseQueryResult, 'isError' | 'error' | 'errorUpdatedAt' | 'isSuccess' | 'dataUpdatedAt'>

/** Whether what is asked again and again is being answered. */
export function useLink(asked: Asked): Live {
  const [live, setLive] = useState<Live>({ state: 'connecting' })
  const next = after(live, asked)
  if (next.state !== live.state) setLive(next)
  return next
}

/** As it was, unless the last answer changed it; a link that comes back says since when. */
export function after(live: Live, asked: Asked): Live {
  if (asked.isError && isRefusal(asked.error)) return { state: 'ended' }
  if (asked.isError) {
    return live.state === 'lost' ? live : { state: 'lost', since: new Date(asked.errorUpdatedAt) }
  }
  if (!asked.isSuccess || live.state === 'open') return live
  return live.state === 'lost'
    ? { state: 'open', backSince: new Date(asked.dataUpdatedAt) }
    : { state: 'open' }
}
