import { effect, signal } from '@preact/signals'
import { accountId } from './account.ts'
import { addressOf } from './address-of.ts'
import { jsonBody, Refusal, refusalOf } from './api.ts'
import { ask, type BodyOf } from './ask.ts'
import { browser } from './browser.ts'
import { drawPictures } from './draw-pictures.ts'
import { tried } from './library-acts.ts'
import { openDialog } from './open-dialog.ts'
import type { Picture } from './pictures.ts'
import { faultOfDrawing, pictureTexts } from './texts/pictures.ts'
import { say, sayFault } from './ui/toast.tsx'

export interface Drawing {
  stage: 'asked' | 'queued' | 'running'
  count: number
  leaving: AbortController
}

/** What is being drawn. It goes on while its dialog is closed. */
export const drawing = signal<Drawing | null>(null)

/** Why nothing was drawn the last time. */
export const drawingFault = signal<Refusal | null>(null)

/** One's own, the newest first, as far as they have been read; null: not yet. */
export const pictures = signal<Picture[] | null>(null)

/** Where the next page begins; null: there is none. */
export const nextPictures = signal<string | null>(null)

// All this is one person's.
effect(() => {
  void accountId.value
  drawing.peek()?.leaving.abort()
  drawing.value = null
  drawingFault.value = null
  pictures.value = null
  nextPictures.value = null
})

/** What did not work is said. */
export async function draw(order: BodyOf<'POST', 'images'>): Promise<void> {
  if (drawing.value !== null) return
  const leaving = new AbortController()
  const { signal } = leaving
  drawing.value = { stage: 'asked', count: order.n ?? 1, leaving }
  drawingFault.value = null
  const onStage = (stage: Drawing['stage']) => {
    if (drawing.value?.leaving === leaving) drawing.value = { ...drawing.value, stage }
  }
  const { headers, body } = jsonBody(order)
  const asStream = { ...headers, accept: 'text/event-stream' }
  const request = { path: addressOf('images'), init: { method: 'POST', headers: asStream, body } }
  const end = await drawPictures({ request, onStage, signal }, browser)
  if (end.type === 'left') return
  drawing.value = null
  if (end.type === 'drawn') {
    pictures.value = [...end.items, ...(pictures.value ?? [])]
    if (!isShown()) say(pictureTexts.value.ready)
    return
  }
  // They may have been kept in the same moment.
  if (end.type === 'lost') void readPictures()
  const refusal = end.type === 'lost' ? new Refusal('offline') : refusalOf(end.status, end.body)
  if (isShown()) drawingFault.value = refusal
  else sayFault(faultOfDrawing(refusal))
}

export function stopDrawing(): void {
  drawing.value?.leaving.abort()
  drawing.value = null
}

/** The newest ones, in place of those that were read before. */
export async function readPictures(): Promise<void> {
  await readPage(null)
  pictures.value ??= []
}

export async function readMorePictures(): Promise<void> {
  if (nextPictures.value !== null) await readPage(nextPictures.value)
}

export async function deletePicture(id: string): Promise<void> {
  await tried(async () => {
    await ask('DELETE', 'images/:id', { params: { id } })
    pictures.value = pictures.value?.filter((picture) => picture.id !== id) ?? null
  })
}

async function readPage(cursor: string | null): Promise<void> {
  const reader = accountId.value
  await tried(async () => {
    const page = await ask('GET', 'images', { query: { cursor, limit: 24 } })
    if (reader !== accountId.value) return
    pictures.value = cursor === null ? page.items : [...(pictures.value ?? []), ...page.items]
    nextPictures.value = page.next_cursor
  })
}

function isShown(): boolean {
  return openDialog.value?.type === 'pictures'
}
