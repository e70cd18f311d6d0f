import { expect } from 'bun:test'
import type { Person } from '../conversations/conversations.ts'

/** No limit on how often. */
export const env = { LIMIT_EXPORT_USER: '0', LIMIT_IMPORT_USER: '0' }

export interface Report {
  format: string | null
  dry_run: boolean
  conversations: { imported: number; duplicates: number; changed: number; skipped: number }
  messages: { imported: number; skipped: number }
  problems: { index: number; title: string | null; code: string; count: number; message: string }[]
  problem_count: number
}

/** Of a file that is taken; objects are sent as JSON. */
export async function importFile(person: Person, file: object | string, query = ''): Promise<Report> {
  const { status, body } = await person.ask('POST', `/import${query}`, bodyOf(file))
  expect([status, body]).toEqual([200, expect.anything()])
  return body
}

function bodyOf(file: object | string): BodyInit {
  return typeof file === 'string' || file instanceof Uint8Array ? (file as BodyInit) : JSON.stringify(file)
}

/** What a refused file is told. */
export async function refusedFile(person: Person, file: object | string, query = '') {
  const { status, body } = await person.ask('POST', `/import${query}`, bodyOf(file))
  return { status, code: body.code, detail: body.detail, imported: body.conversations_imported }
}

export function counts(imported: number, others: Partial<Report['conversations']> = {}) {
  return { imported, duplicates: 0, changed: 0, skipped: 0, ...others }
}

export interface Exported {
  format: string
  version: number
  conversations: ExportedConversation[]
}

export interface ExportedConversation {
  id: string
  title: string | null
  tags: string[]
  current_message_id: string | null
  created_at: string
  updated_at: string
  messages: ExportedMessage[]
  [field: string]: unknown
}

export interface ExportedMessage {
  id: string
  parent_id: string | null
  role: string
  content: string
  created_at: string
  [field: string]: unknown
}

export async function exportAll(person: Person, query = ''): Promise<Exported> {
  const { status, body } = await person.get(`/export${query}`)
  expect(status).toBe(200)
  return body
}

/** With places instead of ids: equal for two libraries that hold the same. */
export function withoutIds({ conversations }: Exported) {
  return conversations.map(({ id: _, current_message_id, messages, ...conversation }) => {
    const places = new Map(messages.map(({ id }, at) => [id, at]))
    return {
      ...conversation,
      current: places.get(current_message_id ?? ''),
      messages: messages.map(({ id: _, parent_id, ...message }) => ({
        ...message,
        parent: parent_id === null ? null : places.get(parent_id),
      })),
    }
  })
}
