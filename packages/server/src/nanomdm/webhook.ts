/**
 * Where NanoMDM tells what devices say. Anybody reaches the address; only what is signed with the shared key is read. NanoMDM
 * sends each event once and looks at no answer, so a lost one is made up for by asking (`ask-again.ts`).
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import type { HttpApp } from '../platform/http/routes.ts'
import { EventRefused, readEvent } from './event.ts'
import { type HearEventPorts, hearEvent } from './hear-event.ts'
import { createWebhookSlots, type WebhookSlots } from './webhook-slots.ts'

/** On the main port, under the public address. */
export const nanoWebhookPath = '/nanomdm/webhook'

/** Lists of apps are large, and travel as Base64. */
const bodyLimit = 12 * 1024 * 1024
/** Milliseconds for a whole body: NanoMDM has it at hand. */
const bodyTime = 15_000

/** What hearing NanoMDM touches. */
export interface WebhookPorts extends HearEventPorts {
  readonly clock: Clock
  readonly webhookKey: string
}

/**
 * Declares the address. Answers 200 once the event is stored (again and again for the same one), 401 to what is not signed
 * with the key, 400 to what is no event, 503 while too many are under way. Who does not send the body in time is cut off.
 */
export function nanoWebhookRoute(app: HttpApp, ports: WebhookPorts): void {
  const slots = createWebhookSlots()
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // The signature is over the bytes.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.addHook('onRequest', async (request, reply) => {
      if (signatureIn(request) === null) return await reply.code(401).send()
      const giveBack = slots.take(request.ip)
      if (giveBack === undefined) return await reply.code(503).header('retry-after', 5).send()
      const ending = new AbortController()
      // Also when the caller goes away.
      reply.raw.once('close', () => {
        giveBack()
        ending.abort()
      })
      void cutOffLate(ports.clock, request, ending.signal)
    })
    scope.post(nanoWebhookPath, { bodyLimit, schema: { hide: true } }, (request, reply) =>
      receive(ports, slots, { request, reply }),
    )
  })
}

/** Ends the connection of whoever has not sent all of a body in time; the work for a whole one takes what it takes. */
async function cutOffLate(clock: Clock, { raw }: FastifyRequest, signal: AbortSignal): Promise<void> {
  const isOver = await clock.sleep(bodyTime, signal).then(
    () => true,
    () => false,
  )
  if (isOver && !raw.complete) raw.destroy()
}

async function receive(
  ports: WebhookPorts,
  slots: WebhookSlots,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const { body } = request
  const signature = signatureIn(request)
  if (!(body instanceof Buffer) || signature === null) return reply.code(400).send()
  if (!timingSafeEqual(createHmac('sha256', ports.webhookKey).update(body).digest(), signature)) {
    ports.log.warn({ path: nanoWebhookPath }, 'An event of NanoMDM is not signed with our key')
    return reply.code(401).send()
  }
  slots.trust(request.ip)
  const at = ports.clock.now()
  try {
    const event = readEvent(jsonIn(body), at)
    if (event !== null) await hearEvent(ports, event, at)
    return reply.code(200).send()
  } catch (error) {
    if (!(error instanceof EventRefused)) throw error
    ports.log.warn({ reason: error.message }, 'An event of NanoMDM cannot be read')
    return reply.code(400).send()
  }
}

/** The bytes of a signature; null for what is none. */
function signatureIn({ headers }: FastifyRequest): Buffer | null {
  const header = headers['x-hmac-signature']
  if (typeof header !== 'string' || header.length > 100) return null
  const signature = Buffer.from(header, 'base64')
  return signature.length === 32 ? signature : null
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new EventRefused('The body is no JSON')
  }
}
