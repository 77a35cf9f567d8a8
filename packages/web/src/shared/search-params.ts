/** What pages keep in their address: read with care, since anyone can type one. */

/** The text of a parameter, or undefined when it is missing or empty. */
export function textParam(value: unknown): string | undefined {
  return typeof value === 'string' && value !== ''
    ? value.slice(0, 200)
    : typeof value === 'number'
      ? String(value)
      : undefined
}

/** A positive whole number, or undefined. */
export function idParam(value: unknown): number | undefined {
  const id = Number(value)
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}

/** One of `allowed`, or undefined. */
export function choiceParam<Choice extends string>(
  value: unknown,
  allowed: readonly Choice[],
): Choice | undefined {
  return allowed.find((choice) => choice === value)
}
