/**
 * Step one of the configuration: the environment, read once and here only.
 *
 * The table is the manual: docs/operate/configuration.md repeats it and a test compares the two.
 */

interface Variable {
  /** What it does, for the operator. */
  readonly meaning: string
  /** What holds when it is not set, as it would be written. */
  readonly unset: string
  /** Its value appears in no message, log or answer. */
  readonly secret?: true
}

/** Every variable that the server reads. */
export const variables = {
  PORT: { meaning: 'The TCP port to listen on; 0 takes any free one.', unset: '8080' },
  HOST: {
    meaning: 'The address to listen on. `0.0.0.0` listens on every network: put a proxy with TLS in front.',
    unset: '127.0.0.1',
  },
  DATABASE_URL: {
    meaning:
      'A PostgreSQL server (15 or later) of your own, `postgresql://user:password@host:5432/database`. Unset: the embedded PostgreSQL in the data folder.',
    unset: 'the embedded database',
    secret: true,
  },
  APPORTION_DATA: {
    meaning:
      'The folder for the embedded database and the key. Relative to the folder the server is started in.',
    unset: './.state/server',
  },
  APPORTION_KEY: {
    meaning:
      'The key that encrypts content tokens: 32 bytes as Base64 (`openssl rand -base64 32`). Unset: made at the first start and kept in the data folder. Several server processes on one database need the same key.',
    unset: 'a file in the data folder',
    secret: true,
  },
  APPORTION_KEY_FILE: {
    meaning:
      'A file that holds the key, for secret stores that mount files. Not together with `APPORTION_KEY`.',
    unset: '`key` in the data folder',
  },
  APPORTION_PUBLIC_URL: {
    meaning:
      'The address under which browsers and Apple reach the server, `https://apportion.example.org`. Makes cookies secure and lets Apple send notifications; without it outcomes are polled. When it changes, the new address is registered at Apple within minutes, and the old one works until Apple has accepted it.',
    unset: 'none',
  },
  APPORTION_APPLE_URL: {
    meaning: "The address of Apple's service configuration; change it only to use the simulator.",
    unset: 'https://vpp.itunes.apple.com/mdm/v2/service/config',
  },
  APPORTION_APPLE_HOSTS: {
    meaning:
      'The hosts that a content token may be sent to, separated by commas. A service configuration that names another host is refused.',
    unset: 'vpp.itunes.apple.com,uclient-api.itunes.apple.com,api.ent.apple.com,api.edu.apple.com',
  },
  APPORTION_APPLE_DEVELOPER_KEY: {
    meaning:
      "The private key (PEM, the content of Apple's `.p8` file) of a Services ID for Apps and Books for organizations. With it titles are read from Apple's metadata API for organizations first.",
    unset: 'none: titles come from the lookup that content tokens open',
    secret: true,
  },
  APPORTION_APPLE_DEVELOPER_KEY_FILE: {
    meaning: 'A file that holds this key. Not together with `APPORTION_APPLE_DEVELOPER_KEY`.',
    unset: 'none',
  },
  APPORTION_APPLE_DEVELOPER_KEY_ID: {
    meaning: "The key's id in Apple's developer portal, ten letters and digits. Needed with a developer key.",
    unset: 'none',
  },
  APPORTION_APPLE_DEVELOPER_TEAM_ID: {
    meaning: 'The team id of the developer account, ten letters and digits. Needed with a developer key.',
    unset: 'none',
  },
  APPORTION_APPLE_CATALOG_URL: {
    meaning:
      "The root of Apple's metadata API for organizations, used with a developer key only; change it only to use the simulator.",
    unset: '`https://api.ent.apple.com/v1`, for schools `https://api.edu.apple.com/v1`',
  },
  APPORTION_PUBLIC_LOOKUP_URL: {
    meaning:
      "Apple's public lookup, asked for the titles that nothing else knows; it is told their ids and the country, nothing more. `off` never asks it.",
    unset: '`https://itunes.apple.com/lookup`; `off` when `APPORTION_APPLE_URL` is set',
  },
  APPORTION_ARTWORK_HOSTS: {
    meaning:
      'The hosts that icons may be fetched from, separated by commas; `*.` in front takes any subdomain.',
    unset: '*.mzstatic.com',
  },
  APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: {
    meaning:
      "`true` lets Apple's addresses be `http://` on this machine: for the simulator only, never with a real token.",
    unset: 'false',
  },
  APPORTION_DEVICE_PORT: {
    meaning:
      'The TCP port for the traffic of devices (MDM), apart from that of people; 0 takes any free one. Unset: Apportion manages no devices itself.',
    unset: 'none',
  },
  APPORTION_DEVICE_URL: {
    meaning:
      'The address under which devices reach that port, `https://mdm.example.org`; a proxy with TLS stands in front. Enrolled devices keep it: it cannot be changed without enrolling them again. Needed with `APPORTION_DEVICE_PORT`.',
    unset: 'none',
  },
  APPORTION_DEVICE_CERTIFICATE_HEADER: {
    meaning:
      "The header in which the proxy passes the device's client certificate on, as RFC 9440 (`Client-Cert`) or as escaped PEM. Believed from the proxies of `APPORTION_TRUST_PROXY` only, which has to name their addresses. Unset: devices sign each message.",
    unset: 'none',
  },
  APPORTION_DEVICE_SHA1: {
    meaning:
      '`false` refuses messages that a device signs with SHA-1, which older systems do: it then falls silent. Set it only when you know that none of your devices does.',
    unset: 'true',
  },
  APPORTION_DEVICE_DEVELOPMENT: {
    meaning:
      '`true` lets devices reach this machine by `http://`, sends profiles unsigned, and takes the old ciphers of simple SCEP clients (DES): for the simulator and for trying out, never with real devices.',
    unset: 'false',
  },
  APPORTION_PUSH_URL: {
    meaning: "The address of Apple's push service; change it only to use the simulator.",
    unset: 'https://api.push.apple.com',
  },
  APPORTION_PUSH_CA_FILE: {
    meaning:
      'A file (PEM) with the authority that the push service is checked against, for the simulator. Unset: the authorities that Node trusts.',
    unset: 'none',
  },
  APPORTION_NANOMDM_URL: {
    meaning:
      'The address of your NanoMDM server, `https://nanomdm.example.org`, when devices are enrolled there; `http://` for this machine only. Needs the two keys below.',
    unset: 'none',
  },
  APPORTION_NANOMDM_KEY: {
    meaning: "The key of NanoMDM's API (its `-api`).",
    unset: 'none',
    secret: true,
  },
  APPORTION_NANOMDM_KEY_FILE: {
    meaning: 'A file that holds this key. Not together with `APPORTION_NANOMDM_KEY`.',
    unset: 'none',
  },
  APPORTION_NANOMDM_WEBHOOK_KEY: {
    meaning:
      "The key with which NanoMDM signs what it tells (its `-webhook-hmac-key`), at least 16 characters; its `-webhook-url` is Apportion's address with `/nanomdm/webhook`.",
    unset: 'none',
    secret: true,
  },
  APPORTION_TRUST_PROXY: {
    meaning:
      'Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: `true` (everybody; only when nothing else reaches the port), `false`, or addresses and ranges separated by commas (`10.0.0.0/8`).',
    unset: 'false',
  },
  LOG_LEVEL: {
    meaning: 'How much is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    unset: 'info',
  },
  APPORTION_LOG_FORMAT: {
    meaning:
      '`json` (one object a line), `text` (for reading), or `auto`: text on a terminal, JSON elsewhere.',
    unset: 'auto',
  },
} as const satisfies Record<string, Variable>

export type VariableName = keyof typeof variables

/** The variables that are set, without white space around them; an empty one counts as not set. */
export type Environment = { readonly [Name in VariableName]?: string }

/** Reads the environment. Nothing else of this server touches `process.env`. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const set = Object.keys(variables).map((name) => [name, source[name]?.trim()] as const)
  return Object.fromEntries(set.filter(([, value]) => value !== undefined && value !== ''))
}

/** A variable whose value cannot be used. */
export interface BadVariable {
  readonly name: VariableName
  /** What is wrong and what to write instead. */
  readonly advice: string
}

/** The configuration cannot be used; the message lists every bad variable, with its value unless it is secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code = 'configuration.invalid'
  readonly bad: readonly BadVariable[]

  constructor(bad: readonly BadVariable[], environment: Environment) {
    super(`The configuration cannot be used:\n${bad.map((each) => line(each, environment)).join('\n')}`)
    this.bad = bad
  }
}

function line({ name, advice }: BadVariable, environment: Environment): string {
  const variable: Variable = variables[name]
  const value = environment[name]
  if (value === undefined) return `  ${name}: ${advice}`
  return `  ${name}${variable.secret || holdsSecret(value) ? '' : `=${JSON.stringify(value)}`}: ${advice}`
}

/** A key that was put where its file should stand, or an address with a password. */
function holdsSecret(value: string): boolean {
  if (/PRIVATE KEY|^[A-Za-z0-9+/_-]{43}=?$/.test(value.trim())) return true
  return URL.canParse(value) && new URL(value).password !== ''
}
