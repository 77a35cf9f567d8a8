/** Exit codes, for scripts; a number never changes its meaning. Documented in docs/guide/command-line.md. */
export const exitCode = {
  /** It was done. */
  ok: 0,
  /** It failed, for a reason without a code of its own here. */
  failed: 1,
  /** The command was not written right: unknown command or flag, a missing or unreadable value. */
  usage: 2,
  /** Nobody is signed in, or the API key is no longer valid. */
  notSignedIn: 3,
  /** The server refused, and says why; the same request would be refused again. */
  refused: 4,
  /** The server does not answer or cannot work now; the same request may succeed later. */
  unreachable: 5,
  /** It was done, but there is something to attend to. */
  attention: 6,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
