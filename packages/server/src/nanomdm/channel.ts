/** NanoMDM as a way to reach devices (D1): commands are stored as for our own, and passed on from there. */
import { storedChannel } from '../mdm/queue.ts'

/** What NanoMDM has got cannot be taken back from it: late answers to commands that are void are passed over. */
export const nanoChannel = storedChannel('nanomdm')
