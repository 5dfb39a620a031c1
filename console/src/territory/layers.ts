import type { FeatureCollection } from 'geojson'
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import letters from '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2?url'
import { PALETTES, type Palette } from '@/territory/palettes'
import { UNSEEN } from '@/territory/places'
import type { Theme } from '@/territory/scale'

/** The style of the territory's own layers, over whatever background there is. */

export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] }
/** A point that is drawn and not seen. */
const unseenAt = (coordinates: [number, number]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: [{ type: 'Feature', properties: { unseen: true }, geometry: { type: 'Point', coordinates } }],
})
const SEEN: ExpressionSpecification = ['case', ['has', 'unseen'], 0, 1]
const FONT = ['Beffroi']

/** `background`: a style to draw under ours. `middle`: what the map first shows. */
export function styleOf(
  background: StyleSpecification | null,
  theme: Theme,
  middle: [number, number],
): StyleSpecification {
  const palette = PALETTES[theme]
  return {
    version: 8,
    ...(background?.sprite === undefined ? {} : { sprite: background.sprite }),
    ...(background?.glyphs === undefined ? {} : { glyphs: background.glyphs }),
    'font-faces': { ...background?.['font-faces'], Beffroi: new URL(letters, location.href).href },
    sources: {
      ...background?.sources,
      communes: { type: 'geojson', data: EMPTY, promoteId: 'key', tolerance: 0.2 },
      ringed: { type: 'geojson', data: EMPTY, tolerance: 0.2 },
      names: { type: 'geojson', data: EMPTY },
      assets: { type: 'vector', tiles: [UNSEEN], maxzoom: 15 },
      found: { type: 'geojson', data: unseenAt(middle) },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': palette.ground } },
      ...(background?.layers.filter((layer) => layer.type !== 'background') ?? []),
      ...ownLayers(palette, background === null ? 1 : 0.72),
    ],
  }
}

function ownLayers(palette: Palette, opacity: number): LayerSpecification[] {
  return [
    {
      id: 'communes',
      type: 'fill',
      source: 'communes',
      paint: {
        'fill-color': ['coalesce', ['feature-state', 'colour'], palette.nothing],
        // Their borders are drawn over their edges.
        'fill-antialias': false,
        // Near the ground, what stands there matters more than the commune's figure.
        'fill-opacity': [
          'interpolate',
          ['linear'],
          ['zoom'],
          11,
          ['case', ['==', ['feature-state', 'colour'], null], opacity / 2, opacity],
          14,
          0.2,
        ],
      },
    },
    {
      id: 'borders',
      type: 'line',
      source: 'communes',
      paint: { 'line-color': palette.line, 'line-width': 0.75, 'line-opacity': 0.8 },
    },
    {
      id: 'ring',
      type: 'line',
      source: 'ringed',
      paint: {
        'line-color': palette.ring,
        'line-width': ['case', ['get', 'chosen'], 4, 2.5],
      },
    },
    {
      id: 'names',
      type: 'symbol',
      source: 'names',
      // From afar, those that have something to say.
      filter: ['any', ['>', ['get', 'weight'], 0], ['>=', ['zoom'], 10]],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 7, 12, 12, 16],
        'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'],
        'text-radial-offset': 1.1,
        'text-padding': 6,
        'symbol-sort-key': ['-', ['get', 'weight']],
      },
      paint: { 'text-color': palette.ink, 'text-halo-color': palette.paper, 'text-halo-width': 1.75 },
    },
    {
      id: 'clusters',
      type: 'circle',
      source: 'assets',
      'source-layer': 'places',
      filter: ['has', 'point_count'],
      paint: {
        'circle-color': palette.paper,
        'circle-radius': ['step', ['get', 'point_count'], 13, 50, 16, 500, 20, 5000, 24],
        'circle-stroke-color': palette.edge,
        'circle-stroke-width': ['case', ['>', ['get', 'silent'], 0], 3.5, 1.25],
        'circle-opacity': SEEN,
        'circle-stroke-opacity': SEEN,
      },
    },
    {
      id: 'counts',
      type: 'symbol',
      source: 'assets',
      'source-layer': 'places',
      filter: ['has', 'point_count'],
      layout: {
        'text-field': ['get', 'point_count_abbreviated'],
        'text-font': FONT,
        'text-size': 13,
        'text-allow-overlap': true,
        // Placed first: names keep away from the circles.
        'text-padding': 12,
      },
      paint: { 'text-color': palette.ink, 'text-opacity': SEEN },
    },
    {
      id: 'assets',
      type: 'symbol',
      source: 'assets',
      'source-layer': 'places',
      filter: ['!', ['has', 'point_count']],
      layout: {
        'icon-image': ['concat', ['get', 'service'], '/', ['coalesce', ['get', 'state'], 'none']],
        'icon-allow-overlap': true,
      },
      paint: { 'icon-opacity': SEEN },
    },
    {
      id: 'around',
      type: 'circle',
      source: 'found',
      paint: {
        'circle-radius': 10,
        'circle-color': 'transparent',
        'circle-stroke-color': palette.paper,
        'circle-stroke-opacity': SEEN,
        'circle-stroke-width': 8,
      },
    },
    {
      id: 'found',
      type: 'circle',
      source: 'found',
      paint: {
        'circle-radius': 11,
        'circle-color': 'transparent',
        'circle-stroke-color': palette.ring,
        'circle-stroke-opacity': SEEN,
        'circle-stroke-width': 4,
      },
    },
  ]
}
