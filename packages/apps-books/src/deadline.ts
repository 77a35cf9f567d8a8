import { reasonOf } from './clock.ts'

export interface Deadline {
  /** Aborts when the time is up or one of the given signals aborts. */
  readonly signal: AbortSignal
  readonly timedOut: () => boolean
  /** Lets go of the timer and the signals. */
  readonly end: () => void
}

/**
 * A time limit joined with the caller's signals. `AbortSignal.any` would do the same, but keeps something for
 * every request on a signal that lives as long as the process.
 */
export function startDeadline(ms: number, signals: readonly (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController()
  let late = false
  const timer = setTimeout(() => {
    late = true
    controller.abort(new DOMException('The request took too long', 'TimeoutError'))
  }, ms)
  const links = signals.filter((signal) => signal !== undefined).map((signal) => link(signal, controller))
  return {
    signal: controller.signal,
    timedOut: () => late,
    end() {
      clearTimeout(timer)
      for (const unlink of links) unlink()
    },
  }
}

function link(signal: AbortSignal, controller: AbortController): () => void {
  const abort = (): void => controller.abort(reasonOf(signal))
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}
