import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GrowingArray } from '../src/growing-array.ts'
import { emptyHolding, LicenseBook } from '../src/license-book.ts'
import { NOTHING, NumberTable } from '../src/number-table.ts'

/** A book, and the same as lists and sets. */
function bookAndModel() {
  const book = new LicenseBook()
  const holdings = [emptyHolding(0), emptyHolding(1), emptyHolding(2)]
  const order: { asset: number; name: string; stamp: number }[] = []
  const held = (from = 0): string[] => {
    const found: string[] = []
    book.eachInSlots(from, book.slots, (asset, holder) => found.push(`${asset} ${book.holder(holder).name}`))
    return found
  }
  return { book, holdings, order, held }
}

const step = fc.record({
  give: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 3),
  compact: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  asset: fc.integer({ min: 0, max: 2 }),
  device: fc.integer({ min: 0, max: 30 }),
})

test('whatever is given, taken back and compacted: the book says what lists would say, in their order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { book, holdings, order, held } = bookAndModel()
      let stamp = 1
      for (const { give, compact, asset, device } of steps) {
        const holding = holdings[asset] ?? emptyHolding(0)
        const name = `D${device}`
        const at = order.findIndex((each) => each.asset === asset && each.name === name)
        stamp++
        if (compact) book.compact(holdings)
        if (give) expect(book.add(holding, book.device(name), stamp)).toBe(at < 0)
        else expect(book.remove(holding, book.device(name))).toBe(at >= 0)
        if (give && at < 0) order.push({ asset, name, stamp })
        if (!give && at >= 0) order.splice(at, 1)
      }
      expect(held()).toEqual(order.map(({ asset, name }) => `${asset} ${name}`))
      expect(book.size).toBe(order.length)
      for (const holding of holdings) {
        const names: string[] = []
        book.eachHolder(holding, 0, holding.slots.length, (holder) => names.push(book.holder(holder).name))
        const here = order.filter(({ asset }) => asset === holding.number)
        expect([names, holding.held]).toEqual([here.map(({ name }) => name), here.length])
      }
      const since = Math.floor(stamp / 2)
      const later = order.filter((each) => each.stamp > since)
      expect(held(book.firstSlotAfter(since))).toEqual(later.map(({ asset, name }) => `${asset} ${name}`))
      const stamps: number[] = []
      book.each((_asset, _holder, at) => stamps.push(at))
      expect(stamps).toEqual(order.map((each) => each.stamp))
    }),
  )
})

describe('an array that grows', () => {
  test('reads what was written, across chunks and gaps, and 0 elsewhere', () => {
    const array = new GrowingArray()
    for (const index of [0, 15, 16, 65_535, 65_536, 200_000]) array.set(index, index + 1)
    expect([0, 15, 16, 65_535, 65_536, 200_000].map((index) => array.at(index))).toEqual([
      1, 16, 17, 65_536, 65_537, 200_001,
    ])
    expect([1, 100, 131_072, 199_999, 200_001].map((index) => array.at(index))).toEqual([0, 0, 0, 0, 0])
    array.truncate(65_536)
    expect([array.length, array.at(65_535), array.at(65_536)]).toEqual([65_536, 65_536, 0])
    array.set(70_000, 1)
    expect(array.at(65_536)).toBe(0)
  })
})

test('a table finds what is in it, and nothing else, after any additions and removals', () => {
  const operations = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 60 })), { maxLength: 300 })
  fc.assert(
    fc.property(operations, fc.integer({ min: 1, max: 7 }), (steps, crowding) => {
      // Few hashes for many numbers, so that searches run into each other.
      const hashOf = (number: number): number => number % crowding
      const table = new NumberTable(hashOf)
      const model = new Set<number>()
      const placeOf = (number: number): number => {
        let place = table.start(hashOf(number))
        while (table.at(place) !== NOTHING && table.at(place) !== number) place = table.next(place)
        return place
      }
      for (const [add, number] of steps) {
        if (add && !model.has(number)) table.add(number)
        if (!add && model.has(number)) table.removeAt(placeOf(number))
        if (add) model.add(number)
        else model.delete(number)
      }
      const found = Array.from({ length: 61 }, (_, number) => number).filter(
        (number) => table.at(placeOf(number)) === number,
      )
      expect(found).toEqual([...model].sort((a, b) => a - b))
      expect(table.size).toBe(model.size)
    }),
  )
})
