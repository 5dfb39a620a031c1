export type Piece = { as: 'text' | 'strong' | 'em' | 'code'; text: string }
export type Block = { as: 'paragraph'; pieces: Piece[] } | { as: 'code'; text: string }

const MARKS = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`/g

/** The little of Markdown that connectors' guides are written in: paragraphs, fences, bold, italics, code. */
export function blocksOf(markdown: string): Block[] {
  return markdown
    .split(/^```\w*\n([\s\S]*?)^```$/m)
    .flatMap((part, place): Block[] =>
      place % 2 === 1 ? [{ as: 'code', text: part.trimEnd() }] : paragraphsOf(part),
    )
}

function paragraphsOf(part: string): Block[] {
  return part
    .split(/\n\s*\n/)
    .map((text) => text.trim().replaceAll(/\s*\n\s*/g, ' '))
    .filter((text) => text !== '')
    .map((text) => ({ as: 'paragraph', pieces: piecesOf(text) }))
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const found of text.matchAll(MARKS)) {
    const [whole, strong, em, code] = found
    if (found.index > end) pieces.push({ as: 'text', text: text.slice(end, found.index) })
    if (strong !== undefined) pieces.push({ as: 'strong', text: strong })
    else if (em !== undefined) pieces.push({ as: 'em', text: em })
    else if (code !== undefined) pieces.push({ as: 'code', text: code })
    end = found.index + whole.length
  }
  if (end < text.length) pieces.push({ as: 'text', text: text.slice(end) })
  return pieces
}

const MQTT = 'MQTT.'

/** The blocks that concern a connection reached by `transport`: guides name MQTT at the beginning of its paragraph. */
export function blocksFor(transport: 'http' | 'mqtt', markdown: string): Block[] {
  const blocks = blocksOf(markdown)
  const ofMqtt = blocks.filter((one) => one.as === 'paragraph' && one.pieces[0]?.text === MQTT)
  if (ofMqtt.length === 0) return blocks
  return transport === 'mqtt' ? ofMqtt : blocks.filter((one) => !ofMqtt.includes(one))
}
