import type { Service } from '@/api/schema'
import { useSpeech } from '@/language'

type Props = { services: Service[]; chosen: string[]; onChosen: (codes: string[]) => void }

/** What the structure offers; its administrators may change it later. */
export function ServicesStep({ services, chosen, onChosen }: Props) {
  const { language, messages } = useSpeech()
  const { setup: words } = messages
  const toggle = (code: string, wanted: boolean) =>
    onChosen(services.map((one) => one.code).filter((one) => (one === code ? wanted : chosen.includes(one))))
  return (
    <>
      <p className="over">{words.servicesIntro}</p>
      <fieldset className="ways-in services-offered">
        <legend>{words.services}</legend>
        {services.map((one) => (
          <label key={one.code}>
            <input
              type="checkbox"
              checked={chosen.includes(one.code)}
              onChange={({ target }) => toggle(one.code, target.checked)}
            />{' '}
            {language === 'fr' ? one.name_fr : one.name_en}
          </label>
        ))}
      </fieldset>
      {chosen.length === 0 && (
        <p role="alert" className="fault">
          {words.noService}
        </p>
      )}
    </>
  )
}
