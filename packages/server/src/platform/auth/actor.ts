/** Who acts: the administrator or program behind a change, as the audit log records it. */

/** An administrator in the console, signed in with a session. */
export interface AdministratorActor {
  readonly kind: 'administrator'
  readonly id: string
  readonly name: string
  readonly email: string
}

/** A program that calls the API with a key. It acts for the administrator who made the key. */
export interface ApiKeyActor {
  readonly kind: 'api_key'
  readonly id: string
  /** The name given to the key. */
  readonly name: string
  readonly administratorId: string
}

/** The server itself: a sync by the clock, a license that became free. `name` says which part. */
export interface SystemActor {
  readonly kind: 'system'
  readonly name: string
}

/** The operator at the machine's own command line. */
export interface CommandLineActor {
  readonly kind: 'command_line'
  readonly name: string
}

/** Somebody on the other end of a request whom the server knows. */
export type SignedIn = AdministratorActor | ApiKeyActor

/** Whoever can cause a change. */
export type Actor = SignedIn | SystemActor | CommandLineActor

/** Whoever sends a request; `anonymous` before sign-in. */
export type Caller = SignedIn | { readonly kind: 'anonymous' }
