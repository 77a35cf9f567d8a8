/** The words of the pages on which a person brings a device under management, in the languages of the console. */

/** The languages that the pages are written in. */
export type EnrollLanguage = 'en' | 'nl'

/** Why a link gives no profile. */
export type EnrollProblem = 'unknown' | 'used' | 'expired' | 'revoked' | 'too_many' | 'not_ready'

/** All words of the pages in one language. */
export interface EnrollTexts {
  readonly title: (organization: string) => string
  readonly intro: (organization: string) => string
  /** In a profile, for the person who looks at it in the settings. */
  readonly profileDescription: (organization: string) => string
  readonly anOrganization: string
  readonly seesHeading: (organization: string) => string
  readonly sees: readonly string[]
  readonly doesHeading: (organization: string) => string
  readonly does: readonly string[]
  readonly neverHeading: string
  readonly never: readonly string[]
  readonly stepsHeading: string
  readonly steps: readonly string[]
  readonly download: string
  readonly leave: string
  readonly forDevice: (serialNumber: string) => string
  readonly problems: Readonly<Record<EnrollProblem, { readonly title: string; readonly text: string }>>
}

const en: EnrollTexts = {
  title: (organization) => `Add this device to ${organization}`,
  intro: (organization) =>
    `With a profile on this device, ${organization} can give you the apps and books that it bought for you. Read first what it will see and do.`,
  profileDescription: (organization) =>
    `Lets ${organization} install apps and books that it bought on this device.`,
  anOrganization: 'your organization',
  seesHeading: (organization) => `What ${organization} sees`,
  sees: [
    'the model, name, serial number, system version and time zone of the device',
    'the apps that it installed itself, and no others',
    'whether the books that it bought for you are there',
    'whether somebody is signed in to the App Store, and a code of Apple’s for that account, but not its name',
  ],
  doesHeading: (organization) => `What ${organization} can do`,
  does: [
    'install and set up apps and books that it bought, and remove the apps',
    'install and remove its own profiles',
  ],
  neverHeading: 'What it cannot do',
  never: [
    'read messages, mail, photos, notes or what you do in apps',
    'see where the device is or which sites you visit',
    'lock or erase the device, or remove its passcode',
  ],
  stepsHeading: 'How to go on',
  steps: [
    'Download the profile on the device itself, and allow it when you are asked.',
    'Open Settings, choose “Profile Downloaded”, then “Install”.',
    'Confirm what is shown. The apps arrive by themselves some minutes later.',
  ],
  download: 'Download the profile',
  leave:
    'You can leave at any time: remove the profile in Settings, General, VPN & Device Management. Apps of the organization go with it where the organization says so; the others stay.',
  forDevice: (serialNumber) => `This link is for the device with the serial number ${serialNumber} alone.`,
  problems: {
    unknown: {
      title: 'This link is not right',
      text: 'Nothing is at this address. Check that you have the whole address, or ask whoever sent it to you for a new one.',
    },
    used: {
      title: 'This link was used already',
      text: 'As many devices as it was made for are enrolled. Ask whoever sent it to you for a new one.',
    },
    expired: { title: 'This link has ended', text: 'Ask whoever sent it to you for a new one.' },
    revoked: { title: 'This link was withdrawn', text: 'Ask whoever sent it to you for a new one.' },
    too_many: {
      title: 'Too many requests',
      text: 'The profile was asked for too often in a short time. Try again in an hour.',
    },
    not_ready: {
      title: 'Devices cannot be added at the moment',
      text: 'The connection to Apple is not set up or has ended. Tell whoever sent you this link.',
    },
  },
}

const nl: EnrollTexts = {
  title: (organization) => `Voeg dit apparaat toe aan ${organization}`,
  intro: (organization) =>
    `Met een profiel op dit apparaat kan ${organization} je de apps en boeken geven die voor je zijn gekocht. Lees eerst wat er dan te zien is en wat er kan.`,
  profileDescription: (organization) =>
    `Hiermee kan ${organization} gekochte apps en boeken op dit apparaat installeren.`,
  anOrganization: 'je organisatie',
  seesHeading: (organization) => `Wat ${organization} ziet`,
  sees: [
    'het model, de naam, het serienummer, de systeemversie en de tijdzone van het apparaat',
    'de apps die de organisatie zelf heeft geïnstalleerd, en geen andere',
    'of de boeken die voor je zijn gekocht er zijn',
    'of er iemand bij de App Store is aangemeld, en een code van Apple voor dat account, maar niet de naam ervan',
  ],
  doesHeading: (organization) => `Wat ${organization} kan`,
  does: [
    'gekochte apps en boeken installeren en instellen, en de apps verwijderen',
    'eigen profielen installeren en verwijderen',
  ],
  neverHeading: 'Wat niet kan',
  never: [
    'berichten, mail, foto’s of notities lezen, of zien wat je in apps doet',
    'zien waar het apparaat is of welke sites je bezoekt',
    'het apparaat vergrendelen of wissen, of de toegangscode verwijderen',
  ],
  stepsHeading: 'Zo ga je verder',
  steps: [
    'Download het profiel op het apparaat zelf, en sta het toe als daarom wordt gevraagd.',
    'Open Instellingen, kies ‘Profiel gedownload’ en daarna ‘Installeer’.',
    'Bevestig wat er staat. De apps komen een paar minuten later vanzelf.',
  ],
  download: 'Download het profiel',
  leave:
    'Je kunt er altijd mee stoppen: verwijder het profiel in Instellingen, Algemeen, VPN en apparaatbeheer. Apps van de organisatie verdwijnen dan als de organisatie dat zo wil; de andere blijven.',
  forDevice: (serialNumber) => `Deze link is alleen voor het apparaat met serienummer ${serialNumber}.`,
  problems: {
    unknown: {
      title: 'Deze link klopt niet',
      text: 'Op dit adres is niets. Kijk of je het hele adres hebt, of vraag een nieuwe link aan wie hem stuurde.',
    },
    used: {
      title: 'Deze link is al gebruikt',
      text: 'Er zijn al zoveel apparaten toegevoegd als waarvoor hij bedoeld was. Vraag een nieuwe link aan wie hem stuurde.',
    },
    expired: { title: 'Deze link is verlopen', text: 'Vraag een nieuwe link aan wie hem stuurde.' },
    revoked: { title: 'Deze link is ingetrokken', text: 'Vraag een nieuwe link aan wie hem stuurde.' },
    too_many: {
      title: 'Te veel aanvragen',
      text: 'Het profiel is in korte tijd te vaak opgevraagd. Probeer het over een uur opnieuw.',
    },
    not_ready: {
      title: 'Apparaten toevoegen kan nu niet',
      text: 'De verbinding met Apple is niet ingesteld of verlopen. Meld het aan wie je deze link stuurde.',
    },
  },
}

/** The words by language. */
export const enrollTexts: Readonly<Record<EnrollLanguage, EnrollTexts>> = { en, nl }

/** The language that a browser would rather have; English when it names neither (RFC 9110, 12.5.4). */
export function languageFor(acceptLanguage: string | undefined): EnrollLanguage {
  const wishes = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .flatMap((wish) => {
      const [, language, quality = '1'] = /^\s*(en|nl)\b[^;]*(?:;\s*q=([\d.]{1,5}))?\s*$/i.exec(wish) ?? []
      return language === undefined ? [] : [{ language: language.toLowerCase(), quality: Number(quality) }]
    })
  const best = wishes.toSorted((a, b) => b.quality - a.quality)[0]
  return best?.language === 'nl' && best.quality > 0 ? 'nl' : 'en'
}
