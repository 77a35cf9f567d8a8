/** A world for tests: its server, clock, files and person are what the test says. */
import type { Credentials } from '../../src/credentials.ts'
import type { ExitCode } from '../../src/exit-codes.ts'
import { painter } from '../../src/output/paint.ts'
import { runCommandLine } from '../../src/run.ts'
import type { Output, Questions, Settings, World } from '../../src/world.ts'

/** A request as a test wants to compare it. */
interface SentRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: Headers
  readonly body: string
}

/** What the server answers: JSON with 200, or a whole answer; undefined leaves the request without an answer. */
export type Serve = (request: SentRequest) => unknown

export interface FakeWorldOptions {
  readonly serve?: Serve
  readonly settings?: Partial<Settings>
  /** By default somebody is signed in. */
  readonly credentials?: Credentials | null
  readonly files?: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>
  /** Answers of the person, in order; without any, nobody is there to ask. */
  readonly answers?: readonly (string | boolean)[]
  readonly width?: number
}

export interface Ended {
  readonly code: ExitCode
  readonly stdout: string
  readonly stderr: string
  readonly sent: readonly SentRequest[]
  readonly saved: Credentials | null
  /** The questions that were asked. */
  readonly asked: readonly string[]
  /** Milliseconds that were waited for. */
  readonly slept: number
  /** Secret files that were written. */
  readonly written: Readonly<Record<string, string>>
}

export const signedIn: Credentials = {
  url: 'http://server.test',
  apiKey: 'apk_test',
  apiKeyId: 'k1',
  email: 'ada@example.org',
}

/** A fixed moment at which every test begins. */
export const begin = new Date('2027-03-01T12:00:00.000Z')

/** Runs `apportion` with these words. */
export async function apportion(words: readonly string[], options: FakeWorldOptions = {}): Promise<Ended> {
  const stdout: string[] = []
  const stderr: string[] = []
  const sent: SentRequest[] = []
  const asked: string[] = []
  const written: Record<string, string> = {}
  let slept = 0
  let saved = options.credentials === undefined ? signedIn : options.credentials
  const world: World = {
    settings: {
      url: undefined,
      apiKey: undefined,
      dataFolder: undefined,
      simulator: undefined,
      ...options.settings,
    },
    stdout: outputTo(stdout, options.width ?? null),
    stderr: outputTo(stderr, null),
    questions: options.answers === undefined ? null : person([...options.answers], asked),
    credentials: {
      path: '/home/ada/.config/apportion/credentials.json',
      read: async () => saved,
      write: async (credentials) => {
        saved = credentials
      },
      delete: async () => {
        saved = null
      },
      isExposed: async () => false,
    },
    fetch: async (request) => await answer(request, options.serve ?? (() => undefined), sent),
    now: () => new Date(begin.getTime() + slept),
    sleep: async (milliseconds) => {
      slept += milliseconds
    },
    timeZone: 'UTC',
    readFile: async (path) => {
      const content = options.files?.[path]
      if (content === undefined) throw new Error(`no file ${path}`)
      return typeof content === 'string' ? new TextEncoder().encode(content) : content
    },
    writeSecret: async (path, text) => {
      written[path] = text
    },
    runProgram: async () => 0,
    freeBytes: async () => null,
    nodeVersion: 'v24.21.0',
    machineName: 'desk',
    version: '1.2.3',
  }
  const code = await runCommandLine(words, world)
  return { code, stdout: stdout.join(''), stderr: stderr.join(''), sent, saved, asked, slept, written }
}

/** A problem document, as an answer of `serve`. */
export function problem(status: number, code: string, more: object = {}): Response {
  const body = {
    type: `urn:apportion:problem:${code}`,
    title: code,
    status,
    code,
    detail: `About ${code}.`,
    requestId: 'r1',
    ...more,
  }
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } })
}

/** A page with these rows and nothing after it. */
export const page = (...items: readonly unknown[]): unknown => ({ items, nextCursor: null })

function outputTo(lines: string[], width: number | null): Output {
  return {
    write: (text) => void lines.push(text),
    writeAll: async (text) => void lines.push(text),
    paint: painter(false),
    width,
  }
}

function person(answers: (string | boolean)[], asked: string[]): Questions {
  const next = (question: string): string | boolean => {
    asked.push(question)
    const given = answers.shift()
    if (given === undefined) throw new Error(`Nobody expected the question “${question}”`)
    return given
  }
  return {
    text: async (question) => String(next(question)),
    password: async (question) => String(next(question)),
    confirm: async (question) => next(question) === true,
  }
}

async function answer(request: Request, serve: Serve, sent: SentRequest[]): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const seen = {
    method: request.method,
    path: decodeURIComponent(pathname + search),
    headers: request.headers,
    body: await request.text(),
  }
  sent.push(seen)
  const given = await serve(seen)
  if (given === undefined) throw new TypeError('fetch failed')
  return given instanceof Response ? given : Response.json(given)
}
