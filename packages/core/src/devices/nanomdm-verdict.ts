/**
 * What NanoMDM's answers mean. Its status alone says little: a command can be in its queue although it answers 500,
 * because the push failed that it was not even asked for.
 */

/** An answer of its API: the status, and the JSON of the body; undefined when it was none. */
export interface NanoMdmAnswer {
  readonly status: number
  readonly body: unknown
}

export type EnqueueVerdict =
  /** It has the command, now or since an earlier time. */
  | { readonly kind: 'taken' }
  /** It does not take this command for this device. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It does not take our password. */
  | { readonly kind: 'unauthorized' }
  /** Whether it has the command is unknown; passing on the same one again is safe. */
  | { readonly kind: 'unclear'; readonly reason: string }

/** What came of passing one command on to one device. */
export function enqueueVerdict({ status, body }: NanoMdmAnswer, identifier: string): EnqueueVerdict {
  if (status === 401 || status === 403) return { kind: 'unauthorized' }
  if (!isResult(body)) return { kind: 'unclear', reason: `status ${status}` }
  const reason = textIn(statusOf(body, identifier), 'command_error') ?? textIn(body, 'command_error')
  if (reason === undefined) return { kind: 'taken' }
  return reason.includes('already exists') ? { kind: 'taken' } : { kind: 'refused', reason }
}

export type PushesVerdict =
  /** The devices that were not pushed to, each with the reason. */
  | { readonly kind: 'answered'; readonly failed: ReadonlyMap<string, string> }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'unclear'; readonly reason: string }

/** What came of waking devices. */
export function pushesVerdict(
  { status, body }: NanoMdmAnswer,
  identifiers: readonly string[],
): PushesVerdict {
  if (status === 401 || status === 403) return { kind: 'unauthorized' }
  if (!isResult(body)) return { kind: 'unclear', reason: `status ${status}` }
  const failed = new Map<string, string>()
  for (const identifier of identifiers) {
    const one = statusOf(body, identifier)
    const reason = textIn(one, 'push_error') ?? (isPushed(one) ? undefined : textIn(body, 'push_error'))
    if (reason !== undefined) failed.set(identifier, reason)
  }
  return { kind: 'answered', failed }
}

const isPushed = (one: Dict): boolean => textIn(one, 'push_result') !== undefined

type Dict = Readonly<Record<string, unknown>>

const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A page of a proxy is no result, whatever its status. */
function isResult(body: unknown): body is Dict {
  return isDict(body) && ['status', 'command_uuid', 'command_error', 'push_error'].some((key) => key in body)
}

function statusOf({ status }: Dict, identifier: string): Dict {
  const one = isDict(status) ? status[identifier] : undefined
  return isDict(one) ? one : {}
}

/** Bounded: it is stored and shown. */
function textIn(dict: Dict, key: string): string | undefined {
  const value = dict[key]
  return typeof value === 'string' && value !== '' ? value.slice(0, 300).toWellFormed() : undefined
}
