/** Compares the simulator's books with the server's, licence by license. */
import type { AppleSim } from '@apportion/apple-sim/apple-sim'
import { expect } from 'vitest'
import type { Administrator } from './administrator.ts'

/** Both have the same holders and the same counts, and never more than are owned. */
export async function expectSameBooks(
  apple: AppleSim,
  admin: Administrator,
  { uId, adamIds }: { readonly uId: string; readonly adamIds: readonly string[] },
): Promise<void> {
  const location = apple.world.location(uId)
  for (const adamId of adamIds) {
    const atApple = [...location.assignments(adamId)].map(
      (each) => each.serialNumber ?? each.clientUserId ?? '',
    )
    const here = (await admin.holders(adamId)).filter((each) => each.state === 'held').map((each) => each.id)
    expect(here.toSorted(), `holders of ${adamId}`).toEqual(atApple.toSorted())
    const { counts } = await admin.asset(adamId)
    const { total, assigned } = location.counts(adamId)
    expect(counts, `counts of ${adamId}`).toMatchObject({ total, used: assigned, granting: 0 })
    expect(assigned).toBeLessThanOrEqual(total)
  }
}

/** Waits, in real time, until `done`; for stories whose server runs in a process of its own. */
export async function until(done: () => Promise<boolean>, seconds: number, what: string): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (Date.now() < end) {
    if (await done().catch(() => false)) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`Not within ${seconds} seconds: ${what}`)
}
