import { readFileSync } from 'node:fs'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Guide } from '../config.ts'

const maxBytes = 256 * 1024

const Text = Type.String({ minLength: 1 })
const InBoth = Type.Object({ zh: Text, en: Text }, { additionalProperties: false })
const GuideSchema = Type.Object(
  {
    knowledge: InBoth,
    presets: Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), InBoth, {
      additionalProperties: false,
    }),
  },
  { additionalProperties: false },
)

/** The guide in a JSON file, or everything that is wrong with it. */
export function readGuide(file: string): { guide: Guide } | { faults: string[] } {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException
    return { faults: [`expected a file that can be read (${code})`] }
  }
  if (Buffer.byteLength(content) > maxBytes) return { faults: ['expected a file of at most 256 KiB'] }
  return guideOf(content.replace(/^\uFEFF/, ''))
}

function guideOf(content: string): { guide: Guide } | { faults: string[] } {
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch {
    return { faults: ['expected JSON'] }
  }
  if (Value.Check(GuideSchema, parsed)) return { guide: parsed satisfies Static<typeof GuideSchema> }
  const faults = new Map<string, string>()
  for (const { path, message } of Value.Errors(GuideSchema, parsed)) {
    if (!faults.has(path)) faults.set(path, `at ${path === '' ? 'the top' : path}: ${lowerCased(message)}`)
  }
  return { faults: [...faults.values()] }
}

function lowerCased(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}
