import { describe, expect, test } from 'bun:test'
import { explainFailure } from '../../src/commands/explain-failure.ts'
import type { Config } from '../../src/config.ts'
import { AppError } from '../../src/errors.ts'

const config = { host: '127.0.0.1', port: 5000, dataDir: './data', database: null } as Config
const withServer = { ...config, database: { url: 'postgres://db/x' } } as Config
const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code })

describe('explainFailure', () => {
  test('says what to do about it', () => {
    expect(explainFailure(withCode('EADDRINUSE'), config)).toStartWith('127.0.0.1:5000 is in use')
    expect(explainFailure(withCode('EROFS'), config)).toContain('DATA_DIR (./data)')
    expect(explainFailure(withCode('ENOSPC'), config)).toContain('full')
    expect(explainFailure(new Error('plain words'), config)).toBe('plain words')
  })

  test('names the innermost cause of a database that is away, without its password', () => {
    const cause = withCode('ECONNREFUSED', 'connect postgres://me:pa55@db:5432')
    const error = new Error('query', { cause: new AppError('dependency_down', 'away', { cause }) })
    const text = explainFailure(error, withServer)
    expect(text).toContain('ECONNREFUSED')
    expect(text).toContain('DATABASE_URL')
    expect(text).not.toContain('pa55')
  })

  test('does not send the embedded database to PostgreSQL', () => {
    const error = new AppError('dependency_down', 'The embedded database has stopped')
    expect(explainFailure(error, config)).toBe('The embedded database has stopped')
  })
})
