import { useQueryClient } from '@tanstack/react-query'
import type { Series } from '@/api/schema'
import { askedOf, type Asked } from '@/charts/period'
import { drawHeard } from '@/charts/charted'
import { useLatest } from '@/observations/latest'

/** The observed property of the series that keeps what a device sent. */
export const MESSAGES = 'radio-message'
/** What is drawn as a curve by days. */
export const DRAWN_TOGETHER: Series['value_kind'][] = ['number', 'counter']

/** What the address says of the series and the period shown. */
export function measuresOf(search: Record<string, unknown>): Asked & { series?: number } {
  const { series } = search
  return { ...askedOf(search), ...(typeof series === 'number' && { series }) }
}

/** The newest values of some series, live; what is drawn of them follows. */
export function useMeasured(series: Series[], heard?: () => void) {
  const queries = useQueryClient()
  const ids = series.map((one) => one.id)
  return useLatest(
    { series: ids },
    {
      heard: (columns) => {
        drawHeard(queries, columns, new Date())
        heard?.()
      },
      missed: () => void queries.invalidateQueries({ queryKey: ['drawing'] }),
    },
  )
}
