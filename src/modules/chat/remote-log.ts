import type { Deps } from '../../deps.ts'
import { createBell } from '../../lib/bell.ts'
import { describeError } from '../../lib/describe-error.ts'
import { listChunks } from './chunk-store.ts'
import { findTurnEnd } from './end-store.ts'
import type { LogEntry } from './events.ts'
import type { LogSource } from './follow-turn.ts'
import { grownChannel, readMirroredLog } from './mirrored-log.ts'
import { logOfEnd } from './stored-log.ts'
import { createTurnLog, type TurnLog } from './turn-log.ts'

/** Without a word from the instance that generates, the log and the turn's state are looked at so often. */
const pauseMs = 400
/** From the end in the database to the last words in the shared store. */
const lastWordsMs = 300
/** A new log may take so long to come to the shared store; what the database keeps of it has other numbers. */
const firstWordsMs = 2000

type Origin = 'mirror' | 'chunks' | 'end'

/**
 * The log of a turn that another instance generates: a copy that follows the shared store, or the stored chunks
 * where there is none. All readers of this process share it; it is kept up as long as there are any.
 */
export function openRemoteLog(deps: Deps, turnId: string): Promise<LogSource> {
  let source = deps.remoteLogs.get(turnId)
  if (source === undefined) {
    source = open(deps, turnId)
    deps.remoteLogs.set(turnId, source)
    source.catch(() => deps.remoteLogs.delete(turnId))
  }
  return source
}

async function open(deps: Deps, turnId: string): Promise<LogSource> {
  const bell = createBell()
  const source: { -readonly [Key in keyof LogSource]: LogSource[Key] } = {
    log: createTurnLog(),
    readers: 0,
    left: () => bell.ring(),
  }
  const openedAt = performance.now()
  let origin: Origin | null = null
  let endSeenAt: number | null = null
  let isFound = true
  await advance()
  void keepUp()
  return source

  async function keepUp(): Promise<void> {
    const stopListening = deps.kv.subscribe(grownChannel, (ids) => {
      if (ids.includes(turnId)) bell.ring()
    })
    do {
      await bell.wait(endSeenAt === null ? pauseMs : lastWordsMs)
      await advance().catch((error) => {
        deps.log.debug(
          { turn_id: turnId, error: describeError(error) },
          'a turn could not be followed for now',
        )
      })
    } while (!source.log.isEnded && (source.readers > 0 || (await isJoined())))
    stopListening()
    hide()
  }

  /** Whoever has found us a moment ago is about to sit down; nobody finds us from now on. */
  async function isJoined(): Promise<boolean> {
    hide()
    await Bun.sleep(0)
    return source.readers > 0
  }

  /** Once: after that another may stand in our place. */
  function hide(): void {
    if (isFound) deps.remoteLogs.delete(turnId)
    isFound = false
  }

  async function advance(): Promise<void> {
    const isNews = (await readMirror()) ?? (mayBeOnItsWay() ? false : await readChunks())
    if (!isNews) await lookForEnd()
  }

  function mayBeOnItsWay(): boolean {
    return origin === null && deps.kv.state() === 'up' && performance.now() - openedAt < firstWordsMs
  }

  /** null: the shared store has nothing of this log. */
  async function readMirror(): Promise<boolean | null> {
    const entries = await readMirroredLog(deps, turnId, origin === 'mirror' ? source.log.lastSeq : 0)
    if (entries === null) return null
    if (origin !== 'mirror') replace('mirror', createTurnLog())
    for (const entry of entries) source.log.add(entry)
    return entries.length > 0
  }

  /** What was kept every two seconds, each piece under the number of its last event. */
  async function readChunks(): Promise<boolean> {
    if (origin !== 'chunks') return readAllChunks()
    const known = source.log.lastSeq
    const chunks = await listChunks(deps.db, turnId, known - 1)
    if (chunks.length === 0) return false
    // Where the last one that we know is gone, all of them are: what was said was kept anew, in one piece.
    if (known > 0 && chunks[0]?.seq !== known) return readAllChunks()
    const news = chunks.filter(({ seq }) => seq > known)
    for (const { seq, text, reasoning } of news) {
      // One number is one event: a reader who is cut off after half of it would lose the other.
      if (reasoning === '') addPiece(seq, 'delta', { text })
      else if (text === '') addPiece(seq, 'reasoning', { text: reasoning })
      else
        addPiece(seq, 'snapshot', {
          text: source.log.text + text,
          reasoning: source.log.reasoning + reasoning,
        })
    }
    return news.length > 0
  }

  async function readAllChunks(): Promise<boolean> {
    const chunks = await listChunks(deps.db, turnId, 0)
    const seq = chunks.at(-1)?.seq ?? 0
    // Readers have more than was kept: the rest is there in a moment, and nobody is to see his text shrink until then.
    if (seq < source.log.lastSeq) return false
    const text = chunks.map((chunk) => chunk.text).join('')
    const reasoning = chunks.map((chunk) => chunk.reasoning).join('')
    replace('chunks', createTurnLog({ seq, text, reasoning }))
    return chunks.length > 0
  }

  function addPiece(seq: number, type: LogEntry['type'], data: object): void {
    source.log.add({ seq, type, data: JSON.stringify(data) })
  }

  /** Where the last words never came, the database has them. */
  async function lookForEnd(): Promise<void> {
    const end = await findTurnEnd(deps.db, turnId)
    if (end?.state === 'running') return
    // The end is written down first, and is in the shared store a moment later: so that nothing need be told again.
    endSeenAt ??= performance.now()
    if (origin !== 'chunks' && performance.now() - endSeenAt < lastWordsMs) return
    if (!(await readMirror())) replace('end', logOfEnd(end))
  }

  /** Readers of the old log wake up and find the new one, whose snapshot they need. */
  function replace(from: Origin, log: TurnLog): void {
    const old = source.log
    origin = from
    source.log = log
    old.giveUp()
  }
}
