import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { eq, inArray, sql } from 'drizzle-orm'
import { bigint, bigserial, date, jsonb, numeric, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { rowsOf } from '../../src/db/rows.ts'
import { isUniqueViolation } from '../../src/db/unique-violation.ts'
import { describeOnDatabases } from './databases.ts'
import { refusal } from './refusal.ts'

const probes = pgTable('probes', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  name: text('name').unique('probes_name_key'),
  data: jsonb('data').$type<unknown>(),
  tags: text('tags').array(),
  wide: bigint('wide', { mode: 'bigint' }),
  exact: numeric('exact'),
  day: date('day'),
  at: timestamp('at', { withTimezone: true, mode: 'date' }),
})

const createProbes = sql`
  create table probes (
    id bigserial primary key,
    name text constraint probes_name_key unique,
    data jsonb,
    tags text[],
    wide bigint,
    exact numeric constraint probes_exact_positive check (exact > 0),
    day date,
    at timestamptz
  )`

describeOnDatabases('statements', (db) => {
  beforeAll(async () => {
    await db().execute(createProbes)
  })
  afterAll(async () => {
    await db().execute(sql`drop table probes`)
  })
  beforeEach(async () => {
    await db().execute(sql`truncate probes restart identity`)
  })

  test('every type comes back as it went in', async () => {
    const row = {
      name: '饕餮 \'"\\ \u{1f600}',
      data: { text: 'x', list: [1, null, { deep: true }], quote: '"' },
      tags: ['a', 'b c', '{"', '', '\\'],
      wide: 9007199254740993n,
      exact: '12345678901234567890.000000001',
      day: '2026-02-28',
      at: new Date('2026-03-04T05:06:07.089Z'),
    }
    const [written] = await db().insert(probes).values(row).returning()
    expect(written).toEqual({ id: 1, ...row })
    expect(await db().select().from(probes).where(eq(probes.at, row.at))).toEqual([{ id: 1, ...row }])
  })

  test('an empty row comes back with nulls', async () => {
    const [written] = await db().insert(probes).values({}).returning()
    expect(written).toEqual({
      id: 1,
      name: null,
      data: null,
      tags: null,
      wide: null,
      exact: null,
      day: null,
      at: null,
    })
  })

  test('a jsonb column holds what was put in, not its text', async () => {
    const values = [{ data: { a: 1 } }, { data: [1] }, { data: 'word' }, { data: 5 }, { data: true }]
    await db().insert(probes).values(values)
    const types = await db()
      .select({ type: sql<string>`jsonb_typeof(${probes.data})` })
      .from(probes)
      .orderBy(probes.id)
    expect(types.map(({ type }) => type)).toEqual(['object', 'array', 'string', 'number', 'boolean'])
  })

  test('raw parameters: text, number, truth, null, moment, object', async () => {
    const at = new Date('2026-03-04T05:06:07.089Z')
    const [row] = rowsOf(
      await db().execute(sql`
        select ${'x'}::text as text, ${7}::int as number, ${true}::boolean as truth, ${null}::text as nothing,
          ${at}::timestamptz = '2026-03-04 05:06:07.089Z' as moment, jsonb_typeof(${{ a: 1 }}::jsonb) as object`),
    )
    expect(row).toEqual({
      text: 'x',
      number: 7,
      truth: true,
      nothing: null,
      moment: true,
      object: 'object',
    })
  })

  test('raw results: what is wider than a number is text, moments too', async () => {
    const [row] = rowsOf(
      await db().execute(sql`
        select count(*) as count, 5::int8 as wide, 1.50::numeric as exact, 2::int as number, 0.5::float8 as fraction,
          '2026-02-28'::date as day, timestamptz '2026-03-04 05:06:07.089Z' at time zone 'UTC' as at,
          interval '90 minutes' as span, '{"a":[1]}'::jsonb as json, array[1,2] as list,
          array['a', null, 'NULL', '', ' "\\ ', '{,}'] as words, array[[1,2],[3,null]] as nested,
          array[timestamp '2026-03-04 05:06:07'] as moments, array[1.50] as exacts, array[true, false] as truths, array[5::int8] as wides`),
    )
    expect(row).toEqual({
      count: '1',
      wide: '5',
      exact: '1.50',
      number: 2,
      fraction: 0.5,
      day: '2026-02-28',
      at: '2026-03-04 05:06:07.089',
      span: '01:30:00',
      json: { a: [1] },
      list: [1, 2],
      words: ['a', null, 'NULL', '', ' "\\ ', '{,}'],
      nested: [
        [1, 2],
        [3, null],
      ],
      moments: ['2026-03-04 05:06:07'],
      exacts: ['1.50'],
      truths: [true, false],
      wides: ['5'],
    })
  })

  test('an array is one parameter when asked for', async () => {
    await db()
      .insert(probes)
      .values([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
    const ids = rowsOf(
      await db().execute(sql`select id::int from probes where id = any(${sql.param([1, 3])})`),
    )
    expect(ids).toEqual([{ id: 1 }, { id: 3 }])
    const words = ['a', null, 'NULL', '', ' "\\ ', '{,}']
    const [row] = rowsOf(await db().execute(sql`select ${sql.param(words)}::text[] as words`))
    expect(row).toEqual({ words })
    expect(await db().$count(probes, inArray(probes.name, ['a', 'b', 'z']))).toBe(2)
  })

  test('a data-modifying statement with several parts', async () => {
    const [row] = rowsOf(
      await db().execute(sql`
        with made as (insert into probes (name) values (${'one'}), (${'two'}) returning id)
        select max(id)::int as last from made`),
    )
    expect(row).toEqual({ last: 2 })
  })

  describe('a duplicate', () => {
    beforeEach(async () => {
      await db().insert(probes).values({ name: 'taken' })
    })
    const insertAgain = () => refusal(db().insert(probes).values({ name: 'taken' }))

    test('is told from other faults', async () => {
      expect(isUniqueViolation(await insertAgain())).toBe(true)
      expect(isUniqueViolation(await refusal(db().insert(probes).values({ exact: '-1' })))).toBe(false)
      expect(isUniqueViolation(await refusal(db().execute(sql`select nonsense`)))).toBe(false)
    })

    test('names its constraint', async () => {
      expect(isUniqueViolation(await insertAgain(), 'probes_name_key')).toBe(true)
      expect(isUniqueViolation(await insertAgain(), 'probes_pkey')).toBe(false)
    })

    test('can be ignored by the statement itself', async () => {
      const rows = await db().insert(probes).values({ name: 'taken' }).onConflictDoNothing().returning()
      expect(rows).toEqual([])
    })
  })
})
