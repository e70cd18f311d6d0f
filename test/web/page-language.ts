import type { Language } from '../../src/web/language.ts'
import { storage } from '../../src/web/storage.ts'

/** For tests of what a page says without one: texts are told their language by a browser and tell it to a document. */
export async function openPage(): Promise<{ speak: (language: Language) => void } & Disposable> {
  Object.assign(globalThis, { document: { documentElement: {} } })
  storage.setItem('language', 'en')
  const { chooseLanguage } = await import('../../src/web/language.ts')
  return {
    speak: chooseLanguage,
    [Symbol.dispose]: () => {
      Reflect.deleteProperty(globalThis, 'document')
    },
  }
}
