/** HTML that is put together from text: whatever is not markup itself is escaped. */

export interface Markup {
  readonly html: string
}

export type Content = Markup | string | number | undefined | false | readonly Content[]

/** A template whose values are escaped, unless they are markup. `undefined` and `false` are nothing. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const text = parts.map((part, index) => part + rendered(contents[index])).join('')
  return { html: text }
}

function rendered(content: Content): string {
  if (content === undefined || content === false) return ''
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content))
  if ('html' in content) return content.html
  return content.map(rendered).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter)
