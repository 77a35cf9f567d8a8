/** Reads the fields of a control's body; what is malformed is refused with a sentence that names the field. */

/** The caller of the control port asked for something malformed. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal'
}

export type Body = Readonly<Record<string, unknown>>

/** A text that is not empty. */
export function text(body: Body, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '')
    throw new ControlRefusal(`"${name}" must be a text that is not empty`)
  return value
}

/** A text, or undefined when it is absent. */
export function optionalText(body: Body, name: string): string | undefined {
  return body[name] === undefined ? undefined : text(body, name)
}

/** A list of texts; absent is empty. */
export function texts(body: Body, name: string): readonly string[] {
  const value = body[name] ?? []
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    throw new ControlRefusal(`"${name}" must be a list of texts`)
  }
  return value
}

/** A number. */
export function number(body: Body, name: string): number {
  const value = body[name]
  if (typeof value !== 'number') throw new ControlRefusal(`"${name}" must be a number`)
  return value
}

/** A number, or undefined when it is absent. */
export function optionalNumber(body: Body, name: string): number | undefined {
  return body[name] === undefined ? undefined : number(body, name)
}

/** True or false; absent is false. */
export function flag(body: Body, name: string): boolean {
  const value = body[name] ?? false
  if (typeof value !== 'boolean') throw new ControlRefusal(`"${name}" must be true or false`)
  return value
}

/** One of the given words. */
export function oneOf<Word extends string>(body: Body, name: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === body[name])
  if (!found) throw new ControlRefusal(`"${name}" must be one of ${words.join(', ')}`)
  return found
}

/** `{name: value}`, or nothing when there is no value. */
export function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]: Value })
}
