import { unreadable } from './fault.ts'
import { fetchPicture } from './fetch-picture.ts'
import type { Picture } from './llm.ts'
import type { Drawing } from './painter.ts'
import { askProvider, isRecord } from './provider-json.ts'

/** OpenAI's way: one question, and the pictures, or where they are, in its answer. */
export async function drawAtOnce({
  wish,
  access,
  model,
  signal,
  onProgress,
  onDrawn,
}: Drawing): Promise<Picture[]> {
  signal.throwIfAborted()
  onProgress('running')
  const { prompt, size, count } = wish
  const answer = await askProvider(access, `${access.baseUrl}/images/generations`, {
    body: { model, prompt, n: count, ...(size === null ? {} : { size }) },
    signal,
  })
  const items: unknown[] = Array.isArray(answer.data) ? answer.data : []
  if (items.length === 0) throw unreadable('an answer without pictures')
  onDrawn()
  return Promise.all(items.map((item) => pictureOf(item)))

  function pictureOf(item: unknown): Picture | Promise<Picture> {
    if (isRecord(item) && typeof item.b64_json === 'string') {
      return { bytes: Buffer.from(item.b64_json, 'base64'), url: null }
    }
    if (isRecord(item) && typeof item.url === 'string') return fetchPicture(item.url, access, signal)
    throw unreadable('an answer without pictures')
  }
}
