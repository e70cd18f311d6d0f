import { describe, expect, test } from 'bun:test'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { createLog, type Log, writeLine } from '../../src/lib/log.ts'
import { createLogOutput } from '../../src/lib/log-output.ts'
import { tempFolder } from '../support/temp-folder.ts'

describe('writeLine', () => {
  const records: object[] = [
    {},
    { path: '/auth/me', status: 200, duration_ms: 0.4, outcome: undefined },
    { path: '/"quoted"\\\n\r\t\u0000\u001b[31m\u2028{"level":"fatal"}' },
    { path: '/中文/🦊/\ud800' },
    { empty: null, wrong: Number.NaN, yes: true },
  ]

  test.each(records)('writes the line that the log would: %j', (record) => {
    const lines: string[] = []
    const log = createLog('info', (line) => lines.push(line))
    log.info(record, 'request')
    writeLine(log, 'info', record, 'request')
    const [usual, fast] = lines.map(withoutTime)
    expect(fast).toBe(usual as string)
  })

  test('knows when, and keeps to the level', () => {
    const lines: string[] = []
    const log = createLog('info', (line) => lines.push(line))
    writeLine(log, 'debug', {}, 'quiet')
    expect(lines).toEqual([])
    const before = Date.now()
    writeLine(log, 'info', {}, 'heard')
    expect(Date.parse(JSON.parse(lines[0] ?? '').time)).toBeWithin(before, Date.now() + 1)
  })

  test('is not taken for an error that waits for nothing, even after one', () => {
    const path = join(tempFolder('log'), 'log')
    const log = pino({}, createLogOutput(openSync(path, 'a'))) as Log
    log.error('broken')
    writeLine(log, 'info', {}, 'request')
    const written = readFileSync(path, 'utf8')
    expect(written).toContain('broken')
    expect(written).not.toContain('request')
  })
})

/** The times differ. */
function withoutTime(line: string): string {
  return line.replace(/"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, '"time":""')
}
