import type { createApp } from '../app.ts'
import { addressOf } from './address-of.ts'
import { call } from './api.ts'

/**
 * Asks an operation of /api/v1: `ask('PUT', 'tags/:id', { params: { id }, body: { name } })`. What may be sent and what
 * comes back is what the route itself says, so a field that changes there does not compile here. Rejects with a Refusal.
 */
export function ask<Name extends Method, Path extends string>(
  method: Name,
  path: Path & ([Route<Name, Path>] extends [never] ? never : Path),
  ...[wish]: Wished<Wish<Route<Name, Path>>>
): Promise<Answer<Route<Name, Path>>> {
  const { params = {}, query = {}, body } = (wish ?? {}) as Sent
  return call(method, addressOf(path, params, query), body)
}

/** What an operation answers: `AnswerOf<'GET', 'tags'>`. */
export type AnswerOf<Name extends Method, Path extends string> = Answer<Route<Name, Path>>

/** What it takes as its body. */
export type BodyOf<Name extends Method, Path extends string> =
  Route<Name, Path> extends Record<'body', infer Value> ? NonNullable<Value> : never

/** What may stand in its query. */
export type QueryOf<Name extends Method, Path extends string> =
  Route<Name, Path> extends Record<'query', infer Value> ? NonNullable<Value> : never

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

interface Sent {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
}

type Routes = ReturnType<typeof createApp>['~Routes']['api']['v1']

/** The routes are a tree of the parts of their paths. */
type At<Tree, Path extends string> = Path extends `${infer Head}/${infer Rest}`
  ? Head extends keyof Tree
    ? At<Tree[Head], Rest>
    : never
  : Path extends keyof Tree
    ? Tree[Path]
    : never

type Route<Name extends Method, Path extends string> = [At<Routes, Path>] extends [never]
  ? never
  : At<Routes, Path> extends Record<Lowercase<Name>, infer Found>
    ? Found
    : never

/** Only what there is to be said, and only what must be said. */
type Wish<Found> = Part<Found, 'params'> & Part<Found, 'query', true> & Part<Found, 'body'>

type Part<Found, Key extends string, MayBeNull = false> =
  Found extends Record<Key, infer Value>
    ? unknown extends Value
      ? unknown
      : [keyof NonNullable<Value>] extends [never]
        ? unknown
        : object extends NonNullable<Value>
          ? { [key in Key]?: Nullable<Value, MayBeNull> }
          : { [key in Key]: Nullable<Value, MayBeNull> }
    : unknown

/** Null in a query is left out. */
type Nullable<Value, MayBeNull> = MayBeNull extends true
  ? { [Name in keyof Value]: Value[Name] | null }
  : Value

type Wished<Of> = object extends Of ? [wish?: Of] : [wish: Of]

type Answer<Found> =
  Found extends Record<'response', infer Answers>
    ? Good<Answers[keyof Answers & (200 | 201 | 202 | 204)]>
    : never

/** No body is null. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is what a route returns that says nothing
type Good<Value> = [Value] extends [void] ? null : Value
