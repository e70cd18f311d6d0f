import { addressOf } from '../../address-of.ts'
import { refusalOf } from '../../api.ts'
import { browser } from '../../browser.ts'

export type ExportFormat = 'json' | 'markdown'
export type ExportScope = 'all' | 'current' | 'archived'

export interface ExportProgress {
  conversations: number
  totalConversations: number
  bytes: number
}

/**
 * Fetches all conversations as one file. Rejects with a Refusal where there was an answer, with anything else when it was
 * cut off or `signal` has ended it.
 */
export async function fetchExport(
  wish: { format: ExportFormat; scope: ExportScope },
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<{ file: Blob; name: string; conversations: number }> {
  const archived = { all: null, current: 'false', archived: 'true' }[wish.scope]
  const response = await browser.fetch(addressOf('export', {}, { format: wish.format, archived }), { signal })
  if (!response.ok) throw refusalOf(response.status, await response.text())
  const totalConversations = Number(response.headers.get('x-total-conversations'))
  const reader = response.body?.getReader()
  const pieces: Uint8Array<ArrayBuffer>[] = []
  const count = createMarkCounter(marks[wish.format])
  let conversations = 0
  let bytes = 0
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (value !== undefined) {
      pieces.push(value)
      bytes += value.length
      conversations = Math.min(totalConversations, count(value))
      onProgress({ conversations, totalConversations, bytes })
    }
    if (done) break
  }
  const type = response.headers.get('content-type') ?? ''
  return { file: new Blob(pieces, { type }), name: nameOf(response), conversations: totalConversations }
}

/** What each conversation has once: its list of messages, or a file of the archive. */
const marks: Record<ExportFormat, Uint8Array> = {
  json: new TextEncoder().encode(',"messages":['),
  markdown: new TextEncoder().encode('PK\u0003\u0004'),
}

/** How often the mark has come by, over all pieces. It may be cut in two. */
function createMarkCounter(mark: Uint8Array): (piece: Uint8Array) => number {
  let matched = 0
  let count = 0
  return (piece) => {
    for (const byte of piece) {
      matched = byte === mark[matched] ? matched + 1 : byte === mark[0] ? 1 : 0
      if (matched < mark.length) continue
      matched = 0
      count++
    }
    return count
  }
}

/** As the service calls it. */
function nameOf(response: Response): string {
  const header = response.headers.get('content-disposition') ?? ''
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1]
  if (encoded !== undefined) return decodeURIComponent(encoded)
  return /filename="([^"]+)"/i.exec(header)?.[1] ?? 'conversations'
}
