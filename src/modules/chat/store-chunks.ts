import type { Deps } from '../../deps.ts'
import { type Chunk, deleteChunks, insertChunks } from './chunk-store.ts'
import type { LiveTurn } from './live-turn.ts'

/** Keeps what the running turns have said since the last time: one insert for all of them. */
export async function storeChunks({ db, turns }: Pick<Deps, 'db' | 'turns'>): Promise<void> {
  const grown = [...turns.values()].filter(({ log, stored }) => !log.isEnded && log.lastSeq > stored.seq)
  if (grown.length === 0) return
  const unsure = grown.filter(({ stored }) => stored.isUnsure).map(({ id }) => id)
  const chunks = grown.map(takeChunk).filter(({ text, reasoning }) => text !== '' || reasoning !== '')
  const storing = write()
  // The end of a turn waits for this: a chunk that came after it would stay for ever.
  const settled = storing.catch(() => {})
  for (const turn of grown) turn.storing = settled
  try {
    await storing
  } catch (error) {
    // It may have been done all the same: only from the beginning is it sure that nothing is there twice.
    for (const turn of grown) turn.stored = { seq: 0, textLength: 0, reasoningLength: 0, isUnsure: true }
    throw error
  }

  async function write(): Promise<void> {
    if (unsure.length > 0) await deleteChunks(db, unsure)
    if (chunks.length > 0) await insertChunks(db, chunks)
  }
}

function takeChunk(turn: LiveTurn): Chunk {
  const { log, stored } = turn
  const text = log.text.slice(stored.textLength)
  const reasoning = log.reasoning.slice(stored.reasoningLength)
  turn.stored = {
    seq: log.lastSeq,
    textLength: log.text.length,
    reasoningLength: log.reasoning.length,
    isUnsure: false,
  }
  return { turnId: turn.id, seq: log.lastSeq, text, reasoning }
}
