import { describe, expect, test } from 'vitest'
import { readPushFile } from './push-file.ts'

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const file = (content: BlobPart) => new Blob([content])

describe('The file of a push certificate', () => {
  test('is PEM without a key when Apple gave it for a signing request', async () => {
    expect(await readPushFile(file(certificate), '')).toEqual({
      format: 'pem',
      certificate,
      privateKey: null,
      password: null,
    })
  })

  test.each(['PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'])(
    'is PEM with the %s that stands in it',
    async (name) => {
      const key = `-----BEGIN ${name}-----\nMIIE\n-----END ${name}-----`
      const read = await readPushFile(file(`${certificate}${key}\n`), 'secret')
      expect(read).toMatchObject({ format: 'pem', privateKey: key, password: 'secret' })
    },
  )

  test('is PKCS #12 when it is no text, whatever its name, byte for byte', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value)
    const read = await readPushFile(file(bytes), 'secret')
    expect(read).toEqual({
      format: 'pkcs12',
      file: Buffer.from(bytes).toString('base64'),
      password: 'secret',
    })
  })
})
