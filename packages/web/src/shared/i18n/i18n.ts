/** The languages of the console (P5). A language is a folder with the same keys as `en`. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en/en.ts'
import { nl } from './nl/nl.ts'

export const languages = { en: 'English', nl: 'Nederlands' } as const
export type Language = keyof typeof languages

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

const storageKey = 'apportion.language'

/** What was chosen here before, else the first language of the browser that we have, else English. */
function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey) ?? '', ...navigator.languages]
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(languages, text)
}

/** Speaks another language from now on, and the next time too. */
export async function speak(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

/** Must be called once before anything is shown. */
export async function startLanguages(): Promise<void> {
  const language = preferredLanguage()
  document.documentElement.lang = language
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, nl: { translation: nl } },
    lng: language,
    fallbackLng: 'en',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
}
