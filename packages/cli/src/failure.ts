/** How failures end a command: what is written on stderr, and with which exit code. */
import { Problem, Unreachable } from '@apportion/api-client/client'
import { type ExitCode, exitCode } from './exit-codes.ts'
import { printable } from './output/printable.ts'

/** A command that cannot go on, for a reason of its own. `message` says what to do. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  /** Stable, for scripts that read stderr, for example `app.ambiguous`. */
  readonly code: string
  readonly exitCode: ExitCode

  constructor(code: string, message: string, { exits = exitCode.failed, cause }: FailureOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.exitCode = exits
  }
}

interface FailureOptions {
  /** Exit code; 1 when left out. */
  readonly exits?: ExitCode
  readonly cause?: unknown
}

/** The command was written wrongly in a way that only its own logic can see. */
export function usageFailure(code: string, message: string): CommandFailure {
  return new CommandFailure(code, message, { exits: exitCode.usage })
}

/** The command did its work; a person should look at what it said (exit code 6). */
export function attention(code: string, message: string): CommandFailure {
  return new CommandFailure(code, message, { exits: exitCode.attention })
}

/** The exit code of a failed command. */
export function exitCodeOf(failure: unknown): ExitCode {
  if (failure instanceof CommandFailure) return failure.exitCode
  if (failure instanceof Unreachable) return exitCode.unreachable
  if (failure instanceof Problem) return exitCodeOfProblem(failure)
  return exitCode.failed
}

/** The lines that stderr gets: what failed with its code, then each wrong value, then what to do. */
export function describeFailure(failure: unknown): string {
  if (failure instanceof CommandFailure || failure instanceof Unreachable) {
    return `apportion: ${lines(failure.message)} (${failure.code})`
  }
  if (!(failure instanceof Problem)) return `apportion: ${printable(messageOf(failure))} (unexpected)`
  const said = [`apportion: ${printable(failure.detail)} (${failure.code})`]
  for (const { path, message } of failure.errors) said.push(`  ${printable(path)}: ${printable(message)}`)
  const hint = hints[failure.code]
  if (hint !== undefined) said.push(hint)
  if (failure.code === 'internal' && failure.requestId !== null) {
    said.push(`The server's log has more, under request ${printable(failure.requestId)}.`)
  }
  return said.join('\n')
}

/** What to type next, where the server cannot know that a command line asked. */
const hints: Readonly<Record<string, string>> = {
  'session.required': 'Sign in with: apportion login',
  'token.managed_elsewhere': 'To take the location over from that service, add: --take-over',
  'token.already_known': 'To replace its file by a newer one: apportion token renew ID FILE',
  'token.expires_earlier': 'If you want this file all the same, add: --accept-earlier',
  'token.cannot_release': 'To delete it and leave the licenses, add: --licenses leave',
  'group.unknown': 'See the groups with: apportion groups list',
  'intervention.expired': 'Run the command again.',
  'intervention.world_moved': 'Nothing was done. Run the command again to see what would happen now.',
  'plan.expired': 'Run the command again.',
  'plan.world_moved': 'Nothing was changed. Run the command again to see what would happen now.',
}

/** Problems that pass by themselves: worth trying again. */
const passing = new Set(['server.starting', 'server.busy', 'database.unavailable', 'request.too_many'])

function exitCodeOfProblem({ code, status }: Problem): ExitCode {
  if (code === 'session.required' || code === 'session.wrong_credentials') return exitCode.notSignedIn
  if (passing.has(code) || ['http.502', 'http.503', 'http.504'].includes(code)) return exitCode.unreachable
  if (code === 'internal' || code.startsWith('http.'))
    return status === 401 ? exitCode.notSignedIn : exitCode.failed
  return exitCode.refused
}

/** Our own messages may list candidates on lines of their own. */
function lines(message: string): string {
  return message.split('\n').map(printable).join('\n')
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure)
}
