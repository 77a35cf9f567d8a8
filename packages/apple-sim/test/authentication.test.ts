import { expect, test } from 'vitest'
import { caller, scene, serials } from './support/scene.ts'

const innerOf = (file: string): string => JSON.parse(Buffer.from(file, 'base64').toString('utf8')).token

test('C01 the outer Base64 text is accepted, the inner value is 9622 with the status of the knob', async () => {
  await using at = await scene()
  expect((await at.get('/client/config')).status).toBe(200)

  const inner = caller(at.apple, innerOf(at.token.file))
  const refused = await inner.get('/client/config')
  expect([refused.status, refused.body.errorNumber]).toEqual([200, 9622])

  at.world.setKnobs({ invalidTokenStatus: 401 })
  const strict = await inner.get('/client/config')
  expect([strict.status, strict.body.errorNumber]).toEqual([401, 9622])
})

test('C01 the token file decodes to token, expDate and orgName', async () => {
  await using at = await scene()
  const decoded = JSON.parse(Buffer.from(at.token.file, 'base64').toString('utf8'))
  expect(Object.keys(decoded).sort()).toEqual(['expDate', 'orgName', 'token'])
  expect(decoded.expDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/)
  expect(decoded.orgName).toBe('HARBOR')
})

test('C02 a header of another form is 401/9722, a missing one 401, expired 401/9621, revoked 401/9625', async () => {
  await using at = await scene()
  const anonymous = caller(at.apple, undefined)
  const withHeader = (authorization: string) => anonymous.send('/assets', { headers: { authorization } })
  const outcome = async (reply: Promise<{ status: number; body: { errorNumber: number } }>) => {
    const { status, body } = await reply
    return [status, body.errorNumber]
  }
  expect(await outcome(withHeader('Basic x'))).toEqual([401, 9722])
  expect(await outcome(withHeader(at.token.file))).toEqual([401, 9722])
  expect(await outcome(anonymous.get('/assets'))).toEqual([401, 9601])
  at.world.setKnobs({ missingHeaderNumber: 9722 })
  expect(await outcome(anonymous.get('/assets'))).toEqual([401, 9722])

  const short = at.location.mintToken({ expiresAt: at.clock.now() + 60_000 })
  const brief = caller(at.apple, short.file)
  expect((await brief.get('/assets')).status).toBe(200)
  at.clock.advance(60_000)
  expect(await outcome(brief.get('/assets'))).toEqual([401, 9621])

  at.token.revoke()
  expect(await outcome(at.get('/assets'))).toEqual([401, 9625])
})

test('C03 service config answers without token and with a revoked one, complete, and without mdmInfo', async () => {
  await using at = await scene()
  at.location.takeOver({ id: 'x', name: 'y', metadata: 'z' })
  at.token.revoke()
  for (const client of [caller(at.apple, undefined), at]) {
    const { status, body } = await client.get('/service/config')
    expect(status).toBe(200)
    expect(Object.keys(body.limits)).toHaveLength(13)
    expect(body.limits).toMatchObject({ maxAssets: 25, maxSerialNumbers: 1000, maxRevokeSerialNumbers: 100 })
    expect(Object.keys(body.urls).length).toBeGreaterThanOrEqual(13)
    expect(body.urls.getAssets).toBe(`${at.apple.origin}/mdm/v2/assets`)
    expect(body.errorCodes.map((code: { errorNumber: number }) => code.errorNumber)).toEqual([
      9601,
      9602,
      9603,
      9609,
      9621,
      9625,
      9634,
      9646,
      9650,
      ...Array.from({ length: 29 }, (_, index) => 9700 + index),
    ])
    expect(body.notificationTypes).toContain('ASSET_MANAGEMENT')
    expect(body).not.toHaveProperty('mdmInfo')
  }
})

test('C04 a read-only token reads assets, assignments and users; every write is refused and starts nothing', async () => {
  await using at = await scene()
  at.location.own({ adamId: '900001', total: 5 })
  const reader = caller(at.apple, at.location.mintToken({ role: 'read' }).file)
  for (const path of ['/assets', '/assignments', '/users']) expect((await reader.get(path)).status).toBe(200)

  const assets = [{ adamId: '900001' }]
  const writes: [string, unknown][] = [
    ['/assets/associate', { assets, serialNumbers: serials(2) }],
    ['/assets/disassociate', { assets, serialNumbers: serials(2) }],
    ['/assets/revoke', { serialNumbers: serials(2) }],
    ['/users/create', { users: [{ clientUserId: 'u1' }] }],
    ['/users/update', { users: [{ clientUserId: 'u1' }] }],
    ['/users/retire', { users: [{ clientUserId: 'u1' }] }],
    ['/client/config', {}],
  ]
  for (const [path, body] of writes) {
    const refused = await reader.post(path, body)
    expect([path, refused.status, refused.body.errorNumber]).toEqual([path, 403, 9602])
    expect(refused.body).not.toHaveProperty('eventId')
  }
  await at.world.settle()
  expect(at.location.heldCount).toBe(0)
})

test('C05 mdmInfo is absent until somebody sets it, then on every answer of every token of the location', async () => {
  await using at = await scene()
  const paths = ['/client/config', '/assets', '/assignments', '/users']
  for (const path of paths) expect((await at.get(path)).body).not.toHaveProperty('mdmInfo')

  const mdmInfo = { id: 'mdm-1', name: 'Product', metadata: 'v1' }
  await at.post('/client/config', { mdmInfo })
  const other = caller(at.apple, at.location.mintToken().file)
  for (const path of paths) expect((await other.get(path)).body.mdmInfo).toEqual(mdmInfo)
  at.location.own({ adamId: '900001', total: 1 })
  const write = await other.post('/assets/associate', {
    assets: [{ adamId: '900001' }],
    serialNumbers: ['D1'],
  })
  expect(write.body.mdmInfo).toEqual(mdmInfo)
  expect((await other.get(`/status?eventId=${write.body.eventId}`)).body.mdmInfo).toEqual(mdmInfo)
})

test('C06 uId is the same for two tokens of one location and another for another; data never crosses', async () => {
  await using at = await scene()
  const elsewhere = at.world.addLocation({ name: 'Mountain school', organizationName: 'MOUNTAIN' })
  elsewhere.own({ adamId: '900002', total: 3 })
  at.location.own({ adamId: '900001', total: 3 })
  const twin = caller(at.apple, at.location.mintToken().file)
  const stranger = caller(at.apple, elsewhere.mintToken().file)

  expect((await twin.get('/assets')).body.uId).toBe('300')
  const foreign = (await stranger.get('/assets')).body
  expect(foreign.uId).toBe(elsewhere.uId)
  expect(foreign.assets.map((asset: { adamId: string }) => asset.adamId)).toEqual(['900002'])

  const { body } = await at.post('/assets/associate', {
    assets: [{ adamId: '900001' }],
    serialNumbers: ['D1'],
  })
  expect((await stranger.get(`/status?eventId=${body.eventId}`)).body.errorNumber).toBe(9708)
})

test('C07 tokenExpirationDate has a colonless offset, follows the knob, and is always in client config', async () => {
  await using at = await scene({ tokenExpirationDate: 'within15d' })
  const format = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/
  expect((await at.get('/client/config')).body.tokenExpirationDate).toMatch(format)
  expect((await at.get('/assets')).body).not.toHaveProperty('tokenExpirationDate')
  at.clock.advance(351 * 24 * 3_600_000)
  expect((await at.get('/assets')).body.tokenExpirationDate).toMatch(format)
  at.world.setKnobs({ tokenExpirationDate: 'always' })
  expect((await at.get('/users')).body.tokenExpirationDate).toMatch(format)
})

test('C08 wrong method 405/9726, no JSON type 415/9727, broken JSON 400/9602, extra fields pass', async () => {
  await using at = await scene()
  at.location.own({ adamId: '900001', total: 1 })
  const assets = [{ adamId: '900001', availableCount: 1 }]
  const table: [string, RequestInit, number, number | undefined][] = [
    ['/assets', { method: 'POST', body: '{}' }, 405, 9726],
    ['/assets/associate', { method: 'GET' }, 405, 9726],
    ['/client/config', { method: 'DELETE' }, 405, 9726],
    ['/service/config', { method: 'POST', body: '{}' }, 405, 9726],
    [
      '/assets/associate',
      { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } },
      415,
      9727,
    ],
    [
      '/assets/associate',
      { method: 'POST', body: '{"assets":', headers: { 'content-type': 'application/json' } },
      400,
      9602,
    ],
    [
      '/assets/associate',
      { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } },
      400,
      9602,
    ],
    ['/nowhere', { method: 'GET' }, 404, undefined],
  ]
  for (const [path, init, status, errorNumber] of table) {
    const reply = await at.send(path, init)
    expect([path, init.method, reply.status, reply.body.errorNumber]).toEqual([
      path,
      init.method,
      status,
      errorNumber,
    ])
  }
  const extra = await at.post('/assets/associate', { assets, serialNumbers: ['D1'], comment: 'hello' })
  expect(extra.status).toBe(200)
  const large = await at.post('/assets/associate', { comment: 'x'.repeat(1_100_000) })
  expect(large.status).toBe(413)
})
