import { paletteOf } from '@/charts/plot'

const MARGIN = 16
const LINE = 22

/** What is drawn, as a PNG: the curves, their names with their colours, the period and its zone. */
export async function pictureOf(
  holder: HTMLElement,
  names: string[],
  places: number[],
  caption: string,
): Promise<Blob> {
  const plots = [...holder.querySelectorAll<HTMLCanvasElement>('.u-wrap canvas')]
  const ratio = window.devicePixelRatio || 1
  const palette = paletteOf(holder)
  const width = Math.max(...plots.map((plot) => plot.width / ratio)) + 2 * MARGIN
  const heights = plots.map((plot) => plot.height / ratio)
  const top = MARGIN + LINE * (names.length + 1) + MARGIN / 2
  const canvas = document.createElement('canvas')
  canvas.width = width * ratio
  canvas.height = (top + heights.reduce((sum, height) => sum + height, 0) + MARGIN) * ratio
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('no canvas')
  pen.scale(ratio, ratio)
  pen.fillStyle = palette.surface
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.font = '15px "Atkinson Hyperlegible Next Variable", system-ui, sans-serif'
  pen.textBaseline = 'middle'
  for (const [row, name] of names.entries()) {
    const y = MARGIN + LINE * (row + 0.5)
    pen.fillStyle = palette.apart[places[row] ?? 0] ?? palette.line
    pen.fillRect(MARGIN, y - 1.5, 24, 3)
    pen.fillStyle = palette.ink
    pen.fillText(name, MARGIN + 34, y)
  }
  pen.fillStyle = palette.ink
  pen.fillText(caption, MARGIN, MARGIN + LINE * (names.length + 0.5))
  let y = top
  for (const [place, plot] of plots.entries()) {
    pen.drawImage(plot, MARGIN, y, plot.width / ratio, plot.height / ratio)
    y += heights[place] ?? 0
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  )
}
