import { describe, expect, test } from 'vitest'
import { fitCases } from './fit-cases.ts'
import { unfitReason } from './fits.ts'

describe('C2 what fits a device', () => {
  for (const { says, device, title, reason } of fitCases) {
    test(`${says}: ${reason ?? 'fits'}`, () => {
      expect(unfitReason(device, title)).toBe(reason)
    })
  }
})
