/** Names the file that somebody took for a content token, since each of them comes from the same portals. */

const MISTAKES: readonly { readonly sign: RegExp; readonly says: string }[] = [
  {
    sign: /\0|^\uFFFD\uFFFD/,
    says: 'The text is UTF-16: an editor saved it in another encoding, or the file is binary.',
  },
  {
    sign: /^\s*(?:<!doctype html|<html|<head)/i,
    says: 'The text is a web page: the download probably ended at a sign-in page.',
  },
  { sign: /^\s*</, says: 'The text is XML or a property list, not a content token.' },
  {
    sign: /smime\.p7m|pkcs7-mime|-----BEGIN (?:MESSAGE|PKCS7|CMS)-----/i,
    says: 'The file is a server token for device enrollment (.p7m), which is for enrolling devices.',
  },
  {
    sign: /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    says: 'The file is a private key. Keep it secret; it is not a content token.',
  },
  {
    sign: /-----BEGIN CERTIFICATE REQUEST-----/,
    says: 'The file is a certificate request, as used for a push certificate.',
  },
  {
    sign: /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/,
    says: 'The file is a certificate, such as the push certificate of device management.',
  },
  {
    sign: /^[\s\uFEFF]*\{/,
    says: 'The text is JSON: the token was decoded, but is needed as it was downloaded.',
  },
]

/** What the text is instead of a content token, as a sentence; `undefined` when it looks like none of these. */
export function recognizeMistake(text: string): string | undefined {
  // The signs stand at the beginning; a large file need not be searched.
  const beginning = text.slice(0, 4096)
  return MISTAKES.find(({ sign }) => sign.test(beginning))?.says
}
