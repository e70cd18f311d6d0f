import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  adoptFactor,
  factorOf,
  learnFactor,
  type TokenFactor,
} from '../../../src/modules/models/token-factors.ts'

const nobody = () => ({ tokenFactors: new Map<string, TokenFactor>() })

describe('the factor of a model', () => {
  test('is 1 until something is known, and each model’s own', () => {
    const deps = nobody()
    expect(factorOf(deps, 'a/b')).toBe(1)
    learnFactor(deps, 'a/b', 100, 150)
    expect(factorOf(deps, 'a/b')).toBeCloseTo(1.5)
    expect(factorOf(deps, 'a/c')).toBe(1)
  })

  test('is within 15 % after ten answers, whatever the prompts and however the provider counts', () => {
    const prompt = fc.record({
      estimated: fc.integer({ min: 8, max: 100_000 }),
      noise: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.double({ min: 0.6, max: 1.8, noNaN: true }),
        fc.array(prompt, { minLength: 10, maxLength: 10 }),
        (counts, prompts) => {
          const deps = nobody()
          for (const { estimated, noise } of prompts) {
            learnFactor(deps, 'm', estimated, Math.max(1, Math.round(estimated * counts * noise)))
          }
          expect(Math.abs(factorOf(deps, 'm') / counts - 1)).toBeLessThan(0.15)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('follows a provider that counts otherwise from now on', () => {
    const deps = nobody()
    for (let answer = 0; answer < 200; answer++) learnFactor(deps, 'm', 300, 300)
    for (let answer = 0; answer < 60; answer++) learnFactor(deps, 'm', 300, 450)
    expect(factorOf(deps, 'm')).toBeGreaterThan(1.5 * 0.85)
  })

  test('stays within its bounds, whatever is reported', () => {
    const number = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(0, -1, Number.NaN, Infinity, 1e308, 5e-324),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number)), (answers) => {
        const deps = nobody()
        for (const [estimated, reported] of answers) learnFactor(deps, 'm', estimated, reported)
        expect(factorOf(deps, 'm')).toBeWithin(0.3, 3.001)
      }),
    )
  })

  test('is not thrown over by one strange answer', () => {
    const deps = nobody()
    for (let answer = 0; answer < 10; answer++) learnFactor(deps, 'm', 500, 500)
    learnFactor(deps, 'm', 1000, 1_000_000)
    expect(factorOf(deps, 'm')).toBeLessThan(1.6)
  })

  test('is taken over where it rests on more answers than are known here', () => {
    const deps = nobody()
    learnFactor(deps, 'm', 100, 100)
    adoptFactor(deps, { model: 'm', factor: 1.5, answers: 1 })
    expect(factorOf(deps, 'm')).toBe(1)
    adoptFactor(deps, { model: 'm', factor: 1.5, answers: 40 })
    expect(factorOf(deps, 'm')).toBe(1.5)
    learnFactor(deps, 'm', 500, 500)
    expect(factorOf(deps, 'm')).toBeWithin(1.4, 1.5)
  })
})
