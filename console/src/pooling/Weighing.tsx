import { useId, useState } from 'react'
import type { Ranking } from '@/api/schema'
import { useSpeech } from '@/language'
import { moved, placed } from '@/pooling/ranked'

/** The ranking of candidate actions, with the weights that make it: a reader moves them and sees what follows. */
export function Weighing({ ranking }: { ranking: Ranking }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.programme
  const own = Object.fromEntries(ranking.weights.map((one) => [one.criterion, one.weight]))
  const [weights, setWeights] = useState(own)
  const changed = ranking.weights.some((one) => Math.abs((weights[one.criterion] ?? 0) - one.weight) > 1e-9)
  const rows = placed(ranking, weights)
  const first = rows.filter((one) => one.place === 1).map((one) => one.action)
  return (
    <section className="part">
      <h2>{words.ranking}</h2>
      <p className="large" aria-live="polite">
        {changed ? words.rankingMoved(first.join(', ')) : words.rankingSaid(first.join(', '))}
      </p>
      <div className="weighing">
        <div className="weights screen">
          <h3>{words.weights}</h3>
          <p className="quiet">{words.weightsExplained}</p>
          {ranking.weights.map((one) => (
            <Slider
              key={one.criterion}
              name={one.criterion}
              weight={weights[one.criterion] ?? 0}
              holds={one.same_first}
              onMoved={(weight) => setWeights(moved(weights, one.criterion, weight))}
            />
          ))}
          <button type="button" className="button" aria-disabled={!changed} onClick={() => setWeights(own)}>
            {words.reset}
          </button>
        </div>
        <div className="wide">
          <table className="listing">
            <thead>
              <tr>
                <th scope="col" className="number">
                  {words.place}
                </th>
                <th scope="col">{words.action}</th>
                <th scope="col" className="number">
                  {words.score}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <tr key={one.action}>
                  <td className="number value">{formats.integer(one.place)}</td>
                  <th scope="row">
                    {one.action}
                    {changed && one.before !== one.place && (
                      <span className="quiet">
                        {' '}
                        (
                        {words.moved(
                          one.before - one.place,
                          formats.integer(Math.abs(one.before - one.place)),
                        )}
                        )
                      </span>
                    )}
                  </th>
                  <td className="number">
                    {one.net
                      .toFixed(3)
                      .replace('-', '−')
                      .replace('.', formats.language === 'fr' ? ',' : '.')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  )
}

type SliderProps = { name: string; weight: number; holds: number[]; onMoved: (weight: number) => void }

function Slider({ name, weight, holds, onMoved }: SliderProps) {
  const { messages, formats } = useSpeech()
  const id = useId()
  const [low = 0, high = 1] = holds
  return (
    <div className="field slider">
      <label htmlFor={id}>
        {name} <span className="value">{formats.share(weight)}</span>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        step={1}
        value={Math.round(weight * 100)}
        aria-valuetext={formats.share(weight)}
        aria-describedby={`${id}-holds`}
        onChange={({ target }) => onMoved(Number(target.value) / 100)}
      />
      <span id={`${id}-holds`} className="quiet">
        {messages.pooling.programme.holds(formats.share(low), formats.share(high))}
      </span>
    </div>
  )
}
