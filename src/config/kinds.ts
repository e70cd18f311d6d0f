import { isIP } from 'node:net'
import { isAbsolute, resolve } from 'node:path'
import { isAddressRange } from '../lib/addresses.ts'
import type { Limit } from '../lib/limits.ts'

/** A value, or what was expected instead, worded to follow "expected". */
export type Parsed<T> = { ok: true; value: T } | { ok: false; expected: string }

/** A kind of setting: its name in the help, and what makes a value of its text. The text is never empty. */
export interface Kind<T> {
  label: string
  parse(text: string): Parsed<T>
}

export function good<T>(value: T): Parsed<T> {
  return { ok: true, value }
}

export function bad(expected: string): { ok: false; expected: string } {
  return { ok: false, expected }
}

/** One line of text; with `lines`, several. Lengths in code points. */
export function text({ min = 1, max = 1000, lines = false } = {}): Kind<string> {
  const control = lines ? /[^\P{Cc}\n\r\t]/u : /\p{Cc}/u
  return {
    label: 'text',
    parse(value) {
      const length = [...value].length
      if (length < min || length > max) return bad(`${min} to ${max} characters`)
      return control.test(value) ? bad('text without control characters') : good(value)
    },
  }
}

/** A key or token that is sent in a header. */
export const token: Kind<string> = {
  label: 'text',
  parse: (value) => (/^[\x21-\x7e]+$/.test(value) ? good(value) : bad('visible ASCII characters, no blanks')),
}

/** Most have one; several are separated by commas. */
export const tokens: Kind<string[]> = {
  label: token.label,
  parse(value) {
    const parsed = listOf(token).parse(value)
    return parsed.ok && parsed.value.length > 0
      ? parsed
      : bad('visible ASCII characters, no blanks; several are separated by commas')
  },
}

/** Strict: digits only. */
export function integer(min: number, max: number): Kind<number> {
  return {
    label: `${min}..${max}`,
    parse(value) {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
      return number >= min && number <= max ? good(number) : bad(`a whole number from ${min} to ${max}`)
    },
  }
}

export const onOff: Kind<boolean> = {
  label: '1 or 0',
  parse(value) {
    if (/^(1|true|yes|on)$/i.test(value)) return good(true)
    if (/^(0|false|no|off)$/i.test(value)) return good(false)
    return bad('1 or 0 (true/false, yes/no, on/off)')
  },
}

/** One of the words, upper or lower case; `also` are other spellings of them. */
export function choice<const T extends string>(words: readonly T[], also: Record<string, T> = {}): Kind<T> {
  const spellings = new Map([...words.map((word) => [word, word] as const), ...Object.entries(also)])
  return {
    label: words.length > 4 ? 'one word' : words.join('|'),
    parse(value) {
      const word = spellings.get(value.toLowerCase())
      return word === undefined ? bad(`one of ${words.join(', ')}`) : good(word)
    },
  }
}

/** Separated by commas, or a JSON array of texts. */
export function listOf<T>({ label, parse }: Kind<T>): Kind<T[]> {
  return {
    label: `list of ${label}`,
    parse(value) {
      const items: T[] = []
      for (const item of itemsOf(value)) {
        const parsed = parse(item)
        if (!parsed.ok) return bad(`a comma-separated list, each ${parsed.expected}`)
        items.push(parsed.value)
      }
      return good(items)
    },
  }
}

function itemsOf(value: string): string[] {
  const items = value.startsWith('[') ? jsonTexts(value) : null
  return (items ?? value.split(',')).map((item) => item.trim()).filter((item) => item !== '')
}

function jsonTexts(value: string): string[] | null {
  try {
    const items: unknown = JSON.parse(value)
    return Array.isArray(items) && items.every((item) => typeof item === 'string') ? items : null
  } catch {
    return null
  }
}

/** `10/3600`: ten in an hour. `0`: no limit. */
export const limit: Kind<Limit> = {
  label: 'count/seconds',
  parse(value) {
    if (value === '0') return good(null)
    const [, count, windowSeconds] = (/^(\d{1,9})\/(\d{1,8})$/.exec(value) ?? []).map(Number)
    return count && windowSeconds && windowSeconds <= 31_536_000
      ? good({ count, windowSeconds })
      : bad('count/seconds such as 10/3600 (at most a year), or 0 for no limit')
  },
}

/** A path, made absolute from the working directory. */
export const path: Kind<string> = {
  label: 'path',
  parse: (value) =>
    value.includes('\0') ? bad('a path') : good(isAbsolute(value) ? value : resolve(process.cwd(), value)),
}

export const email: Kind<string> = {
  label: 'address',
  parse: (value) =>
    value.length <= 254 && /^[^@\s<>,]+@[^@\s<>,]+\.[^@\s<>,]+$/.test(value)
      ? good(value)
      : bad('an e-mail address alone, such as noreply@example.com'),
}

/** A name of RFC 6265: what may stand before `=` in a cookie. */
export const cookieName: Kind<string> = {
  label: 'text',
  parse: (value) =>
    /^[A-Za-z0-9_.-]{1,64}$/.test(value)
      ? good(value)
      : bad('a cookie name of letters, digits, dots, hyphens and underscores'),
}

/** A host name or an IP address (IPv6 with or without brackets); no port. */
export const host: Kind<string> = {
  label: 'host',
  parse(value) {
    const bare = value.replace(/^\[(.+)\]$/, '$1')
    const isName = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(bare)
    // 999.1.1.1 looks like a name and can be none.
    return (isName && URL.canParse(`http://${bare}`)) || isIP(bare) !== 0
      ? good(bare.toLowerCase())
      : bad('a host name or an IP address, without a port')
  },
}

/** An IP address, or a range such as 10.0.0.0/8. */
export const addressRange: Kind<string> = {
  label: 'address',
  parse: (value) =>
    isAddressRange(value) ? good(value.toLowerCase()) : bad('an IP address or a range such as 10.0.0.0/8'),
}
