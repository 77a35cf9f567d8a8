/** What `doctor` thinks of what it found. Pure: the command looks, these judge. */
import type { Token } from './lookup/token.ts'
import { fromNow } from './output/moment.ts'

export type Verdict = 'ok' | 'warn' | 'fail'

export interface Finding {
  /** What was looked at. */
  readonly check: string
  readonly verdict: Verdict
  readonly detail: string
  /** What to do; null when all is well. */
  readonly advice: string | null
}

export const fine = (check: string, detail: string): Finding => ({
  check,
  verdict: 'ok',
  detail,
  advice: null,
})
export const doubtful = (check: string, detail: string, advice: string): Finding => ({
  check,
  verdict: 'warn',
  detail,
  advice,
})
export const broken = (check: string, detail: string, advice: string): Finding => ({
  check,
  verdict: 'fail',
  detail,
  advice,
})

/** The project runs on this major version of Node; the command line may work with a later one. */
const testedNode = 24

export function judgeNode(version: string): Finding {
  const major = Number(version.replace(/^v/, '').split('.')[0])
  if (major === testedNode) return fine('Node', version)
  const advice = 'Run it with the Node that the project brings: npm run apportion -- …'
  return major > testedNode
    ? doubtful('Node', `${version}; tested with ${testedNode}`, advice)
    : broken('Node', `${version} is too old`, advice)
}

/** Two versions that differ may not know each other's answers. */
export function judgeVersions(own: string, server: string): Finding {
  if (own === server) return fine('Version', server)
  return doubtful(
    'Version',
    `server ${server}, command line ${own}`,
    'Use the command line of the same release as the server.',
  )
}

/** `serverAt` from the answer's Date header, which has whole seconds; the clocks are compared at its arrival. */
export function judgeClock(serverAt: Date, here: Date): Finding {
  const skew = Math.round((here.getTime() - serverAt.getTime()) / 1000)
  const seconds = Math.abs(skew)
  const said =
    seconds <= 2 ? 'agrees with the server' : `${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the server`
  if (seconds <= 30) return fine('Clock', said)
  const advice =
    'Turn on time synchronization on both machines; expiry dates and freshness are judged by the clock.'
  return seconds <= 300 ? doubtful('Clock', said, advice) : broken('Clock', said, advice)
}

const gibibyte = 1024 ** 3

/** Room for the embedded database to grow and for its log of changes. */
export function judgeDisk(folder: string, freeBytes: number): Finding {
  const said = `${(freeBytes / gibibyte).toFixed(1)} GiB free at ${folder}`
  if (freeBytes >= 5 * gibibyte) return fine('Disk', said)
  const advice = 'Free some space, or move the data folder (APPORTION_DATA) to a larger disk.'
  return freeBytes >= gibibyte ? doubtful('Disk', said, advice) : broken('Disk', said, advice)
}

/** What the server says of a location's health (T8), with what to type. */
export function judgeToken(token: Token, now: Date): Finding {
  const check = `Token ${token.name}`
  const { status, reasons } = token.health
  if (token.state === 'leaving' && status === 'healthy')
    return doubtful(check, token.stateReason, `See: apportion token delete ${token.id} --status`)
  if (status === 'healthy') return fine(check, `${token.state}, exact as of ${fromNow(token.exactAsOf, now)}`)
  const said = reasons.map(({ text }) => text).join(' ')
  const judge = status === 'unhealthy' ? broken : doubtful
  return judge(check, said, advice(token))
}

/** By the first reason, which is the worst. */
function advice({ id, health }: Token): string {
  switch (health.reasons[0]?.code) {
    case 'token_managed_elsewhere':
    case 'token_duplicate':
      return `Take the location over: apportion token take-over ${id}; or delete the token here: apportion token delete ${id}`
    case 'token_expired':
    case 'token_expiring':
    case 'token_revoked':
    case 'token_invalid':
      return `Download a new token from Apple and give it: apportion token renew ${id} FILE`
    case 'sync_failing':
    case 'sync_overdue':
      return `Try again: apportion token sync ${id} --wait`
    case 'operations_stuck':
    case 'operations_failing':
      return `See: apportion operations --token ${id}`
    case 'deletion_blocked':
      return `Leave them: apportion token delete ${id} --licenses leave`
    default:
      return `See: apportion token show ${id}`
  }
}

/** The worst of all; what the command's exit code follows. */
export function worstOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ verdict }) => verdict === 'fail')) return 'fail'
  return findings.some(({ verdict }) => verdict === 'warn') ? 'warn' : 'ok'
}
