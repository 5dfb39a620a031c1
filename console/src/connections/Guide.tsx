import { blocksFor, type Piece } from '@/connections/markdown'

type Props = { transport: 'http' | 'mqtt'; markdown: string }

/** What to do in the network's own console. */
export function Guide({ transport, markdown }: Props) {
  return (
    <div className="guide">
      {blocksFor(transport, markdown).map((block, place) =>
        block.as === 'code' ? (
          <pre key={place} tabIndex={0}>
            {block.text}
          </pre>
        ) : (
          <p key={place}>
            {block.pieces.map((piece, at) => (
              <Shown key={at} piece={piece} />
            ))}
          </p>
        ),
      )}
    </div>
  )
}

function Shown({ piece: { as, text } }: { piece: Piece }) {
  if (as === 'text') return text
  const Tag = as
  return <Tag>{text}</Tag>
}
