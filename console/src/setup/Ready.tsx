import { Link } from '@tanstack/react-router'
import { CopyField } from '@/connections/CopyField'
import { useMessages } from '@/language'

const COMMAND = 'beffroi demo --port 8020'

/** The instance is made: what to do first. */
export function Ready() {
  const { setup: words } = useMessages()
  return (
    <>
      <p className="over">{words.readyIntro}</p>
      <ul className="first-steps">
        <li>
          <h2>
            <Link to="/connections/new">{words.connect}</Link>
          </h2>
          <p>{words.connectDetail}</p>
        </li>
        <li>
          <h2>
            <Link to="/">{words.see}</Link>
          </h2>
          <p>{words.seeDetail}</p>
        </li>
        <li>
          <h2>{words.demonstration}</h2>
          <p>{words.demonstrationDetail}</p>
          <CopyField label={words.command} text={COMMAND} />
        </li>
      </ul>
    </>
  )
}
