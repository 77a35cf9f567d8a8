/** How many licenses the waves of a staged rollout will ask for (L10). */

/** A wave as an assignment has it. */
export interface Wave {
  /** The share of the members that it raises the rollout to, from 0 to 100. */
  readonly percent: number
  readonly at: Date
}

/** A rollout with waves ahead. */
export interface Rollout {
  /** The share in force now. */
  readonly percent: number
  readonly waves: readonly Wave[]
  /** Members that the assignment reaches and that are not yet served by it. */
  readonly remaining: number
  /** The most that the assignment may still take; null without a limit. */
  readonly atMost: number | null
}

/** Licenses that one wave will ask for. */
export interface PlannedWave extends Wave {
  readonly licenses: number
}

/**
 * The waves after `now` in the order of their moments. The share not in force yet is taken to hold all who are not
 * served yet, evenly; a wave that does not raise the share asks for nothing and is left out.
 */
export function plannedWaves(rollout: Rollout, now: Date): readonly PlannedWave[] {
  const ahead = rollout.waves.filter(({ at }) => at > now).toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const open = 100 - rollout.percent
  const found: PlannedWave[] = []
  let percent = rollout.percent
  let asked = 0
  for (const wave of ahead) {
    if (wave.percent <= percent) continue
    // Rounded as a running sum, so that the waves together never ask for more than remain.
    const until = Math.round((rollout.remaining * (wave.percent - rollout.percent)) / open)
    const allowed = Math.min(until, rollout.atMost ?? until)
    found.push({ ...wave, licenses: allowed - asked })
    percent = wave.percent
    asked = allowed
  }
  return found
}
