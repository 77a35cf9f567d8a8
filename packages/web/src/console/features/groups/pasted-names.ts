/**
 * The serial numbers or user names in a pasted text, each once, in order. They may be separated by
 * line breaks, commas, semicolons or tabs, and be quoted as spreadsheets do.
 */
export function pastedNames(text: string, kind: 'device' | 'user'): readonly string[] {
  const names = text
    .split(/[\r\n,;\t]+/)
    .map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    )
    .filter((name) => name !== '')
  return [...new Set(kind === 'device' ? names.map((name) => name.toUpperCase()) : names)]
}
