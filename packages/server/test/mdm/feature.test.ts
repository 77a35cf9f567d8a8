import type { OpenDeviceListener } from '@apportion/server/mdm/device-listener'
import { mdmFeature } from '@apportion/server/mdm/feature'
import { expect, test } from 'vitest'
import { startTestServer } from '../support/test-server.ts'

const environment = {
  APPORTION_DEVICE_PORT: '0',
  APPORTION_DEVICE_URL: 'http://localhost:9',
  APPORTION_DEVICE_DEVELOPMENT: 'true',
}

test('devices have a port of their own, without administration; people find nothing of theirs on the other', async () => {
  const opened: OpenDeviceListener[] = []
  const features = [mdmFeature({ observe: (listener) => opened.push(listener) })]
  const server = await startTestServer({ features, environment })
  const url = opened[0]?.url ?? ''
  expect(url).not.toBe(server.url)
  expect((await fetch(`${url}/mdm`, { method: 'PUT', body: 'x' })).status).toBe(400)
  expect(await (await fetch(`${url}/scep?operation=GetCACaps`)).text()).toContain('POSTPKIOperation')
  expect((await fetch(`${url}/health`)).status).toBe(404)
  expect((await fetch(`${server.url}/mdm`, { method: 'PUT', body: 'x' })).status).toBe(404)
  await server[Symbol.asyncDispose]()
  await expect(fetch(`${url}/mdm`)).rejects.toThrow()
})

test('without the port nothing of it runs', async () => {
  const opened: OpenDeviceListener[] = []
  await using _server = await startTestServer({
    features: [mdmFeature({ observe: (listener) => opened.push(listener) })],
  })
  expect(opened).toEqual([])
})
