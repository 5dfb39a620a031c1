import { useMutation } from '@tanstack/react-query'
import { useId, useState, type RefObject } from 'react'
import { XLSX } from '@/api/devices'
import { figuresFile, measuresFile } from '@/api/exploring'
import type { Series } from '@/api/schema'
import { save } from '@/design/save'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import type { Drawn } from '@/charts/curves'
import type { Figure } from '@/charts/resolution'
import { pictureOf } from '@/explore/picture'

const FORMATS = [
  { name: 'csv', media: 'text/csv' },
  { name: 'xlsx', media: XLSX },
  { name: 'parquet', media: 'application/vnd.apache.parquet' },
] as const

type Props = {
  series: Series[]
  drawn: Drawn
  figure: Figure
  picture: RefObject<HTMLDivElement | null>
  places: number[]
}

/** What is shown, to take away: as a table, as a picture, as a link. */
export function Files({ series, drawn, figure, picture, places }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.explore.files
  const id = useId()
  const raw = drawn.resolution === 'raw'
  const [content, setContent] = useState<'measures' | 'drawn'>('measures')
  const [copied, setCopied] = useState<boolean | null>(null)
  const [first] = series
  const name =
    series.length === 1 && first
      ? `${first.owner}-${first.code}`.replaceAll(/[^\w.-]+/g, '-')
      : 'beffroi-series'
  const file = useMutation({
    mutationFn: async ({ media, suffix }: { media: string; suffix: string }) => {
      const part = {
        series: series.map((one) => one.id),
        start: drawn.span.start.toISOString(),
        end: drawn.span.end.toISOString(),
      }
      const functions = series.some((one) => one.value_kind === 'counter')
        ? [figure, 'delta', 'count']
        : [figure, 'count']
      const made =
        content === 'measures' || raw
          ? measuresFile(part, media)
          : figuresFile({ ...part, every: drawn.resolution, functions }, media)
      save(await made, `${name}.${suffix}`)
    },
  })
  const image = useMutation({
    mutationFn: async () => {
      if (picture.current === null) return
      const { start, end } = drawn.span
      const title = series.map((one) => one.name)
      const caption = `${formats.moment(start)} – ${formats.moment(end)} · ${messages.zone(formats.zone)}`
      save(await pictureOf(picture.current, title, places, caption), `${name}.png`)
    },
  })
  const copy = () =>
    void navigator.clipboard.writeText(window.location.href).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <section aria-labelledby={`${id}-title`} className="files">
      <h2 id={`${id}-title`}>{words.title}</h2>
      <div className="fields">
        {!raw && (
          <div className="field">
            <label htmlFor={`${id}-what`}>{words.what}</label>
            <select
              id={`${id}-what`}
              value={content}
              onChange={({ target }) => setContent(target.value === 'drawn' ? 'drawn' : 'measures')}
            >
              <option value="measures">{words.measures}</option>
              <option value="drawn">{words.drawn}</option>
            </select>
          </div>
        )}
        <div className="field end ways">
          {FORMATS.map((one) => (
            <button
              key={one.name}
              type="button"
              className="button"
              disabled={file.isPending}
              onClick={() => file.mutate({ media: one.media, suffix: one.name })}
            >
              {words[one.name]}
            </button>
          ))}
          <button type="button" className="button" disabled={image.isPending} onClick={() => image.mutate()}>
            {words.png}
          </button>
          <button type="button" className="button" onClick={copy}>
            {words.link}
          </button>
        </div>
      </div>
      <p className="quiet" role="status">
        {file.isPending && words.preparing}
        {copied === true && words.copied}
        {copied === false && words.notCopied}
      </p>
      {file.isError && <Trouble error={file.error} />}
      {image.isError && <Trouble error={image.error} />}
    </section>
  )
}
