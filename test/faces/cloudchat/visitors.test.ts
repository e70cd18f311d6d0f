import { expect, test } from 'bun:test'
import { loadConfig } from '../../../src/config.ts'
import { createVisitors } from '../../../src/faces/cloudchat/visitors.ts'
import { createToken, hashToken } from '../../../src/lib/tokens.ts'
import type { ChatMessage } from '../../../src/llm/llm.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeOnBothStores } from './stores.ts'

const config = loadConfig({ DATA_DIR: tempFolder('visitors'), MAX_HISTORY: '2' })
const stays = new AbortController().signal

const user = (content: string) => ({ role: 'user' as const, content })
const assistant = (content: string) => ({ role: 'assistant' as const, content })

describeOnBothStores('a visitor', (store) => {
  const visitors = () => createVisitors({ kv: store.here, config })

  async function chat(token: string | null, question: string, reply: string): Promise<string> {
    const visit = await visitors().beginVisit(token, stays)
    await visit.remember(question, reply)
    await visit.end()
    return visit.token
  }

  test('is remembered by a token, round after round, at most MAX_HISTORY of them', async () => {
    const token = await chat(null, '1', 'a')
    expect(await chat(token, '2', 'b')).toBe(token)
    expect(await visitors().findMessages(token)).toEqual([
      user('1'),
      assistant('a'),
      user('2'),
      assistant('b'),
    ])
    await chat(token, '3', '')
    expect(await visitors().findMessages(token)).toEqual([user('2'), assistant('b'), user('3')])
  })

  test('with a token that is not alive becomes a new one: nobody plants tokens', async () => {
    const planted = createToken()
    const token = await chat(planted, '1', 'a')
    expect(token).not.toBe(planted)
    expect(await visitors().findMessages(planted)).toBeNull()
  })

  test.each(['', 'x', '../..', '界'.repeat(43), 'a'.repeat(44)])('with the token %j as well', async (odd) => {
    expect(await chat(odd, '1', 'a')).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await visitors().findMessages(odd)).toBeNull()
    expect(await visitors().forget(odd)).toBe(false)
  })

  test('is forgotten on request, and stays the same visitor', async () => {
    const token = await chat(null, '1', 'a')
    expect(await visitors().forget(token)).toBe(true)
    expect(await visitors().findMessages(token)).toEqual([])
    expect(await chat(token, '2', 'b')).toBe(token)
  })

  test('who was forgotten meanwhile does not get back what began before', async () => {
    const token = await chat(null, '1', 'a')
    const visit = await visitors().beginVisit(token, stays)
    await visitors().forget(token)
    await visit.remember('2', 'b')
    await visit.end()
    expect(await visitors().findMessages(token)).toEqual([])
  })

  test('nothing is created for a token that is not alive', async () => {
    const token = createToken()
    expect(await visitors().forget(token)).toBe(false)
    expect(await visitors().findMessages(token)).toBeNull()
  })

  test('whose history the store has lost is remembered again by the answer that was under way', async () => {
    const token = await chat(null, '1', 'a')
    const visit = await visitors().beginVisit(token, stays)
    await store.there.delete(historyKey(token))
    await visit.remember('2', 'b')
    await visit.end()
    expect(await visitors().findMessages(token)).toEqual([
      user('1'),
      assistant('a'),
      user('2'),
      assistant('b'),
    ])
  })

  const junk: [stored: string, messages: ChatMessage[]][] = [
    ['not JSON', []],
    ['null', []],
    ['5', []],
    ['[1,2]', []],
    ['{"messages":"x"}', []],
    ['{"messages":[null,1,{"role":"root","content":"x"},{"role":"user"},{"role":"user","content":5}]}', []],
    ['{"messages":[{"role":"system","content":"x"},{"role":"user","content":"1"}]}', [user('1')]],
  ]
  test.each(junk)('with junk in the store (%s) can chat', async (stored, messages) => {
    const token = await chat(null, '0', '')
    await store.there.set(historyKey(token), stored, 60)
    expect(await visitors().findMessages(token)).toEqual(messages)
    await chat(token, '2', 'b')
    expect(await visitors().findMessages(token)).toEqual([...messages, user('2'), assistant('b')])
  })
})

function historyKey(token: string): string {
  return `cc:history:${hashToken(token)}`
}
