/** A staged rollout as it is being written (A6): the usual ones to begin with, and what is wrong with one. */
import { maximumWaves, type WaveFault, waveFault } from '@apportion/core/assignments/rollout'
import type { StagedRollout } from './terms.ts'

type Waves = StagedRollout['waves']

const day = 24 * 60 * 60 * 1000

/** The usual ways, each with its shares in percent and the days between two waves. */
export const presets = {
  weekly: { shares: [10, 25, 50, 100], days: 7 },
  daily: { shares: [10, 25, 50, 100], days: 1 },
  pilot: { shares: [5, 100], days: 14 },
} as const satisfies Record<string, { readonly shares: readonly number[]; readonly days: number }>

export type Preset = keyof typeof presets

/** The waves of a preset: the first at once, the others at full hours. */
export function presetWaves(preset: Preset, now: Date): Waves {
  const { shares, days } = presets[preset]
  return shares.map((percent, index) => ({
    percent,
    at: index === 0 ? null : fullHour(now.getTime() + index * days * day),
  }))
}

/** With a wave more, a week behind the last; as it was when there are as many as there can be. */
export function withNextWave(waves: Waves, now: Date): Waves {
  if (waves.length >= maximumWaves) return waves
  const last = waves.at(-1)
  if (last === undefined) return [{ percent: 10, at: null }]
  const from = last.at === null ? now.getTime() : new Date(last.at).getTime()
  const at = fullHour((Number.isNaN(from) ? now.getTime() : from) + 7 * day)
  return [...waves, { percent: Math.min(100, last.percent * 2), at }]
}

const hour = 60 * 60 * 1000
const fullHour = (time: number): string => new Date(Math.ceil(time / hour) * hour).toISOString()

/** What is wrong with the waves; null when they can be. An empty staged rollout begins with nobody, so it cannot be. */
export function faultIn(rollout: StagedRollout | null): WaveFault | null {
  if (rollout === null) return null
  if (rollout.waves.length === 0) return { code: 'percent', wave: 0 }
  return waveFault(
    rollout.waves.map(({ percent, at }) => ({ percent, at: at === null ? null : new Date(at) })),
  )
}

/** A moment as the browser's field for date and time has it: in local time, to the minute. */
export function toField(moment: string | null): string {
  if (moment === null) return ''
  const at = new Date(moment)
  if (Number.isNaN(at.getTime())) return ''
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** The moment that the field says; null when it is empty. */
export function fromField(text: string): string | null {
  if (text === '') return null
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
