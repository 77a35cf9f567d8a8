/** Files in which a push certificate comes, as the API takes them. */
import type { PushUpload } from '../../../shared/api/shapes.ts'

const pemMark = '-----BEGIN '
const keyBlock = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )*PRIVATE KEY-----/

/** PEM with or without its key, else PKCS #12. What it is shows in the file, not in its name. */
export async function readPushFile(
  file: Pick<Blob, 'arrayBuffer'>,
  password: string,
): Promise<DistributiveOmit<PushUpload, 'newTopic'>> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const text = new TextDecoder('latin1').decode(bytes)
  if (!text.includes(pemMark)) return { format: 'pkcs12', file: base64Of(bytes), password }
  const privateKey = keyBlock.exec(text)?.[0] ?? null
  return { format: 'pem', certificate: text, privateKey, password: password === '' ? null : password }
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
