import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test'
import { drawPictures } from '../../src/web/draw-pictures.ts'
import { createScriptedDevice } from '../support/scripted-device.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

function draw() {
  const device = createScriptedDevice()
  const stages: string[] = []
  const leaving = new AbortController()
  const onStage = (stage: string) => void stages.push(stage)
  const request = { path: 'images', init: { method: 'POST' } }
  const end = drawPictures({ request, onStage, signal: leaving.signal }, device)
  return { device, stages, leaving, end }
}

const wire = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`

describe('drawPictures', () => {
  test('tells how far it is, and resolves with what was drawn', async () => {
    const { device, stages, end } = draw()
    const request = await device.request(1)
    expect([request.path, request.init.method]).toEqual(['images', 'POST'])
    request.open()
    request.say(wire('queued', {}) + wire('running', {}) + wire('done', { items: [{ id: 'one' }] }))
    expect(await end).toMatchObject({ type: 'drawn', items: [{ id: 'one' }] })
    expect(stages).toEqual(['queued', 'running'])
  })

  test('what goes wrong before it begins or later has its code', async () => {
    const before = draw()
    const first = await before.device.request(1)
    first.answer(Response.json({ code: 'quota_exceeded' }, { status: 429 }))
    expect(await before.end).toMatchObject({ type: 'refused', status: 429 })

    const later = draw()
    const second = await later.device.request(1)
    second.open()
    second.say(wire('running', {}) + wire('error', { code: 'provider_rejected', status: 502 }))
    const end = await later.end
    if (end.type !== 'refused') throw new Error(end.type)
    expect([end.status, JSON.parse(end.body).code]).toEqual([502, 'provider_rejected'])
  })

  test.each(['lost', 'cut', 'asleep', 'refused in passing'])('is never asked for twice: %s', async (how) => {
    const { device, end } = draw()
    const request = await device.request(1)
    if (how === 'refused in passing') request.answer(new Response(null, { status: 503 }))
    else if (how === 'lost') request.lose()
    else {
      request.open()
      request.say(wire('running', {}))
      await Promise.resolve()
      jest.advanceTimersByTime(15_000)
      if (how === 'cut') request.end()
      else device.wake('network')
    }
    expect((await end).type).toBe(how === 'refused in passing' ? 'refused' : 'lost')
    jest.advanceTimersByTime(60_000)
    expect(device.requests.filter(({ init }) => !init.signal?.aborted)).toEqual([])
    expect(device.requests.length).toBeLessThanOrEqual(how === 'asleep' ? 2 : 1)
  })

  test('nobody wants them any more: the request is given up, and nothing is said', async () => {
    const { device, leaving, end } = draw()
    const request = await device.request(1)
    request.open()
    leaving.abort()
    await request.left
    expect(await end).toEqual({ type: 'left' })
  })
})
