import { expect, test } from 'vitest'
import { startControlPlane } from '../src/control-plane.ts'
import { registration, scene, serials } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

/** A simulator in use, and its pages as text. */
async function shownScene() {
  const at = await scene()
  const plane = await startControlPlane(at.apple, 0)
  at.world.addTitle({
    adamId: '900001',
    name: '<script>alert(1)</script> & "Maths"',
    kind: 'iosSoftware',
    publisher: 'Abacus',
  })
  at.location.own({ adamId: '900001', total: 500 })
  at.location.assignOutside('900001', { serialNumbers: serials(250) })
  return {
    ...at,
    plane,
    page: async (path: string) => {
      const response = await fetch(plane.origin + path, { headers: { accept: 'text/html' } })
      return { status: response.status, headers: response.headers, text: await response.text() }
    },
    press: async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
      const body = new URLSearchParams(fields)
      const init = { method: 'POST', body, headers, redirect: 'manual' } as const
      const response = await fetch(`${plane.origin}/page/act`, init)
      const to = response.headers.get('location') ?? ''
      const said = new URLSearchParams(to.split('?')[1]).get('said')
      return { status: response.status, to, said, text: await response.text() }
    },
    async [Symbol.asyncDispose]() {
      await plane[Symbol.asyncDispose]()
      await at.apple.close()
    },
  }
}

test('the page shows locations, requests with their fault, notifications, events and the clock', async () => {
  await using at = await shownScene()
  await using webhook = await webhookReceiver()
  await at.post('/client/config', registration(webhook.url))
  at.world.faults.failNext({ fault: '503', match: '/users' })
  await at.get('/users?activeOnly=true')
  await at.carryOut('/assets/associate', { assets: [{ adamId: '900001' }], serialNumbers: ['N1'] })
  at.world.faults.order({ fault: 'lose', match: 'ASSET_COUNT', times: 4 })
  at.world.play({ name: 'Later', steps: [{ at: '1h', fault: '500' }] })
  const { text, headers } = await at.page('/')
  for (const shown of [
    'Harbor school',
    'Product one',
    '2026-01-05 08:00:01',
    'GET /users',
    'activeOnly=true',
    '503 9729',
    'ASSET_MANAGEMENT',
    'COMPLETE',
    'ASSET_COUNT',
    'Later',
  ]) {
    expect(text).toContain(shown)
  }
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
})

test('names are text and never markup', async () => {
  await using at = await shownScene()
  await at.post('/client/config', { mdmInfo: { id: 'i', name: '<img src=x>', metadata: "'" } })
  await at.get('/%3Cb%3E')
  for (const path of ['/', '/page/locations/300', '/page/holders/300/900001/STDQ']) {
    const { text } = await at.page(path)
    for (const markup of ['<script>alert', '<img', '<b>']) expect(text).not.toContain(markup)
  }
  expect((await at.page('/page/locations/300')).text).toContain(
    '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;',
  )
})

test('secrets are on no page: tokens, the secret of notifications, the path of the webhook', async () => {
  await using at = await shownScene()
  await using webhook = await webhookReceiver()
  await at.post('/client/config', registration(webhook.url, 'very-secret'))
  const inner = JSON.parse(Buffer.from(at.token.file, 'base64').toString('utf8')).token
  for (const path of ['/', '/page/locations/300', '/page/holders/300/900001/STDQ']) {
    const { text } = await at.page(path)
    for (const secret of [at.token.file, inner, 'very-secret', '/hooks/a']) expect(text).not.toContain(secret)
  }
})

test('holders come a hundred at a time', async () => {
  await using at = await shownScene()
  const first = await at.page('/page/holders/300/900001/STDQ')
  expect(first.text).toContain('<code>D100</code>')
  expect(first.text).not.toContain('<code>D101</code>')
  const last = await at.page('/page/holders/300/900001/STDQ?page=2')
  expect(last.text).toContain('<code>D250</code>')
  expect(last.text).toContain('Page 3 of 3')
})

test('what is not there is a page that says so', async () => {
  await using at = await shownScene()
  for (const path of ['/page/locations/9', '/page/holders/300/1/STDQ', '/page/nothing']) {
    expect([path, (await at.page(path)).status]).toEqual([path, 404])
  }
})

test('buttons move the clock, order faults, play scenarios, and change locations', async () => {
  await using at = await shownScene()
  const before = at.clock.now()
  const referer = `${at.plane.origin}/page/locations/300?page=1`
  expect(await at.press({ act: 'advance', ms: '60000' }, { referer })).toMatchObject({
    status: 303,
    to: '/page/locations/300?page=1',
  })
  expect(at.clock.now() - before).toBe(60_000)
  await at.press({ act: 'fault', fault: '500', times: '2', match: '/users' })
  expect((await at.get('/users')).status).toBe(500)
  await at.press({ act: 'random', seed: '3' })
  expect(at.world.scenarios).toMatchObject([{ name: 'random-3', state: 'playing' }])
  await at.press({ act: 'stop-scenario', id: '1' })
  await at.press({ act: 'clear-faults' })
  expect(at.world.faults.rules).toEqual([])
  await at.press({ act: 'take-over', uId: '300' })
  expect(at.location.mdmInfo?.name).toBe('Another service')
  await at.press({ act: 'buy', uId: '300', adamId: '900001', count: '10' })
  expect(at.location.counts('900001').total).toBe(510)
  await at.press({ act: 'revoke', uId: '300' })
  expect(at.token.isValid).toBe(false)
})

test('a button that cannot do its work says why, on the page it stands on', async () => {
  await using at = await shownScene()
  const { said, to } = await at.press({ act: 'buy', uId: '9', adamId: '1', count: '10' })
  expect(said).toBe('There is no location 9; known are 300')
  expect((await at.page(to)).text).toContain('role="alert">There is no location 9; known are 300')
  expect((await at.press({ act: 'toString' })).said).toBe('There is no button toString')
  const elsewhere = { referer: 'https://evil.example/page' }
  expect((await at.press({ act: 'settle' }, elsewhere)).to).toBe('/page')
})

test('a page of another site can neither press a button nor call a control', async () => {
  await using at = await shownScene()
  const headers = { origin: 'https://evil.example' }
  expect((await at.press({ act: 'revoke', uId: '300' }, headers)).status).toBe(403)
  const called = await fetch(`${at.plane.origin}/locations/300/tokens/revoke`, { method: 'POST', headers })
  expect(called.status).toBe(403)
  expect(at.token.isValid).toBe(true)
  expect((await at.press({ act: 'settle' }, { origin: at.plane.origin })).status).toBe(303)
})

test('a program that asks for the root gets the list of controls', async () => {
  await using at = await shownScene()
  const response = await fetch(at.plane.origin)
  const { controls }: { controls: string[] } = JSON.parse(await response.text())
  expect(controls.length).toBeGreaterThan(40)
  for (const control of controls) expect(control).toMatch(/^(GET|POST|DELETE) \/\S* {2}\S/)
})
