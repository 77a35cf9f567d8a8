import assetsEmpty from '@apportion/apple-wire/fixtures/assets-empty.json' with { type: 'json' }
import { UNLIMITED_TOTAL, type UnlimitedAsset } from '@apportion/apple-wire/messages'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isUnlimited } from '../src/unlimited.ts'
import { allOf, clientOf, failureOf, json, type Script } from './scripted-apple.ts'

/** Assignments in pages; `totalPages` and `versionId` may depend on how many requests came before. */
interface Library {
  readonly pages: number
  readonly perPage: number
  readonly totalPages?: (request: number) => number
  readonly versionId?: (request: number) => string
  readonly extra?: (pageIndex: number) => Record<string, unknown>
}

const serial = (pageIndex: number, row: number): string => `S${pageIndex}-${row}`

function libraryOf({ pages, perPage, totalPages, versionId, extra }: Library): Script {
  let requests = 0
  return ({ url }) => {
    const pageIndex = Number(url.searchParams.get('pageIndex'))
    const request = requests++
    const total = totalPages?.(request) ?? pages
    if (pageIndex >= total && pageIndex > 0) return json({ errorNumber: 9650 }, { status: 400 })
    return json({
      assignments: Array.from({ length: perPage }, (_, row) => ({
        adamId: '900001',
        pricingParam: 'STDQ',
        serialNumber: serial(pageIndex, row),
      })),
      currentPageIndex: pageIndex,
      ...(pageIndex + 1 < total ? { nextPageIndex: pageIndex + 1 } : {}),
      size: perPage,
      totalPages: total,
      versionId: versionId?.(request) ?? 'v1',
      ...extra?.(pageIndex),
    })
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1)

const free = { limiter: { take: async () => undefined } }

function serialsOf(pages: number, perPage: number): string[] {
  return Array.from({ length: pages * perPage }, (_, at) =>
    serial(Math.floor(at / perPage), at % perPage),
  ).toSorted()
}

describe('a walk in lanes', () => {
  test('delivers every record once, whatever the sizes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 4 }),
        async (pages, perPage) => {
          const { client, asked } = clientOf(libraryOf({ pages, perPage }), free)
          const walk = client.assignments()
          const records = await allOf(walk.pages)
          expect(records.map(({ serialNumber = '' }) => serialNumber).toSorted(byText)).toEqual(
            serialsOf(pages, perPage),
          )
          expect(asked).toHaveLength(pages)
          expect(walk.summary).toEqual({
            complete: true,
            firstVersionId: 'v1',
            moved: false,
            pages,
            records: pages * perPage,
          })
        },
      ),
      { numRuns: 40 },
    )
  })

  test('asks for the first page alone, then for five at once and no more', async () => {
    const library = libraryOf({ pages: 23, perPage: 1 })
    let open = 0
    const opened: number[] = []
    const { client } = clientOf(async (asked) => {
      opened.push(++open)
      await new Promise((resolve) => setTimeout(resolve, asked.url.search.length % 3))
      open -= 1
      return library(asked)
    }, free)
    await allOf(client.assignments().pages)
    expect(opened.slice(0, 2)).toEqual([1, 1])
    expect(Math.max(...opened)).toBe(5)
  })

  test('shares the five lanes with the other walks of the client', async () => {
    const library = libraryOf({ pages: 12, perPage: 1 })
    let open = 0
    let most = 0
    const { client } = clientOf(async (asked) => {
      most = Math.max(most, ++open)
      await new Promise((resolve) => setTimeout(resolve, 1))
      open -= 1
      return library(asked)
    }, free)
    await Promise.all([1, 2, 3].map(() => allOf(client.assignments().pages)))
    expect(most).toBe(5)
  })

  test('delivers pages as they come, a slow one holding up no other', async () => {
    const library = libraryOf({ pages: 4, perPage: 1 })
    let release: () => void = () => undefined
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const { client } = clientOf(async (asked) => {
      if (asked.url.searchParams.get('pageIndex') === '1') await slow
      return library(asked)
    }, free)
    const order: number[] = []
    for await (const { pageIndex } of client.assignments().pages) {
      order.push(pageIndex)
      if (order.length === 3) release()
    }
    expect(order).toEqual([0, 2, 3, 1])
  })

  test('fetches no further than a few pages ahead of a slow reader', async () => {
    const { client, asked } = clientOf(libraryOf({ pages: 500, perPage: 1 }), free)
    let read = 0
    for await (const _ of client.assignments().pages) {
      read += 1
      await new Promise((resolve) => setImmediate(resolve))
      expect(asked.length - read).toBeLessThanOrEqual(5)
    }
    expect(read).toBe(500)
  })
})

describe('a walk that is left', () => {
  test('after the first page has caused one request', async () => {
    const { client, asked } = clientOf(libraryOf({ pages: 40, perPage: 1 }), free)
    const walk = client.assignments()
    for await (const page of walk.pages) {
      expect(page).toMatchObject({ pageIndex: 0, totalPages: 40, versionId: 'v1' })
      break
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(asked).toHaveLength(1)
    expect(walk.summary).toMatchObject({ complete: false, firstVersionId: 'v1', pages: 1, records: 1 })
  })

  test('in the middle stops the requests under way', async () => {
    const library = libraryOf({ pages: 40, perPage: 1 })
    const signals: AbortSignal[] = []
    const { client, asked } = clientOf((one) => {
      signals.push(one.signal)
      if (Number(one.url.searchParams.get('pageIndex')) < 3) return library(one)
      return new Promise((_, reject) =>
        one.signal.addEventListener('abort', () => reject(new Error('stopped'))),
      )
    }, free)
    for await (const { pageIndex } of client.assignments().pages) if (pageIndex === 2) break
    const sent = asked.length
    expect(signals.slice(3).every(({ aborted }) => aborted)).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(asked).toHaveLength(sent)
  })

  test('is over: a second loop is refused', async () => {
    const { client } = clientOf(libraryOf({ pages: 1, perPage: 1 }), free)
    const walk = client.assignments()
    await allOf(walk.pages)
    await expect(allOf(walk.pages)).rejects.toThrow(TypeError)
  })
})

describe('a set that moves', () => {
  test('grows: the walk goes on to the new last page', async () => {
    const totalPages = (request: number): number => (request < 4 ? 5 : 9)
    const { client } = clientOf(libraryOf({ pages: 9, perPage: 2, totalPages }), free)
    const walk = client.assignments()
    expect((await allOf(walk.pages)).map(({ serialNumber = '' }) => serialNumber).toSorted(byText)).toEqual(
      serialsOf(9, 2),
    )
  })

  test('grows past its last page: a page that names a next one is followed', async () => {
    const extra = (pageIndex: number): Record<string, unknown> => (pageIndex === 0 ? { totalPages: 1 } : {})
    const { client } = clientOf(libraryOf({ pages: 3, perPage: 1, extra }), free)
    expect(await allOf(client.assignments().pages)).toHaveLength(3)
  })

  test('shrinks: an index past the end ends the walk, and the summary tells', async () => {
    const totalPages = (request: number): number => (request < 3 ? 12 : 4)
    const { client, asked } = clientOf(libraryOf({ pages: 12, perPage: 1, totalPages }), free)
    const walk = client.assignments()
    expect(await allOf(walk.pages)).toHaveLength(4)
    expect(walk.summary).toMatchObject({ complete: true, moved: true, pages: 4 })
    expect(asked.length).toBeLessThanOrEqual(9)
  })

  test('changes its version: the first one is kept and the move told', async () => {
    const versionId = (request: number): string => (request < 2 ? 'v1' : 'v2')
    const { client } = clientOf(libraryOf({ pages: 5, perPage: 1, versionId }), free)
    const walk = client.assignments()
    await allOf(walk.pages)
    expect(walk.summary).toMatchObject({ complete: true, firstVersionId: 'v1', moved: true })
  })
})

describe('pages that leave things out', () => {
  test('an empty set has no list and no pages', async () => {
    const { client, asked } = clientOf(() => json(assetsEmpty), free)
    const walk = client.assets()
    expect(await allOf(walk.pages)).toEqual([])
    expect(walk.summary).toMatchObject({ complete: true, pages: 1, records: 0 })
    expect(asked).toHaveLength(1)
  })

  test('without totalPages each page leads to the next', async () => {
    const { client } = clientOf(
      libraryOf({ pages: 4, perPage: 1, extra: () => ({ totalPages: undefined }) }),
      free,
    )
    expect(await allOf(client.assignments().pages)).toHaveLength(4)
  })

  test('a missing pricingParam is STDQ, an adamId may be a number', async () => {
    const { client } = clientOf(() => json({ assignments: [{ adamId: 900001, clientUserId: 'u' }] }), free)
    expect(await allOf(client.assignments().pages)).toEqual([
      { adamId: '900001', pricingParam: 'STDQ', clientUserId: 'u' },
    ])
  })

  test('an unlimited asset need not say how many are available', async () => {
    const asset = { adamId: '1', assignedCount: 7, totalCount: 2_147_483_647 }
    const { client } = clientOf(() => json({ assets: [asset] }), free)
    expect(await allOf(client.assets().pages)).toEqual([
      {
        ...asset,
        pricingParam: 'STDQ',
        productType: 'App',
        availableCount: 2_147_483_640,
        retiredCount: 0,
        deviceAssignable: false,
        revocable: false,
      },
    ])
  })

  test('more records than size are taken', async () => {
    const { client } = clientOf(libraryOf({ pages: 1, perPage: 3, extra: () => ({ size: 2 }) }), free)
    expect(await allOf(client.assignments().pages)).toHaveLength(3)
  })
})

const corrupt: [title: string, extra: Record<string, unknown>, code: string][] = [
  ['the page after it is two on', { nextPageIndex: 2 }, 'apple.paging_corrupt'],
  ['the page after it is itself', { nextPageIndex: 0 }, 'apple.paging_corrupt'],
  ['another page came', { currentPageIndex: 3 }, 'apple.paging_corrupt'],
  ['records are missing', { size: 2 }, 'apple.paging_corrupt'],
  ['the list is missing though size is not zero', { assignments: undefined }, 'apple.paging_corrupt'],
  ['totalPages is a text', { totalPages: 'many' }, 'apple.paging_corrupt'],
  ['totalPages is negative', { totalPages: -1 }, 'apple.paging_corrupt'],
  ['the list is none', { assignments: 'none' }, 'apple.unexpected_answer'],
  ['a record is none', { assignments: [7] }, 'apple.unexpected_answer'],
  ['a record has no adamId', { assignments: [{ serialNumber: 'S' }] }, 'apple.unexpected_answer'],
  ['a record has no holder', { assignments: [{ adamId: '1' }] }, 'apple.unexpected_answer'],
]

describe('pages that contradict themselves end the walk', () => {
  for (const [title, extra, code] of corrupt) {
    test(`${title}: ${code}`, async () => {
      const { client } = clientOf(libraryOf({ pages: 3, perPage: 1, extra: () => extra }), free)
      const walk = client.assignments()
      expect(await failureOf(allOf(walk.pages))).toMatchObject({ code })
      expect(walk.summary.complete).toBe(false)
    })
  }

  test('an asset without its counts is not taken for one without licenses', async () => {
    const { client } = clientOf(() => json({ assets: [{ adamId: '1', assignedCount: 0 }] }), free)
    expect(await failureOf(allOf(client.assets().pages))).toMatchObject({
      code: 'apple.unexpected_answer',
      message: 'Apple’s answer cannot be used: asset 1 lacks "totalCount".',
    })
  })

  test('a failure in one lane ends the walk and the other lanes', async () => {
    const library = libraryOf({ pages: 40, perPage: 1 })
    const { client, asked } = clientOf(
      (one) =>
        one.url.searchParams.get('pageIndex') === '7'
          ? json({ errorNumber: 9625 }, { status: 401 })
          : library(one),
      free,
    )
    const walk = client.assignments()
    expect(await failureOf(allOf(walk.pages))).toMatchObject({ code: 'apple.token_revoked' })
    expect(walk.summary.complete).toBe(false)
    expect(asked.length).toBeLessThanOrEqual(14)
  })
})

describe('limited and unlimited assets', () => {
  const limited = { adamId: '1', assignedCount: 1, availableCount: 2, retiredCount: 0, totalCount: 3 }
  const unlimited = { adamId: '2', assignedCount: 7 }
  const readings: [title: string, unlimited: string | null, body: object, found: [string, boolean][]][] = [
    [
      'all of them, an unlimited one by its total',
      null,
      { assets: [limited, { ...unlimited, totalCount: UNLIMITED_TOTAL }], size: 2 },
      [
        ['1', false],
        ['2', true],
      ],
    ],
    ['the limited ones', 'false', { assets: [limited], size: 1 }, [['1', false]]],
    ['the unlimited ones', 'true', { unlimitedAssets: [unlimited], size: 1 }, [['2', true]]],
    [
      'the unlimited ones, even if Apple sends the others along',
      'true',
      { assets: [limited], unlimitedAssets: [unlimited], size: 2 },
      [['2', true]],
    ],
  ]
  for (const [title, asks, body, found] of readings) {
    test(title, async () => {
      const { client, asked } = clientOf(() => json(body), free)
      const walk =
        asks === 'true' ? client.unlimitedAssets() : client.assets(asks === null ? {} : { unlimited: false })
      const records: readonly UnlimitedAsset[] = await allOf<UnlimitedAsset>(walk.pages)
      expect(records.map((each) => [each.adamId, isUnlimited(each)])).toEqual(found)
      expect(asked[0]?.url.searchParams.get('unlimited')).toBe(asks)
    })
  }
})
