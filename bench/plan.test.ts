import { expect, test } from 'vitest'
import { benches } from './benches.ts'

async function smallCase(name: string) {
  for await (const one of benches[name]?.cases('small') ?? []) return one
  return undefined
}

test('the plan of the small bench gives a license to every second device', async () => {
  const one = await smallCase('plan')
  expect(one?.extra?.grants).toBe(1000)
})

test('a device that changes is looked up alone: a fleet a hundred times as large costs no more rows', async () => {
  const one = await smallCase('reconcile')
  const { rowsRead = 0, rowsReadInAHundredth = 0 } = one?.extra ?? {}
  expect(rowsRead).toBeGreaterThan(0)
  expect(rowsRead).toBeLessThan(rowsReadInAHundredth + 2000)
}, 60_000)
