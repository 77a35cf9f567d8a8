/** Keeps PostgreSQL's log from filling the disk. */
import { copyFileSync, statSync, truncateSync } from 'node:fs'

const capBytes = 10 * 1024 * 1024
const lookEveryMs = 60_000

/**
 * Looks now and every minute; past 10 MB the file becomes `<name>.1` and starts empty. PostgreSQL appends to the
 * open file, so it is emptied in place, whichever of our processes started PostgreSQL.
 */
export function capLogFile(path: string, cap = capBytes): Disposable {
  const look = () => {
    try {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= cap) return
      copyFileSync(path, `${path}.1`)
      truncateSync(path)
    } catch {
      // On a full disk the copy fails: the newest lines matter most then, and they stay.
    }
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
