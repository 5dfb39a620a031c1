import { expect, test } from 'vitest'
import { isNamedProcessor } from '@/territory/processor'

test('what draws without a graphics card is known by its name', () => {
  for (const name of [
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)',
    'llvmpipe (LLVM 15.0.7, 256 bits)',
    'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11)',
  ])
    expect(isNamedProcessor(name)).toBe(true)
  for (const name of ['ANGLE (Intel, Intel(R) UHD Graphics 620 Direct3D11)', 'Apple M2', 'Mali-G78'])
    expect(isNamedProcessor(name)).toBe(false)
})
