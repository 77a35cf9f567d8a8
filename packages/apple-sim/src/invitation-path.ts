/** Where the invitation page is; service config names it with a place for the code. */
export const INVITATION_PATH = '/WebObjects/MZFinance.woa/wa/associateVPPUserWithITSAccount'
