import { expect, test } from 'bun:test'
import { createId, createUid, isId } from '../../src/lib/ids.ts'

test('ids are known by their form', () => {
  for (const id of [createId(), createId().toUpperCase(), '00000000-0000-0000-0000-000000000000']) {
    expect(isId(id)).toBe(true)
  }
  const id = createId()
  for (const other of [
    '',
    'x',
    createUid(),
    `${id}x`,
    ` ${id}`,
    `${id}\n`,
    id.replaceAll('-', ''),
    `{${id}}`,
  ]) {
    expect([other, isId(other)]).toEqual([other, false])
  }
})
