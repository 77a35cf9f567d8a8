import { describe, expect, test } from 'vitest'
import { assignmentsOf, type CatchUp, catchUp, needsFullWalk, usersOf, walkToEnd } from '../src/catch-up.ts'
import { type Asked, clientOf, failureOf, json } from './scripted-apple.ts'

const free = { limiter: { take: async () => undefined } }

/** What the script answers: records of a page, the version it tells, and how many pages there are. */
interface Scene {
  readonly serials: readonly string[]
  readonly version: string | undefined
  readonly pages?: number
}

/** Apple whose pages are told by `scene`, asked with the version (none for a walk) and the page. */
function appleOf(scene: (since: string | null, page: number) => Scene | Response) {
  const told: string[] = []
  const { client } = clientOf(({ url }: Asked) => {
    const since = url.searchParams.get('sinceVersionId')
    const page = Number(url.searchParams.get('pageIndex'))
    told.push(`${since ?? 'all'}/${page}`)
    const answer = scene(since, page)
    if (answer instanceof Response) return answer
    const { serials, version, pages = 1 } = answer
    return json({
      assignments: serials.map((serialNumber) => ({ adamId: '1', pricingParam: 'STDQ', serialNumber })),
      currentPageIndex: page,
      size: serials.length,
      totalPages: pages,
      versionId: version,
    })
  }, free)
  return { list: assignmentsOf(client), client, told }
}

const unknownVersion = (): Response => json({ errorNumber: 9721 }, { status: 400 })

async function readAll<T extends { readonly serialNumber?: string }>(caught: CatchUp<T>) {
  const rounds: string[] = []
  for await (const { round, records } of caught.pages) {
    rounds.push(`${round}: ${records.map((each) => each.serialNumber ?? '').join(' ')}`)
  }
  return rounds
}

describe('a walk to the end', () => {
  test('of a set that stands still is exact, and asks for no changes', async () => {
    const { list, told } = appleOf((_, page) => ({ serials: [`S${page}`], version: 'v1', pages: 2 }))
    const caught = walkToEnd(list)
    expect(caught.result.state).toBe('unfinished')
    expect(await readAll(caught)).toEqual(['0: S0', '0: S1'])
    expect(caught.result).toEqual({ state: 'exact', versionId: 'v1', rounds: 0, records: 2 })
    expect(told).toEqual(['all/0', 'all/1'])
  })

  test('of a set that moved is finished, then the changes since the first page are read', async () => {
    const { list, told } = appleOf((since, page) => {
      if (since === null) return { serials: [`S${page}`], version: page === 0 ? 'v1' : 'v2', pages: 2 }
      return { serials: ['S9'], version: 'v2' }
    })
    const caught = walkToEnd(list)
    expect(await readAll(caught)).toEqual(['0: S0', '0: S1', '1: S9'])
    expect(caught.result).toEqual({ state: 'additions', versionId: 'v2', rounds: 1, records: 3 })
    expect(told).toEqual(['all/0', 'all/1', 'v1/0'])
  })

  test('asks the same changes again as long as they move: a record may have slipped between the pages', async () => {
    let deltas = 0
    const { list, told } = appleOf((since, page) => {
      if (since === null) return { serials: ['S0'], version: `v${page + 1}`, pages: 2 }
      if (page === 0) deltas += 1
      return { serials: ['S1'], version: deltas < 2 ? `v${page + 3}` : 'v4', pages: 2 }
    })
    const caught = walkToEnd(list)
    await readAll(caught)
    expect(told).toEqual(['all/0', 'all/1', 'v1/0', 'v1/1', 'v1/0', 'v1/1'])
    expect(caught.result).toMatchObject({ state: 'additions', versionId: 'v4', rounds: 2 })
  })

  test('a page that vanished (9650) counts as a move', async () => {
    const { list, told } = appleOf((since, page) => {
      if (page === 2) return json({ errorNumber: 9650 }, { status: 400 })
      return { serials: [], version: 'v1', pages: since === null ? 3 : 1 }
    })
    const caught = walkToEnd(list)
    await readAll(caught)
    expect(told.at(-1)).toBe('v1/0')
    expect(caught.result.state).toBe('additions')
  })

  test('gives a busy set up after some rounds, and tells where to go on', async () => {
    let version = 0
    const { list, told } = appleOf(() => ({ serials: [], version: `v${++version}`, pages: 2 }))
    const caught = walkToEnd(list, { maxRounds: 3 })
    await readAll(caught)
    expect(told).toHaveLength(2 + 3 * 2)
    expect(caught.result).toMatchObject({ state: 'moving', versionId: 'v1', rounds: 3 })
  })

  test('needs another full walk when Apple forgot the first version meanwhile', async () => {
    const { list } = appleOf((since, page) =>
      since === null ? { serials: ['S'], version: `v${page}`, pages: 2 } : unknownVersion(),
    )
    const caught = walkToEnd(list)
    expect(await readAll(caught)).toEqual(['0: S', '0: S'])
    expect(caught.result).toMatchObject({ state: 'full-walk-needed', versionId: undefined })
  })

  test('that is left causes no further request and stays unfinished', async () => {
    const { list, told } = appleOf((_, page) => ({ serials: ['S'], version: `v${page}`, pages: 9 }))
    const caught = walkToEnd(list)
    for await (const _ of caught.pages) break
    expect(told).toEqual(['all/0'])
    expect(caught.result.state).toBe('unfinished')
  })

  test('fails as the client does', async () => {
    const { list } = appleOf(() => json({ errorNumber: 9625 }, { status: 401 }))
    await expect(readAll(walkToEnd(list))).rejects.toMatchObject({ code: 'apple.token_revoked' })
  })
})

describe('catching up since a version', () => {
  test('delivers what was added or changed', async () => {
    const { list, told } = appleOf(() => ({ serials: ['S1', 'S2'], version: 'v2' }))
    const caught = catchUp(list, { versionId: 'v1' })
    expect(await readAll(caught)).toEqual(['1: S1 S2'])
    expect(caught.result).toEqual({ state: 'additions', versionId: 'v2', rounds: 1, records: 2 })
    expect(told).toEqual(['v1/0'])
  })

  test('nothing changed is no failure', async () => {
    const { list } = appleOf(() => ({ serials: [], version: 'v1' }))
    const caught = catchUp(list, { versionId: 'v1' })
    expect(await readAll(caught)).toEqual(['1: '])
    expect(caught.result).toMatchObject({ state: 'additions', versionId: 'v1', records: 0 })
  })

  test('since a version that Apple knows no more (9721) needs a full walk', async () => {
    const { list } = appleOf(unknownVersion)
    const caught = catchUp(list, { versionId: 'v1' })
    expect(await readAll(caught)).toEqual([])
    expect(caught.result).toMatchObject({ state: 'full-walk-needed', versionId: undefined })
  })

  test('without a version in the answer needs a full walk', async () => {
    const { list } = appleOf(() => ({ serials: ['S'], version: undefined }))
    const caught = catchUp(list, { versionId: 'v1' })
    expect(await readAll(caught)).toEqual(['1: S'])
    expect(caught.result.state).toBe('full-walk-needed')
  })
})

test('the plain call says by its code that a full walk is needed', async () => {
  const { client } = appleOf(unknownVersion)
  const failure = await failureOf(readAll(walkOf(client.assignments({ sinceVersionId: 'v1' }))))
  expect(failure).toMatchObject({ code: 'apple.version_unknown', errorNumber: 9721, retry: 'no' })
  expect(needsFullWalk(failure)).toBe(true)
  expect(needsFullWalk(new Error('other'))).toBe(false)
})

test('users are caught up with in the same way', async () => {
  const { client, asked } = clientOf(
    () =>
      json({ users: [{ clientUserId: 'u', status: 'Retired' }], size: 1, totalPages: 1, versionId: 'v2' }),
    free,
  )
  const caught = catchUp(usersOf(client), { versionId: 'v1' })
  for await (const { records } of caught.pages) {
    expect(records).toEqual([{ clientUserId: 'u', status: 'Retired' }])
  }
  expect(asked.map(({ url }) => url.search)).toEqual(['?sinceVersionId=v1&pageIndex=0'])
  expect(caught.result).toMatchObject({ state: 'additions', versionId: 'v2', records: 1 })
})

/** A walk in the form of a catch-up, for the helper above. */
function walkOf<T>(walk: { readonly pages: AsyncIterable<{ readonly records: readonly T[] }> }): CatchUp<T> {
  async function* pages() {
    for await (const { records } of walk.pages) {
      yield { round: 0, pageIndex: 0, totalPages: 1, versionId: undefined, records }
    }
  }
  return { pages: pages(), result: { state: 'unfinished', versionId: undefined, rounds: 0, records: 0 } }
}
