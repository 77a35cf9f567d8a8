/** The session cookie: its name and attributes depend only on whether browsers come over HTTPS. */

/** `__Host-` makes browsers refuse the cookie from any other host, path or plain HTTP. */
export const sessionCookieNames = { secure: '__Host-apportion', plain: 'apportion' } as const

export interface SessionCookie {
  readonly name: string
  readonly attributes: {
    readonly httpOnly: true
    readonly sameSite: 'lax'
    readonly secure: boolean
    readonly path: '/'
  }
}

/** The cookie for a server whose public address is `publicUrl`; null stands for plain HTTP on this machine. */
export function sessionCookie(publicUrl: URL | null): SessionCookie {
  const secure = publicUrl?.protocol === 'https:'
  return {
    name: secure ? sessionCookieNames.secure : sessionCookieNames.plain,
    attributes: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
  }
}
