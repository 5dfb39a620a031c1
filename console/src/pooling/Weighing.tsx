import { useId, useState } from 'react'
import type { Ranking } from '@/api/schema'
import { Choice } from '@/design/Choice'
import { useSpeech } from '@/language'
import { moved, placed, shares } from '@/pooling/ranked'

/** Names that are said; the others are counted. */
const SHOWN = 3

/** The ranking of candidate actions, with the weights that make it: a reader moves them and sees what follows. */
export function Weighing({ ranking }: { ranking: Ranking }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.programme
  const own = Object.fromEntries(ranking.weights.map((one) => [one.criterion, one.weight]))
  const [weights, setWeights] = useState(own)
  const [whose, setWhose] = useState('')
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
          {ranking.opinions.length > 1 && (
            <Choice
              label={words.weightsOf}
              any={words.weightsOfGroup}
              options={ranking.opinions.map((one, place) => ({
                value: String(place),
                name: words.among(one.members.slice(0, SHOWN).join(', '), one.members.length - SHOWN),
              }))}
              value={whose}
              onChosen={(chosen) => {
                setWhose(chosen)
                setWeights(chosen === '' ? own : shares(ranking.opinions[Number(chosen)]?.weights ?? own))
              }}
            />
          )}
          {ranking.weights.map((one) => (
            <Slider
              key={one.criterion}
              name={one.criterion}
              weight={weights[one.criterion] ?? 0}
              holds={one.same_first}
              onMoved={(weight) => setWeights(moved(weights, one.criterion, weight))}
            />
          ))}
          <button
            type="button"
            className="button"
            aria-disabled={!changed}
            onClick={() => {
              setWhose('')
              setWeights(own)
            }}
          >
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
      {ranking.opinions.length > 1 && <Opinions opinions={ranking.opinions} />}
    </section>
  )
}

/** What each member, or those who weigh alike, would put first. */
function Opinions({ opinions }: { opinions: Ranking['opinions'] }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.programme
  return (
    <>
      <h3>{words.opinions}</h3>
      <table className="listing stacked">
        <caption>{words.opinionsExplained}</caption>
        <thead>
          <tr>
            <th scope="col">{messages.pooling.member}</th>
            <th scope="col">{words.putFirst}</th>
            <th scope="col" className="number">
              {words.agreement}
            </th>
          </tr>
        </thead>
        <tbody>
          {opinions.map((one) => (
            <tr key={one.members.join()}>
              <th scope="row">{one.members.join(', ')}</th>
              <td data-label={words.putFirst}>{one.order.slice(0, SHOWN).join(', ')}</td>
              <td className="number" data-label={words.agreement}>
                {formats.number(Math.round(one.agreement * 100) / 100)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
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
