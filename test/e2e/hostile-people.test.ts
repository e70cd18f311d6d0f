import { expect, setDefaultTimeout, test } from 'bun:test'
import { type ApiPerson, registerPerson } from '../support/api-person.ts'
import { startBinaryOnStack } from '../support/binary-on-stack.ts'
import { describeOnStacks } from '../support/stacks.ts'

setDefaultTimeout(60_000)

/** What somebody with an account may try, where the executable once did otherwise than the source. */
describeOnStacks('what somebody asks of the executable', (stack) => {
  test('is held to the bounds of its schema', async () => {
    await using app = await startBinaryOnStack(stack)
    const ann = await registerPerson(app.url)
    const id = await ann.newConversation()
    const lists = ['/api/v1/conversations', `/api/v1/conversations/${id}/messages`]
    for (const limit of ['0', '-1', '101', '99999999999999999999', '1.5', '']) {
      for (const list of lists) {
        expect([limit, await answerTo(ann, `${list}?limit=${limit}`)]).toEqual([limit, '400 invalid_request'])
      }
    }
    for (const list of lists) expect(await answerTo(ann, `${list}?limit=100`)).toStartWith('200')
  })
})

async function answerTo(person: ApiPerson, path: string): Promise<string> {
  const response = await person.fetch(path)
  const { code } = (await response.json()) as { code?: string }
  return `${response.status} ${code}`
}
