/** Reading a `.vpptoken` file. Its text is a secret: it is sent to the server and shown nowhere. */
import { usageFailure } from './failure.ts'
import type { World } from './world.ts'

/** Far above any token; a file beyond it was chosen by mistake. */
const largestToken = 65_536

/** The text of the file; the server judges what is in it. */
export async function readTokenFile({ readFile }: World, path: string): Promise<string> {
  const bytes = await readFile(path)
  if (bytes.length > largestToken) {
    throw usageFailure(
      'token.too_large',
      `${path} has ${bytes.length} bytes; a content token has a few hundred. Is it the right file?`,
    )
  }
  return new TextDecoder().decode(bytes)
}
