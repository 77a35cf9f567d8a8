/** Addresses of other services, as the configuration takes them. */
import { z } from 'zod'

/** Whether a host name is this machine: localhost, 127.0.0.0/8 or ::1, with or without brackets. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}

/** A complete address without a password in it. */
export const webAddress = z
  .string()
  .refine((text) => URL.canParse(text), 'must be a complete address such as https://host/path')
  .transform((text) => new URL(text))
  .refine((url) => url.protocol === 'https:' || url.protocol === 'http:', 'must start with https://')
  .refine((url) => url.username === '' && url.password === '', 'must not hold a user name or password')

/** Of a service that a key is sent to with each request: `http://` for this machine alone. */
export const serviceUrl = webAddress.refine(
  (url) => url.protocol === 'https:' || isLoopback(url.hostname),
  'must start with https://; http:// is possible for this machine only',
)
