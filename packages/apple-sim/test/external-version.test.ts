import { expect, test } from 'vitest'
import type { Title } from '../src/catalog.ts'
import { versionIdOf } from '../src/external-version.ts'

const title: Title = { adamId: '900001', name: 'Reader', kind: 'iosSoftware', publisher: 'Harbor' }
const numberOf = (version: string): number => versionIdOf({ ...title, version })

test.each([
  ['1.0', '1.0.1'],
  ['1.0.99', '1.0.100'],
  ['1.2.150', '1.3'],
  ['1.2.999', '1.3'],
  ['1.99', '1.100'],
  ['1.999.999', '2.0'],
  ['9.9.9', '10.0'],
])('%s has a lower number than %s', (older, newer) => {
  expect(numberOf(older)).toBeLessThan(numberOf(newer))
})

test('the number of the first version is that of the title', () => {
  expect(versionIdOf(title)).toBe(900_001)
  expect(numberOf('1.0')).toBe(900_001)
})
