/** What differs between a plan that was shown and the one that the server made instead (A4). */
import type { Outcome, Plan } from '../planning.ts'
import { printable } from './printable.ts'

/** The numbers that differ, by asset. Equal numbers can still mean other devices, or assignments that somebody saved. */
export function describeDifference(shown: Plan, instead: Plan): string {
  const before = new Map(shown.assets.map((asset) => [asset.assetId, asset]))
  const lines = instead.assets.flatMap(({ assetId, name, tokenName, outcome }) => {
    const differs = differences(before.get(assetId)?.outcome, outcome)
    return differs.length === 0
      ? []
      : [`  ${printable(name)} of ${printable(tokenName)}: ${differs.join(', ')}`]
  })
  const now = new Set(instead.assets.map(({ assetId }) => assetId))
  for (const { assetId, name, tokenName } of shown.assets) {
    if (!now.has(assetId)) lines.push(`  ${printable(name)} of ${printable(tokenName)}: no longer concerned`)
  }
  const heading = 'The facts moved since this was shown.'
  if (lines.length > 0) return [`${heading} What differs:`, ...lines].join('\n')
  return `${heading} The numbers are the same, but it concerns other devices or people, or somebody changed the assignments.`
}

function differences(before: Outcome | undefined, after: Outcome): readonly string[] {
  if (before === undefined) return ['concerned now']
  return counted.flatMap(([what, of]) =>
    of(before) === of(after) ? [] : [`${what} ${of(before)} → ${of(after)}`],
  )
}

const counted: readonly (readonly [what: string, of: (outcome: Outcome) => number | string])[] = [
  ['used up for good', ({ irrevocable }) => irrevocable],
  ['get a license', ({ grants }) => grants.count],
  ['wait', ({ waits }) => waits.count],
  ['give it back', ({ releases }) => releases.count],
  ['kept by policy', ({ kept }) => kept.count],
  ['cannot get it', ({ cannot }) => cannot.count],
  ['app removed', ({ uninstalls }) => uninstalls],
  ['offered', ({ offered }) => offered],
  ['join first', ({ joining }) => joining],
  ['used before', ({ licenses }) => licenses.usedBefore],
  ['owned', ({ licenses }) => licenses.total ?? 'unlimited'],
]
