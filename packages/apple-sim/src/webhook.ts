/**
 * One delivery to a client's notification address.
 */
import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'

export interface Delivery {
  readonly url: string
  readonly authToken: string
  readonly body: string
  readonly timeoutMs: number
  readonly ca: string | undefined
  /** Local address to come from. */
  readonly source: string | undefined
  readonly oldestTls: 'TLSv1.2' | 'TLSv1.3'
}

/** The HTTP status of the answer, or 0 when none came in time. Never throws. */
export type Post = (delivery: Delivery) => Promise<number>

/** A poster that keeps its connections; `close` ends them. */
export function webhookPoster(): { readonly post: Post; close(): void } {
  const http = new HttpAgent({ keepAlive: true })
  const https = new HttpsAgent({ keepAlive: true })
  return {
    post: (delivery) => post(delivery, delivery.url.startsWith('https:') ? { https } : { http }),
    close() {
      http.destroy()
      https.destroy()
    },
  }
}

type Agents = { readonly http: HttpAgent } | { readonly https: HttpsAgent }

function post(
  { url, authToken, body, timeoutMs, ca, source, oldestTls }: Delivery,
  agents: Agents,
): Promise<number> {
  const options = {
    method: 'POST',
    headers: {
      authorization: `Bearer ${authToken}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
    signal: AbortSignal.timeout(timeoutMs),
    ...(source !== undefined && { localAddress: source }),
  }
  return new Promise((resolve) => {
    const request =
      'https' in agents
        ? requestHttps(url, {
            ...options,
            agent: agents.https,
            minVersion: oldestTls,
            ...(ca !== undefined && { ca }),
          })
        : requestHttp(url, { ...options, agent: agents.http })
    request.on('error', () => resolve(0))
    request.on('response', (response) => {
      response.on('error', () => resolve(0))
      response.on('end', () => resolve(response.statusCode ?? 0))
      response.resume()
    })
    request.end(body)
  })
}

/** Any 2xx counts as delivered, 204 included. */
export const isDelivered = (status: number): boolean => status >= 200 && status < 300
