/** Exports: the server's CSV, passed on as it comes. */
import { type CallResult, unwrap } from '@apportion/api-client/client'
import type { World } from './world.ts'

/** Writes a streamed answer to standard output without holding it in memory. */
export async function saveCsv({ stdout }: World, result: CallResult): Promise<void> {
  const body: unknown = unwrap(result)
  if (!(body instanceof ReadableStream)) return
  for await (const text of body.pipeThrough(new TextDecoderStream('utf-8', { ignoreBOM: true }))) {
    await stdout.writeAll(text)
  }
}
