/** Who has which push token; the push service looks devices up in it. */

/** The holder of a push token. */
export interface PushListener {
  readonly topic: string
  /** Offline ones get what is stored for them once they are back. */
  readonly online: () => boolean
  /** Called with the `PushMagic` of a push. */
  readonly pushed: (magic: string) => void
}

export type TokenState =
  | { readonly kind: 'live'; readonly listener: PushListener }
  /** Since a moment in milliseconds. */
  | { readonly kind: 'dead'; readonly since: number }

export class PushDirectory {
  readonly #tokens = new Map<string, TokenState>()
  readonly #waiting = new Set<(token: string) => void>()

  /** The token in lower-case hexadecimal. */
  register(token: string, listener: PushListener): void {
    this.#tokens.set(token, { kind: 'live', listener })
  }

  /** From now on pushes to the token hear that it is gone. */
  retire(token: string, since: number): void {
    if (this.#tokens.has(token)) this.#tokens.set(token, { kind: 'dead', since })
  }

  find(token: string): TokenState | undefined {
    return this.#tokens.get(token)
  }

  /** The device with this token is reachable again. */
  announce(token: string): void {
    for (const heard of this.#waiting) heard(token)
  }

  /** Calls `heard` whenever a device is back. */
  whenBack(heard: (token: string) => void): void {
    this.#waiting.add(heard)
  }
}
