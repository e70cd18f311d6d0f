import { fstatSync, writeSync } from 'node:fs'

/** What pino writes to. `lastLevel` is told by pino before each line, as it is asked to. */
export interface LogOutput {
  write(line: string): void
  flushSync(): void
  lastLevel: number
}

const flushAfterMs = 20
const flushAtLength = 16 * 1024
/** With a reader that has stopped reading, older lines give way. */
const maxLength = 1024 * 1024
const errorLevel = 50

/**
 * Lines go out together, a few milliseconds late: a system call for each would cost more than most requests. Errors
 * and the end of the process wait for nothing. A pipe or socket that nobody empties holds nobody up: a service that
 * waits for the reader of its log answers no request meanwhile.
 */
export function createLogOutput(fd: number): LogOutput {
  const send = senderTo(fd)
  let lines: string[] = []
  let length = 0
  let timer: Timer | null = null
  let isStuck = false

  const output: LogOutput = {
    lastLevel: 0,
    write(line) {
      lines.push(line)
      length += line.length
      while (length > maxLength) length -= lines.shift()?.length ?? length
      if (length >= flushAtLength || output.lastLevel >= errorLevel) flushSync()
      else timer ??= setTimeout(flushSync, flushAfterMs)
    },
    flushSync,
  }
  process.on('exit', flushSync)
  return Object.assign(output, { [Symbol.for('pino.metadata')]: true })

  function flushSync(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (isStuck || length === 0) return
    const text = lines.join('')
    lines = []
    length = 0
    const room = send(text)
    if (room === null) return
    isStuck = true
    void room.then(() => {
      isStuck = false
      flushSync()
    })
  }
}

/**
 * Takes all of the text. Returns null, or what resolves when there is room for more; so it does for a reader who is
 * gone for good, who takes his lines along.
 */
type Send = (text: string) => Promise<unknown> | null

function senderTo(fd: number): Send {
  if (fstatSync(fd).isFile()) return (text) => writeAll(fd, text)
  // Takes as much as there is room for without waiting, and keeps the rest until there is more.
  const sink = Bun.file(fd).writer()
  return (text) => {
    try {
      const taken = [sink.write(text), sink.flush()]
      return taken.some((each) => each instanceof Promise) ? Promise.all(taken).catch(() => {}) : null
    } catch {
      return null
    }
  }
}

/** A disk that is full must not end the service. */
function writeAll(fd: number, text: string): null {
  try {
    for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest))
  } catch {}
  return null
}
