import { writeSync } from 'node:fs'

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
 * and the end of the process wait for nothing.
 */
export function createLogOutput(fd: number): LogOutput {
  let waiting = Buffer.alloc(0)
  let lines: string[] = []
  let length = 0
  let timer: Timer | null = null

  const output: LogOutput = {
    lastLevel: 0,
    write(line) {
      lines.push(line)
      length += line.length
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
    waiting = Buffer.concat([waiting, Buffer.from(lines.join(''))]).subarray(-maxLength)
    lines = []
    length = 0
    waiting = writeAll(fd, waiting)
    if (waiting.length > 0) timer = setTimeout(flushSync, flushAfterMs)
  }
}

/** Returns what could not be written now. A reader that is gone for good (EPIPE) takes its lines along. */
function writeAll(fd: number, bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  let rest = bytes
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest))
    return rest
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? rest : Buffer.alloc(0)
  }
}
