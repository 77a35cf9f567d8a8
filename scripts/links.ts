/** Links in the project's documents that lead nowhere; pure. */
import { posix } from 'node:path'

export interface BrokenLink {
  readonly file: string
  readonly link: string
  readonly reason: 'no such file' | 'no such heading'
}

/**
 * Relative links and anchors of Markdown documents (path → text) that do not resolve; `exists` knows all other files
 * and folders. Links to other hosts are not followed.
 */
export function brokenLinks(
  documents: ReadonlyMap<string, string>,
  exists: (path: string) => boolean,
): readonly BrokenLink[] {
  return [...documents].flatMap(([file, text]) =>
    linksOf(text).flatMap((link) => {
      const reason = reasonAgainst({ file, link, documents, exists })
      return reason === undefined ? [] : [{ file, link, reason }]
    }),
  )
}

interface Question {
  readonly file: string
  readonly link: string
  readonly documents: ReadonlyMap<string, string>
  readonly exists: (path: string) => boolean
}

function reasonAgainst({ file, link, documents, exists }: Question): BrokenLink['reason'] | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return undefined
  const [path = '', anchor] = link.split('#', 2)
  const target = path === '' ? file : posix.join(posix.dirname(file), decodeURIComponent(path))
  const text = documents.get(target)
  if (text === undefined) return exists(target) ? undefined : 'no such file'
  if (anchor === undefined || anchorsOf(text).has(anchor)) return undefined
  return 'no such heading'
}

/** Targets of `[text](target)`, `![text](target)` and `[name]: target`, outside of code. */
export function linksOf(text: string): readonly string[] {
  const prose = withoutCode(text)
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)]
  const named = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)]
  return [...inline, ...named].flatMap((match) => match[1] ?? [])
}

/** Anchors that headings get: lower case, spaces to hyphens, punctuation dropped. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = withoutFences(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  )
}

const withoutFences = (text: string): string => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
const withoutCode = (text: string): string => withoutFences(text).replace(/`[^`\n]*`/g, '')
