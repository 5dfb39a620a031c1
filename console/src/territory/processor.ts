const BY_PROCESSOR = /swiftshader|llvmpipe|softpipe|software|basic render/i
let known: boolean | null = null

/** Whether maps are drawn without a graphics card, as on many an office's desk: each picture of a flight then takes
 * long enough to keep the reader waiting. */
export function isDrawnByProcessor(): boolean {
  known ??= asked()
  return known
}

function asked(): boolean {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (context === null) return false
  // Browsers of Chromium's family tell the name by this extension alone, Firefox tells it as such.
  const told = context.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL
  const name = String(context.getParameter(told ?? context.RENDERER))
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return isNamedProcessor(name)
}

export const isNamedProcessor = (name: string): boolean => BY_PROCESSOR.test(name)
