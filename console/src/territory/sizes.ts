/** How large a place is drawn, in units of the picture: its area grows with the number of devices. */

const [LEAST, MOST, GROWTH] = [3.2, 18, 0.85]

export type Sizes = {
  radiusOf: (devices: number) => number
  /** Numbers of devices to show the size of. */
  samples: number[]
}

/** For places of which the largest has `most` devices: up to some hundreds sizes compare from one territory to
 * another; beyond, they grow slower, so that the largest still differ. */
export function sizesFor(most: number): Sizes {
  const room = (MOST - LEAST) / GROWTH
  const growth = most > room ** 2 ? (MOST - LEAST) / Math.sqrt(most) : GROWTH
  return {
    radiusOf: (devices) => Math.min(MOST, LEAST + growth * Math.sqrt(devices)),
    samples: growth === GROWTH ? [1, 20, 100] : [most / 300, most / 30, most / 3].map(roundBelow),
  }
}

/** The greatest of 1, 2, 5, 10, 20, 50… that is not above. */
function roundBelow(number: number): number {
  const unit = 10 ** Math.floor(Math.log10(number))
  return Math.max(1, unit * ([5, 2].find((times) => times * unit <= number) ?? 1))
}
