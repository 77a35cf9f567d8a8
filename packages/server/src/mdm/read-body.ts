/** Reads the body of a request as far as it may go. Nobody can make the server hold more than `mostHeld` at a time. */
import type { IncomingMessage } from 'node:http'

/** Why a body is not there: larger than it may be, too much held for others, or the connection ended. */
export type BodyProblem = 'too_large' | 'too_busy' | 'cut_off'

/** A body that is not there as a whole. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused'
  readonly problem: BodyProblem

  constructor(problem: BodyProblem) {
    super(`The body of a request was not read: ${problem}`)
    this.problem = problem
  }
}

/** Reads bodies, and counts what all of them hold. */
export interface BodyReader {
  /** The whole body, at most `limit` bytes. @throws BodyRefused */
  read(request: IncomingMessage, limit: number): Promise<Buffer>
}

/** Bytes of bodies under way, over all requests: sixteen of the largest, thousands of the usual ones. */
const mostHeldByDefault = 256 * 1024 * 1024

/** A reader that counts what all requests together hold until each was read. */
export function createBodyReader(mostHeld = mostHeldByDefault): BodyReader {
  const held = { bytes: 0 }
  return {
    async read(request, limit) {
      const announced = Number(request.headers['content-length'] ?? 0)
      if (announced > limit) throw new BodyRefused('too_large')
      const chunks: Buffer[] = []
      let length = 0
      try {
        // Whoever sends too much is still told so: the connection ends with the answer.
        for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
          length += chunk.length
          held.bytes += chunk.length
          if (length > limit) throw new BodyRefused('too_large')
          if (held.bytes > mostHeld) throw new BodyRefused('too_busy')
          chunks.push(chunk)
        }
      } catch (error) {
        throw error instanceof BodyRefused ? error : new BodyRefused('cut_off')
      } finally {
        held.bytes -= length
      }
      return Buffer.concat(chunks, length)
    },
  }
}
