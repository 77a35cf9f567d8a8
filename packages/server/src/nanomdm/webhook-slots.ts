/**
 * Who may have a body in memory. A signature over a body is known to be right only when all of it is there, so strangers
 * cannot be told from NanoMDM before; but callers whose last event was signed with our key have slots of their own, which
 * no stranger takes.
 */
export interface WebhookSlots {
  /** Gives back what was taken, once however often it is called; undefined when all slots are taken. */
  take(address: string): (() => void) | undefined
  /** An event from there was signed with our key. */
  trust(address: string): void
}

/** Bodies in memory at a time. */
const mostOf = { trusted: 24, strangers: 8 } as const
/** NanoMDM's own processes are few. */
const mostTrusted = 32

/** All free, and nobody trusted. */
export function createWebhookSlots(): WebhookSlots {
  const taken = { trusted: 0, strangers: 0 }
  // The one that was silent longest is first.
  const addresses = new Set<string>()
  return {
    take(address) {
      const kind = addresses.has(address) ? 'trusted' : 'strangers'
      if (taken[kind] >= mostOf[kind]) return undefined
      taken[kind] += 1
      let isTaken = true
      return () => {
        if (isTaken) taken[kind] -= 1
        isTaken = false
      }
    },
    trust(address) {
      addresses.delete(address)
      addresses.add(address)
      const [oldest] = addresses
      if (addresses.size > mostTrusted && oldest !== undefined) addresses.delete(oldest)
    },
  }
}
