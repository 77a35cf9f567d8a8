/** The page of an enrollment link as HTML: small, complete in itself, without scripts. */
import { createHash } from 'node:crypto'
import type { DeviceAnswer } from './device-http.ts'
import { type EnrollLanguage, type EnrollProblem, type EnrollTexts, enrollTexts } from './enroll-texts.ts'

/** What the page says of one link. */
export interface EnrollPage {
  readonly language: EnrollLanguage
  /** Null where no content token tells it. */
  readonly organization: string | null
  readonly serialNumber: string | null
  /** The address of the profile, from the root. */
  readonly profilePath: string
}

/** What the link is for, what the organization will see and do, and the way to the profile. */
export function enrollPage(page: EnrollPage): DeviceAnswer {
  const texts = enrollTexts[page.language]
  const organization = page.organization ?? texts.anOrganization
  const title = texts.title(organization)
  const body = [
    `<h1>${escaped(title)}</h1>`,
    paragraph(texts.intro(organization)),
    page.serialNumber === null ? '' : paragraph(texts.forDevice(page.serialNumber)),
    section(texts.seesHeading(organization), list('ul', texts.sees)),
    section(texts.doesHeading(organization), list('ul', texts.does)),
    section(texts.neverHeading, list('ul', texts.never)),
    section(texts.stepsHeading, list('ol', texts.steps)),
    `<p><a class="button" href="${escaped(page.profilePath)}">${escaped(texts.download)}</a></p>`,
    paragraph(texts.leave),
  ]
  return htmlAnswer(200, { language: page.language, title, body: body.join('\n') })
}

const statuses: Readonly<Record<EnrollProblem, number>> = {
  unknown: 404,
  used: 410,
  expired: 410,
  revoked: 410,
  too_many: 429,
  not_ready: 503,
}

/** Why there is no profile, and what to do. */
export function problemPage(language: EnrollLanguage, problem: EnrollProblem): DeviceAnswer {
  const { title, text }: EnrollTexts['problems'][EnrollProblem] = enrollTexts[language].problems[problem]
  const body = `<h1>${escaped(title)}</h1>\n${paragraph(text)}`
  const answer = htmlAnswer(statuses[problem], { language, title, body })
  return problem === 'too_many' || problem === 'not_ready'
    ? { ...answer, headers: { ...answer.headers, 'retry-after': '3600' } }
    : answer
}

const style = `:root{color-scheme:light dark;--text:#1a1c1e;--quiet:#4a4f55;--ground:#fff;--accent:#0b5cad;--on-accent:#fff}
@media (prefers-color-scheme:dark){:root{--text:#eceef0;--quiet:#b6bcc3;--ground:#16181b;--accent:#7db8f5;--on-accent:#0a1420}}
body{margin:0;background:var(--ground);color:var(--text);font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:36rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.15rem;margin:1.75rem 0 .25rem}
ul,ol{margin:.25rem 0;padding-left:1.4rem}li{margin:.25rem 0}p{overflow-wrap:anywhere}
.button{display:inline-block;margin:1.25rem 0 .25rem;padding:.8rem 1.4rem;border-radius:.6rem;background:var(--accent);color:var(--on-accent);font-weight:600;text-decoration:none}
.button:focus-visible{outline:3px solid var(--text);outline-offset:3px}`

const styleHash = createHash('sha256').update(style).digest('base64')

/** The secret is in the address: it must reach no other site and rest in no cache. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  vary: 'accept-language',
}

function htmlAnswer(
  status: number,
  {
    language,
    title,
    body,
  }: { readonly language: EnrollLanguage; readonly title: string; readonly body: string },
): DeviceAnswer {
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
  return { status, contentType: 'text/html; charset=utf-8', headers, body: html }
}

const paragraph = (text: string): string => `<p>${escaped(text)}</p>`

const section = (heading: string, content: string): string =>
  `<section>\n<h2>${escaped(heading)}</h2>\n${content}\n</section>`

const list = (kind: 'ol' | 'ul', items: readonly string[]): string =>
  `<${kind}>\n${items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</${kind}>`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Names come from Apple and from administrators; none of them is markup. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => entities[mark] ?? '')
