import { afterEach, describe, expect, test } from 'bun:test'
import { version } from '../../src/lib/version.ts'
import { createMetrics, type MeasuredTurn, type Metrics } from '../../src/metrics/metrics.ts'
import { eventually } from '../kv/eventually.ts'
import { parsePrometheus } from './prometheus-text.ts'

let kvState: 'embedded' | 'up' | 'down' = 'embedded'
const turns = new Map()
const opened: Metrics[] = []

function setUp() {
  const metrics = createMetrics({ kv: { state: () => kvState }, turns })
  opened.push(metrics)
  const scrape = async () => parsePrometheus((await metrics.scrape()).text).samples
  return { metrics, scrape }
}
afterEach(() => {
  for (const metrics of opened.splice(0)) metrics.close()
})

const turn: MeasuredTurn = {
  outcome: 'complete',
  promptTokens: 12,
  completionTokens: 30,
  durationSeconds: 3,
  timeToFirstTokenSeconds: 0.3,
}

describe('the text', () => {
  test('is in the format of Prometheus, before anything has happened and after', async () => {
    const { metrics } = setUp()
    const { contentType, text } = await metrics.scrape()
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8/)
    const { families } = parsePrometheus(text)
    for (const [name, { help }] of families) {
      expect(name).toMatch(/^(cloudchat|process)_[a-z_]+$/)
      expect(help).toMatch(/^[A-Z0-9].*\.$/)
    }
    metrics.requestAnswered('GET', '/', 200, 0.002)
    metrics.turnEnded(turn)
    metrics.streamOpened('sse')
    expect(parsePrometheus((await metrics.scrape()).text).families).toEqual(families)
  })

  test('what another has counted is not in it', async () => {
    const { metrics } = setUp()
    metrics.turnEnded(turn)
    expect((await setUp().scrape()).get('cloudchat_turns_total{outcome="complete"}')).toBe(0)
  })
})

describe('requests', () => {
  const total = (labels: string) => `cloudchat_http_requests_total{${labels}}`

  test('are counted by method, class and status', async () => {
    const { metrics, scrape } = setUp()
    for (let count = 0; count < 3; count++) metrics.requestAnswered('GET', '/auth/me', 200, 0.001)
    metrics.requestAnswered('POST', '/auth/login', 401, 0.06)
    metrics.requestAnswered('GET', '/api/v1/conversations', 503, 2)
    metrics.requestAnswered('GET', '/api/v1/ws/chat', 101, 0)
    const samples = await scrape()
    const counted = [...samples].filter(([name]) => name.startsWith('cloudchat_http_requests_total'))
    expect(Object.fromEntries(counted)).toEqual({
      [total('method="GET",route_class="auth",status="200"')]: 3,
      [total('method="POST",route_class="auth",status="401"')]: 1,
      [total('method="GET",route_class="api",status="503"')]: 1,
      [total('method="GET",route_class="api",status="101"')]: 1,
    })
    // Asking does not count.
    expect((await scrape()).get(total('method="GET",route_class="auth",status="200"'))).toBe(3)
  })

  test.each([
    ['/api/v1/users/me', 'api'],
    ['/v1/chat/completions', 'openai'],
    ['/auth/me', 'auth'],
    ['/cloudchat/auth/me', 'auth'],
    ['/deepseek_chat', 'chat'],
    ['/cloudchat/reset_chat', 'chat'],
    ['/metrics', 'status'],
    ['/', 'page'],
    ['/cloudchat/', 'page'],
    ['/login', 'page'],
    ['/api/v1', 'other'],
    ['/cloudchat', 'other'],
    ['/wp-login.php', 'other'],
    ['', 'other'],
    ['/../../etc/passwd', 'other'],
  ])('%p is of the class %p', async (path, routeClass) => {
    const { metrics, scrape } = setUp()
    metrics.requestAnswered('GET', path, 200, 0.001)
    expect((await scrape()).get(total(`method="GET",route_class="${routeClass}",status="200"`))).toBe(1)
  })

  test('paths and methods that somebody has made up add nothing', async () => {
    const { metrics, scrape } = setUp()
    metrics.requestAnswered('BREW', '/made/up/0', 404, 0.001)
    const { size } = await scrape()
    for (let count = 1; count <= 1000; count++) {
      metrics.requestAnswered(`BREW${count}`, `/made/up/${count}`, 404, 0.001)
    }
    const samples = await scrape()
    expect(samples.size).toBe(size)
    expect(samples.get(total('method="other",route_class="other",status="404"'))).toBe(1001)
  })

  test('their durations are in the right buckets', async () => {
    const { metrics, scrape } = setUp()
    for (const seconds of [0, 0.001, 0.0011, 0.2, 99])
      metrics.requestAnswered('GET', '/auth/me', 200, seconds)
    const samples = await scrape()
    const name = 'cloudchat_http_request_duration_seconds'
    const bucket = (le: string) => samples.get(`${name}_bucket{route_class="auth",le="${le}"}`)
    expect(['0.001', '0.0025', '0.1', '0.25', '10', '+Inf'].map(bucket)).toEqual([2, 3, 3, 4, 4, 5])
    expect(samples.get(`${name}_count{route_class="auth"}`)).toBe(5)
    expect(samples.get(`${name}_sum{route_class="auth"}`)).toBeCloseTo(99.2021)
    expect(samples.get(`${name}_count{route_class="api"}`)).toBe(0)
  })
})

describe('turns', () => {
  test('are counted by their outcome, with tokens and times', async () => {
    const { metrics, scrape } = setUp()
    metrics.turnEnded(turn)
    metrics.turnEnded({ ...turn, outcome: 'stopped', durationSeconds: 400 })
    metrics.turnEnded({ ...turn, outcome: 'failed', completionTokens: 0, timeToFirstTokenSeconds: null })
    const samples = await scrape()
    const of = (outcome: string) => samples.get(`cloudchat_turns_total{outcome="${outcome}"}`)
    expect(['complete', 'stopped', 'failed', 'interrupted'].map(of)).toEqual([1, 1, 1, 0])
    expect(samples.get('cloudchat_tokens_total{kind="prompt"}')).toBe(36)
    expect(samples.get('cloudchat_tokens_total{kind="completion"}')).toBe(60)
    expect(samples.get('cloudchat_time_to_first_token_seconds_count')).toBe(2)
    expect(samples.get('cloudchat_time_to_first_token_seconds_bucket{le="0.25"}')).toBe(0)
    expect(samples.get('cloudchat_time_to_first_token_seconds_bucket{le="0.5"}')).toBe(2)
    expect(samples.get('cloudchat_turn_duration_seconds_count')).toBe(3)
    expect(samples.get('cloudchat_turn_duration_seconds_sum')).toBe(406)
  })

  test('no number is so odd that it throws', async () => {
    const { metrics, scrape } = setUp()
    for (const odd of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      metrics.turnEnded({
        ...{ outcome: 'failed', promptTokens: odd, completionTokens: odd },
        ...{ durationSeconds: odd, timeToFirstTokenSeconds: odd },
      })
    }
    const samples = await scrape()
    expect(samples.get('cloudchat_turns_total{outcome="failed"}')).toBe(3)
    expect(samples.get('cloudchat_tokens_total{kind="prompt"}')).toBe(0)
  })

  test('those that run are those whose log goes on', async () => {
    const { scrape } = setUp()
    turns.set('a', { log: { isEnded: false } }).set('b', { log: { isEnded: true } })
    expect((await scrape()).get('cloudchat_turns_running')).toBe(1)
    turns.clear()
    expect((await scrape()).get('cloudchat_turns_running')).toBe(0)
  })
})

describe('connections', () => {
  test('streams and sockets are counted as long as they are open, and closed once', async () => {
    const { metrics, scrape } = setUp()
    const closings = [
      metrics.streamOpened('sse'),
      metrics.streamOpened('sse'),
      metrics.streamOpened('ndjson'),
    ]
    const closeSocket = metrics.socketOpened()
    const counts = async () => {
      const samples = await scrape()
      return [
        samples.get('cloudchat_open_streams{kind="sse"}'),
        samples.get('cloudchat_open_streams{kind="ndjson"}'),
        samples.get('cloudchat_open_sockets'),
      ]
    }
    expect(await counts()).toEqual([2, 1, 1])
    closings[0]?.()
    closings[0]?.()
    expect(await counts()).toEqual([1, 1, 1])
    for (const close of [...closings, closeSocket, closeSocket]) close()
    expect(await counts()).toEqual([0, 0, 0])
  })
})

describe('the process', () => {
  test('is described truly', async () => {
    const { scrape } = setUp()
    const before = process.cpuUsage()
    const samples = await scrape()
    const after = process.cpuUsage()
    expect(samples.get('process_cpu_seconds_total')).toBeWithin(
      (before.user + before.system) / 1e6,
      (after.user + after.system) / 1e6 + 0.001,
    )
    expect(samples.get('process_resident_memory_bytes')).toBeWithin(20e6, 4e9)
    expect(samples.get('process_open_fds')).toBeWithin(3, samples.get('process_max_fds') ?? 0)
    expect(samples.get('process_start_time_seconds')).toBeWithin(
      Date.now() / 1000 - 3600,
      Date.now() / 1000 + 1,
    )
    expect(samples.get(`cloudchat_build_info{version="${version}"}`)).toBe(1)
  })

  test('says how the store stands', async () => {
    const { scrape } = setUp()
    const states = ['up', 'down', 'embedded'] as const
    for (kvState of states) {
      const samples = await scrape()
      const shown = states.filter((state) => samples.get(`cloudchat_kv_state{state="${state}"}`) === 1)
      expect(shown).toEqual([kvState])
    }
  })

  test('whatever holds up the loop is seen', async () => {
    const { scrape } = setUp()
    const until = Date.now() + 700
    while (Date.now() < until) {}
    await eventually(async () => ((await scrape()).get('cloudchat_event_loop_lag_seconds_count') ?? 0) > 0)
    expect((await scrape()).get('cloudchat_event_loop_lag_seconds_sum')).toBeGreaterThan(0.3)
  })
})
