import type { Theme } from '@/territory/scale'
import type { Inks } from '@/territory/shapes'

export type Palette = Inks & { ground: string; nothing: string; line: string; ink: string; ring: string }

export const PALETTES: Record<Theme, Palette> = {
  light: {
    ground: '#f3f4f6',
    nothing: '#ffffff',
    line: '#7d8792',
    ink: '#1a2027',
    ring: '#1a2027',
    fill: '#1f3f77',
    edge: '#1a2027',
    paper: '#ffffff',
  },
  dark: {
    ground: '#13171b',
    nothing: '#242a31',
    line: '#828d99',
    ink: '#e8ebee',
    ring: '#ffffff',
    fill: '#a3c0f5',
    edge: '#e8ebee',
    paper: '#1b2026',
  },
}
