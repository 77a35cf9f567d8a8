/** Push certificates over HTTP (D1). */
import { pushCertificateState } from '@apportion/core/devices/push-certificate-state'
import type { z } from 'zod'
import { type HttpApp, route } from '../platform/http/routes.ts'
import {
  makeSigningRequest,
  openSigningRequest,
  type PushPorts,
  uploadPushCertificate,
} from './push-certificate.ts'
import type { PushUpload } from './push-file.ts'
import * as contract from './push-schema.ts'
import { listPushCertificates, type PushCertificateRow, type SigningRequestRow } from './push-store.ts'

/** Declares the routes of push certificates. */
export function pushCertificateRoutes(app: HttpApp, ports: PushPorts): void {
  const { db, clock } = ports
  const shown = async () => {
    const now = clock.now()
    return (await listPushCertificates(db)).map((row, place) => present(row, { now, isCurrent: place === 0 }))
  }

  route(app, contract.listPushCertificates, async () => ({ items: await shown() }))

  route(app, contract.uploadPushCertificate, async ({ actor, body: { newTopic, ...file } }) => {
    const upload: PushUpload =
      file.format === 'pem' ? file : { ...file, file: Buffer.from(file.file, 'base64') }
    const { row, renewed, isCurrent } = await uploadPushCertificate(ports, actor, { upload, newTopic })
    return { certificate: present(row, { now: clock.now(), isCurrent }), renewed }
  })

  route(app, contract.makeSigningRequest, async ({ actor, body }) =>
    presentRequest(await makeSigningRequest(ports, actor, body)),
  )

  route(app, contract.readSigningRequest, async () => presentRequest(await openSigningRequest(ports)))

  route(app, contract.downloadSigningRequest, async ({ reply }) => {
    const { request } = await openSigningRequest(ports)
    reply.header('content-disposition', 'attachment; filename="apportion-push.csr"')
    reply.header('cache-control', 'no-store')
    return request
  })
}

function present(
  row: PushCertificateRow,
  { now, isCurrent }: { readonly now: Date; readonly isCurrent: boolean },
): z.output<typeof contract.pushCertificate> {
  return {
    topic: row.topic,
    isCurrent,
    ...pushCertificateState(row, now),
    validFrom: row.notBefore.toISOString(),
    expiresAt: row.notAfter.toISOString(),
    uploadedAt: row.uploadedAt.toISOString(),
    refusedAt: row.refusedAt?.toISOString() ?? null,
    refusedReason: row.refusedReason,
    enrollments: row.enrollments,
  }
}

const advice =
  'Apple takes a request only when a vendor of device management has signed it: have this file signed by yours, upload what comes back at identity.apple.com/pushcert (to renew, with the same Apple Account, at the present certificate), and upload the certificate that Apple gives here.'

function presentRequest({ request, createdAt }: SigningRequestRow): z.output<typeof contract.signingRequest> {
  return { request, createdAt: createdAt.toISOString(), advice }
}
