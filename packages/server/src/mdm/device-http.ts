/** What the device listener hands to those who answer devices, and what it gets back; no framework in between. */

/** A request as the listener read it. */
export interface DeviceRequest {
  readonly method: string
  /** What stands after `?`, decoded. */
  readonly query: URLSearchParams
  readonly body: Buffer
  /** Of the caller, as far as proxies are trusted. */
  readonly address: string
  readonly acceptLanguage?: string | undefined
}

/** An answer as the listener sends it. */
export interface DeviceAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: Buffer | string
  /** Beside the type and the length. */
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer of words alone. */
export const plainText = (status: number, body: string): DeviceAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
})
