import { afterEach, expect, test, vi } from 'vitest'
import { startControlPlane } from '../src/control-plane.ts'
import { signed } from './support/developer-token.ts'
import { registration, scene, serials } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

const TEAM = 'TEAM000001'
const assets = [{ adamId: '900001' }]

afterEach(() => {
  vi.restoreAllMocks()
})

test('C46 neither tokens nor the notification secret nor the itvt cookie appear in the request log', async () => {
  await using at = await scene()
  await using webhook = await webhookReceiver()
  at.location.own({ adamId: '900001', total: 10 })
  await at.post('/client/config', registration(webhook.url, 'very-secret'))
  await at.carryOut('/assets/associate', { assets, serialNumbers: serials(2) })
  await fetch(`${at.apple.origin}/WebObjects/MZStorePlatform.woa/wa/lookup?id=1&p=mdm-lockup&caller=MDM`, {
    headers: { cookie: `itvt=${at.token.file}` },
  })
  const log = JSON.stringify([at.world.requests, at.world.notifications])
  const inner = JSON.parse(Buffer.from(at.token.file, 'base64').toString('utf8')).token
  for (const secret of [at.token.file, inner, 'very-secret']) expect(log).not.toContain(secret)

  const write = at.world.requests.find(({ path }) => path === '/assets/associate')
  expect(write).toMatchObject({
    method: 'POST',
    uId: '300',
    status: 200,
    tasks: 2,
    bodySummary: { assets: 1, serialNumbers: 2, clientUserIds: 0 },
  })
})

test('C46 nor do developer tokens, their signatures and the cookie of the metadata API, in answers and output too', async () => {
  const printed = vi.spyOn(console, 'error')
  const written = vi.spyOn(process.stdout, 'write')
  await using at = await scene()
  await using control = await startControlPlane(at.apple, 0)
  const key = at.world.makeDeveloperKey(TEAM)
  const now = Math.floor(at.clock.now() / 1000)
  const claims = { iss: TEAM, iat: now, exp: now + 60 }
  const good = signed(key.privateKey, { kid: key.keyId }, claims)
  const stale = signed(key.privateKey, { kid: key.keyId }, { ...claims, exp: now })
  const answers: string[] = []
  for (const jwt of [good, stale]) {
    for (const cookie of [`itvt=${at.token.file}`, `itvt=${at.token.file}x`]) {
      const url = `${at.apple.origin}/v1/catalog/nl/stoken-authenticated-apps?ids=1`
      const response = await fetch(url, { headers: { authorization: `Bearer ${jwt}`, cookie } })
      answers.push(`${response.status} ${await response.text()}`)
    }
  }
  expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['200', '403', '401', '401'])
  const shown = await Promise.all(
    ['requests', 'state', 'notifications'].map(async (name) =>
      (await fetch(`${control.origin}/${name}`)).text(),
    ),
  )
  const all = JSON.stringify([answers, shown, at.world.requests, printed.mock.calls, written.mock.calls])
  expect(all).toContain('/v1/catalog/nl/stoken-authenticated-apps')
  const secretLines = key.privateKey.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
  const signatures = [good, stale].map((jwt) => jwt.split('.')[2] ?? 'none')
  for (const secret of [good, stale, ...signatures, at.token.file, ...secretLines]) {
    expect(all).not.toContain(secret)
  }
})
