import { expect, test } from 'vitest'
import { benches } from './benches.ts'

test('giving licenses and taking them back takes no more requests than it must, in the small size of the bench (L4)', async () => {
  const ratios: Record<string, number> = {}
  for await (const { case: name, ratio } of benches.requests?.cases('small') ?? []) ratios[name] = ratio
  const { '20 × 300': uniform, ...mixed } = ratios
  expect(uniform).toBe(1)
  expect(Object.keys(mixed)).toHaveLength(3)
  for (const ratio of Object.values(mixed)) expect(ratio).toBeLessThanOrEqual(1.1)
}, 600_000)
