import { expect, test } from 'vitest'
import { apportion, page } from './support/fake-world.ts'
import { routes } from './support/routes.ts'

const link = {
  id: '0197c3e2-7d1a-7a54-9d0e-3c1f4a5b6c7d',
  state: 'open',
  ownership: 'personal',
  user: { id: 7, userName: 'mei', name: 'Mei Sato' },
  serialNumber: null,
  mostUses: 1,
  uses: 0,
  createdBy: 'Ada',
  createdAt: '2027-03-01T12:00:00.000Z',
  expiresAt: '2027-03-04T12:00:00.000Z',
  revokedAt: null,
}
const certificate = {
  topic: 'com.apple.mgmt.External.1',
  isCurrent: true,
  state: 'expiring',
  severity: 'warning',
  daysLeft: 12,
  validFrom: '2026-03-13T12:00:00.000Z',
  expiresAt: '2027-03-13T12:00:00.000Z',
  uploadedAt: '2026-03-13T12:00:00.000Z',
  refusedAt: null,
  refusedReason: null,
  enrollments: 42,
}
const request = {
  request: '-----BEGIN CERTIFICATE REQUEST-----\nAA\n-----END CERTIFICATE REQUEST-----\n',
  createdAt: certificate.validFrom,
  advice: 'Have it signed.',
}
const pem = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n'

test('links create prints the address alone, for a script, and says what it is good for', async () => {
  const serve = routes({
    'POST /api/v1/enrollment-links': { address: 'https://mdm.example.org/enroll/secret', link },
  })
  const words = ['links', 'create', '--user', 'mei', '--ownership', 'personal', '--days', '3']
  const { code, stdout, stderr, sent } = await apportion(words, { serve })
  expect([code, stdout]).toEqual([0, 'https://mdm.example.org/enroll/secret\n'])
  expect(stderr).toContain('for 1 device. It is not shown again.')
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
    ownership: 'personal',
    userName: 'mei',
    serialNumber: null,
    uses: 1,
    expiresAt: '2027-03-04T12:00:00.000Z',
  })
})

test('links lists whom each is for and how often it was used', async () => {
  const { stdout } = await apportion(['links'], {
    serve: routes({ 'GET /api/v1/enrollment-links': page(link) }),
  })
  expect(stdout).toMatch(/open\s+mei\s+personal\s+0 of 1/)
})

test('links create refuses a number of days that no link can have, before anything is sent', async () => {
  const { code, sent } = await apportion(['links', 'create', '--days', '400'], { serve: routes({}) })
  expect([code, sent.length]).toEqual([2, 0])
})

test('links revoke asks first, and needs --yes where nobody is there', async () => {
  const serve = routes({
    [`DELETE /api/v1/enrollment-links/${link.id}`]: new Response(null, { status: 204 }),
  })
  expect((await apportion(['links', 'revoke', link.id], { serve })).code).toBe(2)
  const declined = await apportion(['links', 'revoke', link.id], { serve, answers: [false] })
  expect([declined.code, declined.sent.length]).toEqual([1, 0])
  expect((await apportion(['links', 'revoke', link.id, '--yes'], { serve })).stdout).toBe(
    `Revoked ${link.id}.\n`,
  )
})

test('push lists certificates with the days left and the devices', async () => {
  const { stdout } = await apportion(['push'], {
    serve: routes({ 'GET /api/v1/push-certificates': { items: [certificate] } }),
  })
  expect(stdout).toMatch(/com\.apple\.mgmt\.External\.1\s+expiring\s+12\s/)
  expect(stdout).toMatch(/\s42\s+yes/)
})

test('push request prints the open request, and makes one where none is open', async () => {
  const open = await apportion(['push', 'request'], {
    serve: routes({ 'GET /api/v1/push-signing-request': request }),
  })
  expect([open.stdout, open.stderr]).toEqual([request.request, 'Have it signed.\n'])
  const missing = Response.json(
    { code: 'push.request_unknown', detail: 'None.', status: 404 },
    { status: 404, headers: { 'content-type': 'application/problem+json' } },
  )
  const serve = routes({
    'GET /api/v1/push-signing-request': missing,
    'POST /api/v1/push-signing-request': request,
  })
  expect((await apportion(['push', 'request'], { serve })).stdout).toBe(request.request)
})

test('push upload sends PEM as text, with its key and password from files', async () => {
  const serve = routes({ 'POST /api/v1/push-certificates': { certificate, renewed: true } })
  const files = { 'push.pem': pem, 'push.key': 'KEY', secret: 'hush\n' }
  const words = ['push', 'upload', 'push.pem', '--key', 'push.key', '--password-file', 'secret']
  const { stdout, sent } = await apportion(words, { serve, files })
  expect(stdout).toContain('Renewed com.apple.mgmt.External.1')
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
    format: 'pem',
    certificate: pem,
    privateKey: 'KEY',
    password: 'hush',
    newTopic: false,
  })
})

test('push upload sends anything else as PKCS #12, and asks for its password', async () => {
  const serve = routes({ 'POST /api/v1/push-certificates': { certificate, renewed: false } })
  const files = { 'push.p12': new Uint8Array([0x30, 0x80, 0xff]) }
  const { sent, asked } = await apportion(['push', 'upload', 'push.p12', '--new-topic'], {
    serve,
    files,
    answers: ['hush'],
  })
  expect(asked).toEqual(['Password of the file'])
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
    format: 'pkcs12',
    file: 'MID/',
    password: 'hush',
    newTopic: true,
  })
})

test('push upload refuses a file that can be no certificate', async () => {
  const { code, sent } = await apportion(['push', 'upload', 'film.mov'], {
    serve: routes({}),
    files: { 'film.mov': new Uint8Array(300_000) },
  })
  expect([code, sent.length]).toEqual([2, 0])
})

const enrollment = {
  id: 9,
  channel: 'mdm',
  state: 'left',
  device: { id: 4, serialNumber: 'C02AAA111', name: 'iPad 1' },
  user: { id: 7, userName: 'mei', name: 'Mei Sato' },
  authenticatedAt: '2027-02-01T12:00:00.000Z',
  enrolledAt: '2027-02-01T12:01:00.000Z',
  leftAt: '2027-02-27T12:00:00.000Z',
  leftCause: 'checked_out',
  lastSeenAt: '2027-02-27T12:00:00.000Z',
  identity: null,
}

test('devices enrollments lists who is under management and who left and why', async () => {
  const there = {
    ...enrollment,
    user: null,
    channel: 'nanomdm',
    state: 'enrolled',
    leftCause: null,
    identity: { serialNumber: 'ab', notAfter: '2028-02-01T12:00:00.000Z' },
  }
  const serve = routes({ 'GET /api/v1/enrollments': page(enrollment, there) })
  const { code, stdout } = await apportion(['devices', 'enrollments'], { serve })
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /C02AAA111\s+iPad 1\s+Mei Sato\s+mdm\s+left\s+checked_out\s+2 days ago\s+–\s+2027-02-01/,
  )
  expect(stdout).toMatch(/C02AAA111\s+iPad 1\s+–\s+nanomdm\s+enrolled\s+–\s+2 days ago\s+2028-02-01/)
})

test('devices enrollments asks for one state and the start of a serial number, and prints the answer as JSON', async () => {
  const serve = routes({ 'GET /api/v1/enrollments': page(enrollment) })
  const words = ['devices', 'enrollments', '--state', 'left', '--search', 'C02', '--json']
  const { stdout, sent } = await apportion(words, { serve })
  expect(sent.map(({ path }) => path)).toEqual(['/api/v1/enrollments?q=C02&state=left&limit=100'])
  expect(JSON.parse(stdout)).toEqual({ items: [enrollment], nextCursor: null })
})

test('devices enrollments says how devices come there when none fits', async () => {
  const { stdout } = await apportion(['devices', 'enrollments'], {
    serve: routes({ 'GET /api/v1/enrollments': page() }),
  })
  expect(stdout).toBe('No enrollment fits. Bring devices under management with: apportion links create\n')
})
