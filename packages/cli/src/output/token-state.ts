/** States of content tokens, their health and syncs in words and colors (T3, T8, S1). */
import type { Item } from '@apportion/api-client/client'
import type { Token } from '../lookup/token.ts'
import type { Color } from './paint.ts'

export type SyncRun = Item<'listSyncs'>

const colors: Readonly<Record<Token['state'], Color>> = {
  valid: 'green',
  expiring: 'yellow',
  expired: 'red',
  revoked: 'red',
  invalid: 'red',
  managed_elsewhere: 'red',
  duplicate: 'red',
  leaving: 'yellow',
}

const healthColors: Readonly<Record<Token['health']['status'], Color>> = {
  healthy: 'green',
  warning: 'yellow',
  unhealthy: 'red',
}

export function tokenState({ state }: Pick<Token, 'state'>): {
  readonly text: string
  readonly color: Color
} {
  return { text: state.replaceAll('_', ' '), color: colors[state] }
}

/** How the connection of a location to Apple stands, in a word (T8). */
export function tokenHealth({ health }: Pick<Token, 'health'>): {
  readonly text: string
  readonly color: Color
} {
  return { text: health.status, color: healthColors[health.status] }
}

/** One line about a sync: what it does now, or how it ended. */
export function syncLine(run: SyncRun): string {
  if (run.state === 'failed') return `failed: ${run.problem?.detail ?? 'for an unknown reason'}`
  if (run.state === 'waiting') return 'waiting to start'
  const seen = `${run.assetsSeen} assets, ${run.licensesSeen} licenses`
  if (run.state === 'done') return run.scope === 'everything' ? `done: ${seen}` : `done: ${changesOf(run)}`
  const pages = run.pagesTotal === null ? '' : `, page ${run.pagesDone} of ${run.pagesTotal}`
  return `${run.phase ?? 'starting'}${pages} (${seen})`
}

function changesOf({ licensesFound, licensesGone }: SyncRun): string {
  if (licensesFound + licensesGone === 0) return 'no license changed elsewhere'
  return `${licensesFound} licenses turned up, ${licensesGone} vanished`
}
