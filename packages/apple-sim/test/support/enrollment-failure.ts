import { EnrollmentFailed } from '../../src/devices/enroll.ts'

/** Where enrolling ended, and Apple's number. */
export async function failure(
  work: Promise<void>,
): Promise<[step: string, number: number | undefined] | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (error instanceof EnrollmentFailed) return [error.step, error.number]
    throw error
  }
}
