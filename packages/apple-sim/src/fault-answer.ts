/** An ordered 429, 500 or 503 in the words of the host that the request went to; each has its own shape of errors. */
import { type Answer, refusalAnswer } from './license-api.ts'
import { metadataError } from './organization-metadata.ts'
import type { Refusal } from './refusal.ts'
import type { Simulation } from './simulation.ts'

/** The license API tells its numbers, the metadata API `errors`, and the other hosts answer with a page of HTML. */
export function faultAnswer(simulation: Simulation, pathname: string, refusal: Refusal): Answer {
  const answer = refusalAnswer(refusal)
  if (pathname.startsWith('/mdm/v2/')) return answer
  const { status, headers } = answer
  if (pathname.startsWith('/v1/catalog/')) {
    return {
      ...metadataError(simulation, { status, detail: 'Ask again later' }),
      ...(headers && { headers }),
    }
  }
  const body = `<html><body><h1>Error ${status}</h1></body></html>`
  return { status, body, contentType: 'text/html', ...(headers && { headers }) }
}
