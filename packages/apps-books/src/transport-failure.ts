/** What it means that a request brought no whole answer. */
import { AppsBooksError, type Call } from './errors.ts'

/**
 * The failure of a request whose answer did not arrive. A question may simply be asked again. A command is
 * `apple.outcome_unknown`, unless the connection was never made, which proves that it was not sent.
 */
export function lostAnswer({
  call,
  cause,
  ending,
}: {
  readonly call: Call
  readonly cause: unknown
  /** `timeout`: our patience ended, `stopped`: the caller stopped it, `broken`: the connection failed. */
  readonly ending: 'timeout' | 'stopped' | 'broken'
}): AppsBooksError {
  const name = `${call.method} ${call.path}`
  const reason = ending === 'broken' ? reasonCode(cause) : ending
  if (ending === 'broken' && (call.method === 'GET' || NEVER_SENT.test(reason))) {
    return new AppsBooksError(
      'apple.unreachable',
      `${name} did not reach Apple (${reason}). Check the network, the proxy and the name service of this server.`,
    )
  }
  if (call.method === 'GET') return new AppsBooksError('apple.timeout', `${name} was not answered in time.`)
  return new AppsBooksError(
    'apple.outcome_unknown',
    `${name} may have been carried out, its answer was lost (${reason}). Read what Apple has before sending it again.`,
  )
}

/** Codes of failures before a connection stood: name service, connecting, TLS. */
const NEVER_SENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT\w+|ERR_SSL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/

/**
 * The system's code for the failure. Only the code: messages of the layers below can quote headers, and with them
 * the token.
 */
function reasonCode(cause: unknown): string {
  for (let error = cause, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth++) {
    const inner = error instanceof AggregateError ? error.errors[0] : error
    const code: unknown = inner instanceof Error && 'code' in inner ? inner.code : undefined
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code
  }
  return cause instanceof RangeError ? 'answer too large' : 'connection failed'
}
