import { createVisitor } from '../support/visitor.ts'
import { password, registerAccount } from './account.ts'
import { type BenchOptions, type Figure, lowerQuartile } from './figure.ts'
import { startOnServices } from './service.ts'

const known = 'known@example.com'

/**
 * Whether the time of an answer tells that an account exists. The reference is two series of unknown accounts:
 * as far as that is from 1, so far is the measure itself from the truth.
 */
export async function logInTiming({ tries }: BenchOptions): Promise<Figure[]> {
  const service = await startOnServices()
  await registerAccount(service.url, known)
  const logIn = await compare(tries ?? 60, (identifier) =>
    answerMs(service.url, '/auth/login', 401, { identifier, password: `not ${password}` }),
  )
  const forgot = await compare(tries ?? 100, (identifier) =>
    answerMs(service.url, '/auth/password/forgot', 200, { identifier }),
  )
  await service.stop()
  return [figure('log in with a wrong password', logIn), figure('forgot password', forgot)]
}

interface Comparison {
  knownMs: number
  unknownMs: number
  otherUnknownMs: number
}

/** Three series in a random order, so that nothing that comes and goes meets only one of them. */
async function compare(tries: number, ask: (identifier: string) => Promise<number>): Promise<Comparison> {
  const series: Record<'known' | 'unknown' | 'other', number[]> = { known: [], unknown: [], other: [] }
  for (let warming = 0; warming < 5; warming++) await ask(known)
  for (let round = 0; round < tries; round++) {
    for (const kind of shuffled(['known', 'unknown', 'other'] as const)) {
      series[kind].push(
        await ask(kind === 'known' ? known : `${kind}${String(round).padStart(4, '0')}@example.com`),
      )
    }
  }
  return {
    knownMs: lowerQuartile(series.known),
    unknownMs: lowerQuartile(series.unknown),
    otherUnknownMs: lowerQuartile(series.other),
  }
}

async function answerMs(origin: string, path: string, status: number, body: unknown): Promise<number> {
  const begun = performance.now()
  const response = await createVisitor(origin).post(path, body)
  const text = await response.text()
  const ms = performance.now() - begun
  if (response.status !== status) throw new Error(`${path}: ${response.status} ${text}`)
  return ms
}

function figure(what: string, { knownMs, unknownMs, otherUnknownMs }: Comparison): Figure {
  return {
    what: `${what}, known / unknown (${knownMs.toFixed(1)} ms)`,
    measured: apart(knownMs, unknownMs),
    unit: '×',
    reference: { what: 'unknown / unknown', measured: apart(unknownMs, otherUnknownMs) },
    goal: { is: 'at most', limit: 1.05, of: 'value' },
  }
}

/** Faster tells as much as slower. */
function apart(a: number, b: number): number {
  return Math.max(a / b, b / a)
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
