import type { importEvent, importView } from '../../../modules/library/schema.ts'
import { addressOf } from '../../address-of.ts'
import { type Refusal, refusalOf } from '../../api.ts'
import { home } from '../../place.ts'

export type ImportReport = typeof importView.static
type ImportEvent = typeof importEvent.static

export interface ImportProgress {
  /** Of the file, from 0 to 1. */
  share: number
  conversations: number
}

export type ImportEnd =
  | { type: 'report'; report: ImportReport }
  | { type: 'refused'; refusal: Refusal }
  /** The connection, or the server. */
  | { type: 'broken' }
  /** The browser may not read the file any more: it was changed or taken away. */
  | { type: 'unreadable' }
  /** By `signal`. */
  | { type: 'left' }

export interface ImportWish {
  isDryRun: boolean
  copiesChanged: boolean
}

/**
 * Sends a file to be imported, and resolves with what came of it. By XMLHttpRequest: nothing else tells how far it is.
 */
export async function sendImport(
  file: File,
  wish: ImportWish,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): Promise<ImportEnd> {
  if (!(await isReadable(file))) return { type: 'unreadable' }
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const wishes = {
      dry_run: wish.isDryRun ? 'true' : null,
      changed: wish.copiesChanged ? 'copy' : null,
    }
    let share = 0
    const tell = () => {
      const conversations = countIn(lastEvent(request.responseText))
      onProgress({ share, conversations })
    }

    request.open('POST', home() + addressOf('import', {}, wishes))
    request.setRequestHeader('accept', 'application/x-ndjson')
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({ loaded, total }) => {
      share = total === 0 ? 1 : loaded / total
      tell()
    }
    request.onprogress = tell
    request.onload = () => resolve(endOf(request))
    request.onerror = () => resolve({ type: 'broken' })
    request.onabort = () => resolve({ type: 'left' })
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

/** A request that cannot read its file fails as if the network had. */
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer()
    return true
  } catch {
    return false
  }
}

function endOf({ status, responseText }: XMLHttpRequest): ImportEnd {
  if (status !== 200) return { type: 'refused', refusal: refusalOf(status, responseText) }
  const event = lastEvent(responseText)
  if (event?.event === 'report') return { type: 'report', report: event.data }
  if (event?.event !== 'error') return { type: 'broken' }
  return { type: 'refused', refusal: refusalOf(statusIn(event.data), JSON.stringify(event.data)) }
}

function statusIn(problem: object): number {
  return 'status' in problem ? Number(problem.status) : 500
}

/** Of the lines that have arrived whole. */
function lastEvent(text: string): ImportEvent | null {
  const end = text.lastIndexOf('\n')
  if (end === -1) return null
  const line = text.slice(text.lastIndexOf('\n', end - 1) + 1, end)
  return line.trim() === '' ? null : JSON.parse(line)
}

function countIn(event: ImportEvent | null): number {
  if (event?.event !== 'progress') return 0
  const { imported, duplicates, changed, skipped } = event.data.conversations
  return imported + duplicates + changed + skipped
}
