import { useId, useState } from 'react'
import { useMessages } from '@/language'

/** A text to be pasted elsewhere, with a button that copies it. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const { copy: words } = useMessages().connections
  const [copied, setCopied] = useState<boolean | null>(null)
  const id = useId()
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <div className="field copy">
      <label htmlFor={id}>{label}</label>
      <div>
        <input
          id={id}
          readOnly
          value={text}
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" className="button" aria-label={words.what(label)} onClick={copy}>
          {copied === true ? words.done : words.do}
        </button>
      </div>
      <p role="status" className={copied === false ? 'quiet' : 'unseen'}>
        {copied === true ? words.said : copied === false ? words.failed : ''}
      </p>
    </div>
  )
}
