/** Versions of operating systems, compared by their numbers: 9.3 is older than 17.0, and 17 is 17.0.0. */

const version = /^[A-Za-z ]*([0-9]+(?:[.][0-9]+)*)(?: |$)/

/** Longer ones are no versions. */
const longest = 18

/** The numbers of a version such as `17.4.1`, `iPadOS 17.4` or `14.5 (23F79)`; null when it has none. */
function versionNumbers(text: string | null): readonly number[] | null {
  const numbers = version.exec(text ?? '')?.[1]
  if (numbers === undefined || numbers.length > longest) return null
  return numbers.split('.').map(Number)
}

/** Whether a device's version is known to be older than the least that is needed. */
export function isOlder(has: string | null, needs: string | null): boolean {
  const present = versionNumbers(has)
  const least = versionNumbers(needs)
  if (present === null || least === null) return false
  const place = least.findIndex((number, index) => number !== (present[index] ?? 0))
  return place >= 0 && (present[place] ?? 0) < (least[place] ?? 0)
}
