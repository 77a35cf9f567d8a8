/** What a browser does for our own pages: keeps cookies, and sends the CSRF token that a page was given. */

export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body when it is JSON, else without members. */
  readonly json: AnswerBody
}

/** The members that tests look at, of problems and of the answers of several routes. */
export interface AnswerBody {
  readonly type?: string
  readonly title?: string
  readonly status?: number
  readonly code?: string
  readonly detail?: string
  readonly requestId?: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  readonly facts?: Readonly<Record<string, unknown>>
  readonly needed?: boolean
  readonly administrator?: Readonly<Record<string, string>>
  readonly language?: string
  readonly csrfToken?: string
  readonly expiresAt?: string
  readonly key?: string
  readonly apiKey?: { readonly id: string; readonly name: string }
  readonly address?: string
  readonly request?: string
  readonly advice?: string
  readonly renewed?: boolean
  readonly attention?: readonly unknown[]
  readonly certificate?: Readonly<Record<string, unknown>>
  readonly link?: { readonly id: string; readonly user: { readonly id: number } | null }
  readonly items?: readonly AnswerItem[]
  readonly nextCursor?: string | null
}

interface AnswerItem {
  readonly id?: string
  readonly lastUsedAt?: string | null
  readonly action?: string
  readonly subject?: { readonly name: string | null }
}

export class TestBrowser {
  readonly #origin: string
  readonly #cookies = new Map<string, string>()
  /** From the last answer that carried one; a test may spoil it. */
  csrfToken: string | null = null

  constructor(origin: string) {
    this.#origin = origin
  }

  /** The names and values of the cookies held. */
  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  get(path: string, headers: Record<string, string> = {}): Promise<TestAnswer> {
    return this.send('GET', path, { headers })
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<TestAnswer> {
    return this.send('POST', path, { body, headers })
  }

  async send(
    method: string,
    path: string,
    { body, headers = {} }: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
  ): Promise<TestAnswer> {
    const response = await fetch(`${this.#origin}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#cookies.size === 0 ? {} : { cookie: this.#cookieHeader() }),
        ...(this.csrfToken === null || method === 'GET' ? {} : { 'x-csrf-token': this.csrfToken }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    this.#keepCookies(response.headers.getSetCookie())
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const json = isJson ? (JSON.parse(text) as AnswerBody) : {}
    if (json.csrfToken !== undefined) this.csrfToken = json.csrfToken
    return { status: response.status, headers: response.headers, text, json }
  }

  #cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keepCookies(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
      const [name = '', value = ''] = pair.split('=', 2)
      const expires = attributes.find((each) => each.toLowerCase().startsWith('expires='))?.slice(8)
      const isGone = value === '' || (expires !== undefined && new Date(expires).getTime() === 0)
      if (isGone) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }
}
