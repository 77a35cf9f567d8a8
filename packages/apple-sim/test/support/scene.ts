import type {
  ApiError,
  AssetsPage,
  Assignment,
  ClientConfigResponse,
  EventResponse,
  MdmInfo,
  ServiceConfigResponse,
  StatusResponse,
  UsersPage,
} from '@apportion/apple-wire/messages'
import { type AppleSim, startAppleSim } from '../../src/apple-sim.ts'
import { manualClock } from '../../src/clock.ts'
import type { KnobChoices } from '../../src/knobs.ts'

/** Events take exactly a second of a clock that the test moves; requests are not limited; webhooks may be local. */
const CALM: KnobChoices = {
  processing: { minMs: 1000, maxMs: 1000 },
  maxRequestPerSecond: Number.POSITIVE_INFINITY,
  allowPlainHttpNotifications: true,
  notificationTimeoutMs: 500,
}

/** What any endpoint answers; which fields are really there is what the tests are about. */
export type AnswerBody = Required<ApiError> &
  Required<MdmPart> &
  Required<Omit<AssetsPage & UsersPage, 'mdmInfo'>> &
  Required<StatusResponse> &
  EventResponse &
  Required<ClientConfigResponse> &
  Required<ServiceConfigResponse> & {
    readonly assignments: readonly Required<Assignment>[]
    readonly failures: readonly Required<ApiError>[]
  }

interface MdmPart {
  readonly mdmInfo: Required<MdmInfo>
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: AnswerBody
}

/** A client of the license API that only knows HTTP. */
export function caller(apple: Pick<AppleSim, 'origin'>, token: string | undefined) {
  const send = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const headers = new Headers(init.headers)
    if (token !== undefined && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`)
    const response = await fetch(`${apple.origin}/mdm/v2${path}`, { ...init, headers })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
  return {
    send,
    get: (path: string) => send(path),
    post: (path: string, body: unknown) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}

/** A simulated Apple with one location, one token and a client. */
export async function scene(knobs: KnobChoices = {}, more: { seed?: number; stateFolder?: string } = {}) {
  const clock = manualClock()
  const apple = await startAppleSim({ clock, knobs: { ...CALM, ...knobs }, ...more })
  const { world } = apple
  const location = world.addLocation({ uId: '300', name: 'Harbor school', organizationName: 'HARBOR' })
  const token = location.mintToken()
  const client = caller(apple, token.file)
  return {
    apple,
    clock,
    world,
    location,
    token,
    ...client,
    /** Posts a write, lets it be processed, and gives its status. */
    async carryOut(path: string, body: unknown): Promise<Reply['body']> {
      const reply = await client.post(path, body)
      if (reply.body.errorNumber) throw new Error(`${path}: ${JSON.stringify(reply.body)}`)
      await world.settle()
      return (await client.get(`/status?eventId=${reply.body.eventId}`)).body
    },
    [Symbol.asyncDispose]: () => apple.close(),
  }
}

export const serials = (count: number, prefix = 'D'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)

/** Registers the webhook with every type. */
export const registration = (url: string, authToken = 'secret-1') => ({
  mdmInfo: { id: 'mdm-1', name: 'Product one', metadata: 'v1' },
  notificationUrl: url,
  notificationAuthToken: authToken,
  notificationTypes: ['ASSET_MANAGEMENT', 'ASSET_COUNT', 'USER_MANAGEMENT', 'USER_ASSOCIATED'],
})
