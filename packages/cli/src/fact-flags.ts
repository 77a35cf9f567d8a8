/** Flags that may be left out: a fact of a device or a user stays as it is then, and nothing is narrowed. */

/** A text. */
export function optionalText(brief: string, placeholder: string) {
  return { kind: 'parsed', parse: String, optional: true, brief, placeholder } as const
}

/** A fact that holds or does not. */
export function yesOrNo(brief: string) {
  return { kind: 'enum', values: ['yes', 'no'], optional: true, brief } as const
}
