/**
 * Who calls: the content token in the Authorization header, and everything that can be wrong with it.
 */
import { Refusal } from './refusal.ts'
import type { Simulation, TokenOwner } from './simulation.ts'

/** The token that a header names, whatever its state; undefined for another form or an unknown token. */
export function tokenNamed(simulation: Simulation, header: string | undefined): TokenOwner | undefined {
  const text = /^Bearer (\S+)$/.exec(header ?? '')?.[1]
  return text === undefined ? undefined : simulation.tokens.get(text)
}

/** The caller's location, or Apple's refusal: 9601, 9722, 9622, 9625, 9621, 9647, 9637 in this order. */
export function authenticate(simulation: Simulation, header: string | undefined): TokenOwner {
  const { missingHeaderNumber, invalidTokenStatus } = simulation.knobs()
  if (header === undefined) throw new Refusal(missingHeaderNumber)
  if (!/^Bearer \S+$/.test(header)) throw new Refusal(9722)
  const owner = tokenNamed(simulation, header)
  // The text inside the file is a common mistake; to Apple it is as unknown as any other text.
  if (!owner) throw new Refusal(9622, { status: invalidTokenStatus })
  if (owner.token.revoked) throw new Refusal(9625)
  if (owner.token.expiresAt <= simulation.clock.now()) throw new Refusal(9621)
  if (owner.token.kind === 'legacy') throw new Refusal(9647)
  if (owner.token.kind === 'facilitator') throw new Refusal(9637)
  return owner
}
