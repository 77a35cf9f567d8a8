/** The simulator's own page, on its control port: what stands where, and buttons for what can happen. */
import type { AppleSim } from './apple-sim.ts'
import { ControlRefusal } from './control-body.ts'
import { html, type Markup } from './markup.ts'
import { performPageAct } from './page-acts.ts'
import { homePage } from './page-home.ts'
import { holdersPage, locationPage } from './page-location.ts'
import { PAGE_SCRIPT, PAGE_STYLE } from './page-look.ts'
import { document } from './page-parts.ts'

export interface PageAnswer {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

export interface PageRequest {
  readonly method: string
  readonly url: URL
  /** Of a form. */
  readonly body: string
  readonly referer: string | undefined
}

/** True for the paths that are pages and not controls. */
export const isPagePath = (pathname: string): boolean => pathname === '/' || pathname.startsWith('/page/')

/** Nothing from elsewhere, no script but the page's own, and no frame around it. */
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
}

export async function answerPage(apple: AppleSim, request: PageRequest): Promise<PageAnswer> {
  const { pathname, searchParams } = request.url
  if (pathname === '/page/act' && request.method === 'POST') return act(apple, request)
  if (request.method !== 'GET') return shown('Simulated Apple', notFound(pathname), { status: 405 })
  if (pathname === '/page/style.css') return plain('text/css', PAGE_STYLE)
  if (pathname === '/page/script.js') return plain('text/javascript', PAGE_SCRIPT)
  const said = searchParams.get('said') ?? undefined
  try {
    const body = pageAt(apple, pathname, pageNumber(searchParams))
    if (body) return shown('Simulated Apple', body, { said })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return shown('Simulated Apple', notFound(error.message), { status: 404 })
  }
  return shown('Simulated Apple', notFound(pathname), { status: 404 })
}

function pageAt(apple: AppleSim, pathname: string, page: number): Markup | undefined {
  if (pathname === '/') return homePage(apple)
  const [, , kind, uId = '', adamId = '', pricingParam = 'STDQ'] = pathname.split('/').map(decodeURIComponent)
  if (kind === 'locations') return locationPage(apple, apple.world.location(uId), page)
  if (kind !== 'holders') return undefined
  return holdersPage(apple, apple.world.location(uId), { adamId, pricingParam, page })
}

/** Back to where the button stands; what could not be done is said there. */
async function act(apple: AppleSim, { body, referer, url }: PageRequest): Promise<PageAnswer> {
  const back = new URL(referer !== undefined && URL.canParse(referer) ? referer : '/', url)
  back.searchParams.delete('said')
  try {
    await performPageAct(apple, new URLSearchParams(body))
  } catch (error) {
    back.searchParams.set('said', error instanceof Error ? error.message : String(error))
  }
  return { status: 303, body: '', headers: { ...SECURITY, location: back.pathname + back.search } }
}

function pageNumber(query: URLSearchParams): number {
  const page = query.get('page') ?? '0'
  if (!/^\d{1,9}$/.test(page)) throw new ControlRefusal(`"page" must be a whole number, not ${page}`)
  return Number(page)
}

function shown(
  title: string,
  body: Markup,
  { status = 200, said }: { readonly status?: number; readonly said?: string | undefined } = {},
): PageAnswer {
  const headers = { ...SECURITY, 'content-type': 'text/html;charset=utf-8' }
  return { status, body: document(title, { said, body }), headers }
}

const plain = (type: string, body: string): PageAnswer => ({
  status: 200,
  body,
  headers: { ...SECURITY, 'content-type': `${type};charset=utf-8` },
})

const notFound = (what: string): Markup =>
  html`<main class="wide"><section><h1>Not here</h1><p>${what}</p><p><a href="/">To the simulator</a></p></section></main>`
