/** What is not begun any more for a content token that is being deleted (T6). */
import { Refusal } from '../../platform/errors.ts'

/** @throws Refusal `token.leaving` */
export function refuseLeaving(location: {
  readonly id: number
  readonly name: string
  readonly leaving_since: Date | null
}): void {
  if (location.leaving_since === null) return
  throw new Refusal(
    'token.leaving',
    `The content token "${location.name}" is being deleted. Cancel that first, if it still can be.`,
    { tokenId: location.id },
  )
}
