/** Values of the configuration that are right alone and wrong together. */
import type { AppleConfig, Config, DeviceConfig } from './config.ts'
import type { BadVariable } from './env.ts'
import { isLoopback } from './web-address.ts'

const plainHttp =
  'must start with https://; http:// is possible for this machine only, with APPORTION_APPLE_ALLOW_LOOPBACK_HTTP=true'

/** Every variable whose value is right alone and wrong beside the others. Pure. */
export function contradictions({ apple, devices, trustProxy }: Config): BadVariable[] {
  return [...inAddresses(apple), ...inProxies(devices, trustProxy)]
}

function inAddresses(apple: AppleConfig): BadVariable[] {
  const { serviceConfigUrl: url, allowLoopbackHttp, allowedHosts } = apple
  const more = [
    { name: 'APPORTION_APPLE_CATALOG_URL', address: apple.catalogUrl },
    { name: 'APPORTION_PUBLIC_LOOKUP_URL', address: apple.publicLookupUrl },
  ] as const
  for (const { name, address } of more) {
    if (address?.protocol === 'http:' && !(allowLoopbackHttp && isLoopback(address.hostname))) {
      return [{ name, advice: plainHttp }]
    }
  }
  if (apple.catalogUrl?.protocol === 'https:' && !allowedHosts.includes(apple.catalogUrl.hostname)) {
    const { hostname } = apple.catalogUrl
    const advice = `does not hold ${hostname}, the host of APPORTION_APPLE_CATALOG_URL; add it`
    return [{ name: 'APPORTION_APPLE_HOSTS', advice }]
  }
  if (url.protocol === 'http:' && !(allowLoopbackHttp && isLoopback(url.hostname))) {
    return [{ name: 'APPORTION_APPLE_URL', advice: plainHttp }]
  }
  if (url.protocol === 'https:' && !allowedHosts.includes(url.hostname)) {
    return [
      {
        name: 'APPORTION_APPLE_HOSTS',
        advice: `does not hold ${url.hostname}, the host of APPORTION_APPLE_URL; add it`,
      },
    ]
  }
  return []
}

/** A certificate is no secret: whoever may pass one on without being the operator's proxy may be any device. */
function inProxies(devices: DeviceConfig | null, trustProxy: Config['trustProxy']): BadVariable[] {
  if (devices === null || devices.certificateHeader === null || typeof trustProxy !== 'boolean') return []
  const believed = trustProxy ? 'from everybody who reaches the port' : 'from nobody'
  const advice = `is believed ${believed} with APPORTION_TRUST_PROXY=${trustProxy}; set that to the address of the proxy, or unset this`
  return [{ name: 'APPORTION_DEVICE_CERTIFICATE_HEADER', advice }]
}
