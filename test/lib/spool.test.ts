import { expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { spool } from '../../src/lib/spool.ts'
import { tempFolder } from '../support/temp-folder.ts'

async function* numbers(count: number, fault?: Error) {
  for (let at = 0; at < count; at++) yield Buffer.from(`${at},`)
  if (fault) throw fault
}

test('what went in comes out, and nothing is left of it', async () => {
  const folder = join(tempFolder('spool'), 'deeper')
  const whole = async (pieces: AsyncIterable<Uint8Array>) =>
    Buffer.concat(await Array.fromAsync(pieces)).toString()
  const spooled = await spool(numbers(50_000), folder)
  expect(readdirSync(folder)).toEqual([])
  expect(await whole(spooled)).toBe(await whole(numbers(50_000)))
  expect(await whole(await spool(numbers(0), folder))).toBe('')
  const given = await spool(numbers(3), folder)
  await given.return(undefined)
  expect(await given.next()).toMatchObject({ done: true })
  await expect(spool(numbers(3, new Error('gone')), folder)).rejects.toThrow('gone')
})
