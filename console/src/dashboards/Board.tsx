import { useQuery } from '@tanstack/react-query'
import { seriesObservingQuery } from '@/api/dashboards'
import type { Card } from '@/api/schema'
import { CardView } from '@/dashboards/CardView'
import type { View } from '@/dashboards/view'
import type { Described } from '@/charts/curves'
import type { Source } from '@/observations/source'

type Props = { cards: Card[]; series: Described[]; source: Source; view: View; owner?: string }

/** The cards of a dashboard, in their order. */
export function Board({ cards, series, source, view, owner }: Props) {
  const byId = new Map(series.map((one) => [one.id, one]))
  return (
    <div className="board">
      {cards.map((card, place) => (
        <article key={place} className={`card wide-${card.width ?? 1}`}>
          {card.title !== undefined && card.title !== '' && <h2>{card.title}</h2>}
          {card.observed_property != null && source === null ? (
            <OfPlace
              card={card}
              property={card.observed_property}
              owner={view.owner ?? owner ?? ''}
              view={view}
            />
          ) : (
            <CardView
              card={card}
              series={(card.series ?? []).flatMap((id) => byId.get(id) ?? [])}
              source={source}
              period={view.period ?? null}
            />
          )}
        </article>
      ))}
    </div>
  )
}

type OfPlaceProps = { card: Card; property: string; owner: string; view: View }

/** A card whose series are those of the collectivité chosen while reading. */
function OfPlace({ card, property, owner, view }: OfPlaceProps) {
  const found = useQuery(seriesObservingQuery(property, owner))
  return found.data ? (
    <CardView card={card} series={found.data} source={null} period={view.period ?? null} />
  ) : null
}
