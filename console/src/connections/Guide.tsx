import { blocksOf, type Piece } from '@/connections/markdown'

/** What to do in the network's own console. */
export function Guide({ markdown }: { markdown: string }) {
  return (
    <div className="guide">
      {blocksOf(markdown).map((block, place) =>
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
