/** A content token in the hands of whoever downloaded it: its file, and how it dies. */
import type { ContentToken } from './content-token.ts'
import type { Simulation } from './simulation.ts'

export interface TokenWish {
  readonly expiresAt?: number | Date
  readonly role?: 'manage' | 'read'
  /** A kind that the API refuses. */
  readonly kind?: 'legacy' | 'facilitator'
  /** As made by somebody without a Managed Apple Account. */
  readonly withoutAccount?: boolean
}

export interface TokenControl {
  /** The content of the `.vpptoken` file. */
  readonly file: string
  readonly role: 'manage' | 'read'
  readonly isValid: boolean
  /** As when a newer token was downloaded, or the person changed the password. */
  revoke(): void
  /** Makes the token expire at this moment. */
  expire(): void
  /** As when the privileges of the person changed. */
  become(role: 'manage' | 'read'): void
}

export function tokenControl(
  { clock, changed }: Pick<Simulation, 'clock' | 'changed'>,
  token: ContentToken,
): TokenControl {
  return {
    file: token.text,
    get role() {
      return token.role
    },
    get isValid() {
      return !token.revoked && token.expiresAt > clock.now()
    },
    revoke() {
      token.revoked = true
      changed()
    },
    expire() {
      token.expiresAt = clock.now()
      changed()
    },
    become(role) {
      token.role = role
      changed()
    },
  }
}
