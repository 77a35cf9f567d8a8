import { expect, test } from 'vitest'
import { benches } from './benches.ts'

test('in the small bench every device is answered, and told its one command', async () => {
  const told: (number | undefined)[] = []
  for await (const { extra } of benches.checkin?.cases('small') ?? []) {
    expect(extra?.refused).toBe(0)
    told.push(extra?.told)
  }
  expect(told).toEqual([0, 200])
}, 120_000)
