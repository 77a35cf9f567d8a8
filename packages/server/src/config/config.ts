/**
 * Step two of the configuration: from text to values that can be trusted. Secrets are apart, in secrets.ts.
 */
import { resolve } from 'node:path'
import { PUBLIC_LOOKUP_URL } from '@apportion/apps-books/public-source'
import { z } from 'zod'
import type { LogLevel } from '../platform/log.ts'
import { contradictions } from './contradictions.ts'
import {
  type BadVariable,
  ConfigurationError,
  type Environment,
  type VariableName,
  variables,
} from './env.ts'
import { isLoopback, serviceUrl, webAddress } from './web-address.ts'

export interface Config {
  readonly listen: { readonly host: string; readonly port: number }
  /** Absolute path of the folder for the embedded database and the key. */
  readonly dataFolder: string
  /** The embedded PostgreSQL, or one whose address is in `Secrets.databaseUrl`. */
  readonly database: 'embedded' | 'server'
  /** The origin under which browsers and Apple reach the server; null when none was given. */
  readonly publicUrl: URL | null
  readonly apple: AppleConfig
  /** Null: no device is managed by the built-in channel. */
  readonly devices: DeviceConfig | null
  /** The root of NanoMDM; null, or left out, when no device is reached through one. Its keys are among the secrets. */
  readonly nanomdmUrl?: URL | null
  /** As Fastify's `trustProxy`. */
  readonly trustProxy: boolean | string[]
  readonly log: { readonly level: LogLevel; readonly format: 'json' | 'text' | 'auto' }
}

export interface AppleConfig {
  readonly serviceConfigUrl: URL
  /** Hosts that a content token may be sent to. */
  readonly allowedHosts: readonly string[]
  /** Hosts that icons come from; `*.` in front stands for any subdomain. */
  readonly artworkHosts: readonly string[]
  /** For the simulator: plain HTTP to this machine. */
  readonly allowLoopbackHttp: boolean
  /** The root of the metadata API for organizations; null for Apple's own. */
  readonly catalogUrl: URL | null
  /** The public lookup; null never asks it. */
  readonly publicLookupUrl: URL | null
}

export interface DeviceConfig {
  /** 0 takes any free one. The address is that of `Config.listen`. */
  readonly port: number
  /** The origin under which devices reach it. */
  readonly url: URL
  /** The header, in lower case, in which a trusted proxy passes a client certificate on; null: messages are signed. */
  readonly certificateHeader: string | null
  /** Whether messages that are signed with SHA-1 are taken. */
  readonly allowSha1: boolean
  /** Plain HTTP on this machine, unsigned profiles, old ciphers of SCEP. */
  readonly development: boolean
  readonly pushUrl: URL
  /** Absolute path of a PEM file; null for the authorities that Node trusts. */
  readonly pushCaFile: string | null
}

/** Throws ConfigurationError naming every variable that cannot be used. */
export function parseConfig(environment: Environment): Config {
  const bad: BadVariable[] = []
  const read = <T>(name: VariableName, shape: z.ZodType<T, string>): T => {
    const parsed = shape.safeParse(environment[name] ?? variables[name].unset)
    if (parsed.success) return parsed.data
    bad.push({ name, advice: parsed.error.issues[0]?.message ?? 'is not valid' })
    // Never used: a bad variable ends in the error below.
    return undefined as T
  }
  const config: Config = {
    listen: { host: read('HOST', host), port: read('PORT', port) },
    dataFolder: read('APPORTION_DATA', folder),
    database: environment.DATABASE_URL === undefined ? 'embedded' : 'server',
    publicUrl:
      environment.APPORTION_PUBLIC_URL === undefined ? null : read('APPORTION_PUBLIC_URL', publicUrl),
    apple: {
      serviceConfigUrl: read('APPORTION_APPLE_URL', webAddress),
      allowedHosts: read('APPORTION_APPLE_HOSTS', hosts({ wildcards: false })),
      artworkHosts: read('APPORTION_ARTWORK_HOSTS', hosts({ wildcards: true })),
      allowLoopbackHttp: read('APPORTION_APPLE_ALLOW_LOOPBACK_HTTP', yesOrNo),
      catalogUrl:
        environment.APPORTION_APPLE_CATALOG_URL === undefined
          ? null
          : read('APPORTION_APPLE_CATALOG_URL', webAddress),
      publicLookupUrl: publicLookupOf(environment, (shape) => read('APPORTION_PUBLIC_LOOKUP_URL', shape)),
    },
    devices: devicesOf(environment, read),
    nanomdmUrl:
      environment.APPORTION_NANOMDM_URL === undefined ? null : read('APPORTION_NANOMDM_URL', serviceUrl),
    trustProxy: read('APPORTION_TRUST_PROXY', proxies),
    log: { level: read('LOG_LEVEL', logLevel), format: read('APPORTION_LOG_FORMAT', logFormat) },
  }
  if (bad.length === 0) bad.push(...contradictions(config))
  if (bad.length > 0) throw new ConfigurationError(bad, environment)
  return config
}

/** A simulated Apple has titles that the real store does not know, and the real one is none of its business. */
function publicLookupOf(
  { APPORTION_PUBLIC_LOOKUP_URL: text, APPORTION_APPLE_URL: appleUrl }: Environment,
  read: (shape: z.ZodType<URL, string>) => URL,
): URL | null {
  if (text === 'off') return null
  if (text === undefined) return appleUrl === undefined ? new URL(PUBLIC_LOOKUP_URL) : null
  return read(webAddress)
}

/** Nothing without a port: the built-in channel is then off. */
function devicesOf(
  environment: Environment,
  read: <T>(name: VariableName, shape: z.ZodType<T, string>) => T,
): DeviceConfig | null {
  if (environment.APPORTION_DEVICE_PORT === undefined) return null
  const development = read('APPORTION_DEVICE_DEVELOPMENT', yesOrNo)
  return {
    port: read('APPORTION_DEVICE_PORT', port),
    url: read('APPORTION_DEVICE_URL', deviceUrl(development)),
    certificateHeader:
      environment.APPORTION_DEVICE_CERTIFICATE_HEADER === undefined
        ? null
        : read('APPORTION_DEVICE_CERTIFICATE_HEADER', headerName),
    allowSha1: read('APPORTION_DEVICE_SHA1', yesOrNo),
    development,
    pushUrl: read(
      'APPORTION_PUSH_URL',
      webAddress.refine((url) => url.protocol === 'https:', 'must start with https://'),
    ),
    pushCaFile:
      environment.APPORTION_PUSH_CA_FILE === undefined ? null : read('APPORTION_PUSH_CA_FILE', folder),
  }
}

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a number from 0 to 65535')

const host = z.string().regex(/^[\w.:-]+$/, 'must be an address such as 127.0.0.1, 0.0.0.0 or ::')

const folder = z.string().transform((path) => resolve(path))

const publicUrl = webAddress
  .refine(
    (url) => url.protocol === 'https:' || isLoopback(url.hostname),
    'must start with https://; Apple sends notifications nowhere else',
  )
  .refine(
    (url) => url.pathname === '/' && url.search === '' && url.hash === '',
    'must be the host alone, without a path: https://apportion.example.org',
  )

const deviceUrl = (development: boolean) =>
  webAddress
    .refine(
      (url) => url.protocol === 'https:' || (development && isLoopback(url.hostname)),
      'must start with https://; http:// is possible for this machine only, with APPORTION_DEVICE_DEVELOPMENT=true',
    )
    .refine(
      (url) => url.pathname === '/' && url.search === '' && url.hash === '',
      'must be the host alone, without a path: https://mdm.example.org',
    )

const headerName = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/, 'must be the name of a header, such as Client-Cert')
  .transform((name) => name.toLowerCase())

const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/

function hosts({ wildcards }: { wildcards: boolean }) {
  const example = wildcards ? '*.mzstatic.com' : 'vpp.itunes.apple.com'
  return list(
    (name) => hostName.test(wildcards && name.startsWith('*.') ? name.slice(2) : name),
    `must be host names separated by commas, such as ${example}`,
  )
}

const yesOrNo = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true')

const address = /^([\d.]{7,15}|[\da-f:]+:[\da-f:.]*)(\/\d{1,3})?$|^(loopback|linklocal|uniquelocal)$/

const proxyForm = 'must be true, false, or addresses and ranges separated by commas, such as 10.0.0.0/8'

const proxies = z.union([yesOrNo, list((each) => address.test(each), proxyForm)], proxyForm)

function list(isRight: (item: string) => boolean, message: string) {
  return z
    .string()
    .transform((text) =>
      text
        .toLowerCase()
        .split(',')
        .map((item) => item.trim()),
    )
    .refine((items) => items.every(isRight), message)
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const satisfies LogLevel[]
const logLevel = z.enum(levels, `must be one of ${levels.join(', ')}`)
const logFormat = z.enum(['auto', 'json', 'text'], 'must be auto, json or text')
