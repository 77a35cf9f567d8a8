/** `apportion push upload`: takes a push certificate into use, or renews it (D1). */
import { type Body, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { optionalText } from '../../fact-flags.ts'
import { usageFailure } from '../../failure.ts'
import { localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine, World } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly key: string | undefined
  readonly passwordFile: string | undefined
  readonly newTopic: boolean
}

/** Far above any certificate with its chain. */
const largestFile = 256 * 1024

export const upload = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Take a push certificate into use, or renew the one with its topic',
    fullDescription: [
      'FILE is the certificate that Apple gave for the open signing request, or one with its key in PEM or PKCS #12',
      'form. Another topic than the present one is refused without --new-topic: every device would have to enroll again.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      key: optionalText('File with the key, where it is not from the signing request', 'FILE'),
      passwordFile: optionalText('File with the password of the key; - for standard input', 'FILE'),
      newTopic: {
        kind: 'boolean',
        brief: 'Take another topic than the present one; devices of that have to enroll again',
        default: false,
        withNegated: false,
      },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'The certificate: .pem, .p12 or .pfx', parse: String, placeholder: 'FILE' }],
    },
  },
  async func({ key, passwordFile, newTopic, json }, path) {
    const { world } = this
    const body = await bodyOf(world, { path, key, passwordFile, newTopic })
    const client = await connect(world)
    const taken = unwrap(await client.POST('/api/v1/push-certificates', { body }))
    report(world, json, taken, () => {
      const { topic, expiresAt } = taken.certificate
      const until = localMoment(expiresAt, world.timeZone)
      return `${taken.renewed ? 'Renewed' : 'Took'} ${topic}, good until ${until}.`
    })
  },
})

interface Files {
  readonly path: string
  readonly key: string | undefined
  readonly passwordFile: string | undefined
  readonly newTopic: boolean
}

async function bodyOf(
  world: World,
  { path, key, passwordFile, newTopic }: Files,
): Promise<Body<'uploadPushCertificate'>> {
  const bytes = await read(world, path)
  const isPem = Buffer.from(bytes).includes('-----BEGIN ')
  const password = await passwordFor(world, passwordFile, !isPem)
  if (!isPem) {
    const file = Buffer.from(bytes).toString('base64')
    return { format: 'pkcs12', file, password: password ?? '', newTopic }
  }
  const privateKey = key === undefined ? null : text(await read(world, key))
  return { format: 'pem', certificate: text(bytes), privateKey, password: password ?? null, newTopic }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

async function read({ readFile }: World, path: string): Promise<Uint8Array> {
  const bytes = await readFile(path)
  if (bytes.length <= largestFile) return bytes
  throw usageFailure(
    'push.too_large',
    `${path} has ${bytes.length} bytes; a certificate has a few thousand. Is it the right file?`,
  )
}

/** Of a PKCS #12 file it is asked for where somebody is there; one without password has an empty one. */
async function passwordFor(
  world: World,
  file: string | undefined,
  isNeeded: boolean,
): Promise<string | undefined> {
  if (file !== undefined) return text(await read(world, file)).replace(/\r?\n$/, '')
  return isNeeded ? await world.questions?.password('Password of the file') : undefined
}
