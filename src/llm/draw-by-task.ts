import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from './access.ts'
import { type Fault, ProviderFailure, unreadable } from './fault.ts'
import { fetchPicture } from './fetch-picture.ts'
import { judged } from './judge.ts'
import type { Picture } from './llm.ts'
import type { Drawing } from './painter.ts'
import { askProvider, isRecord } from './provider-json.ts'

/** First pause between two looks at a task and longest, in milliseconds; each is half as long again as the one before. */
const pauses = { first: 500, longest: 5000 }

/** DashScope draws by its own API alone, which is beside the one that speaks OpenAI's. */
export function isDashScope({ baseUrl }: Pick<Access, 'baseUrl'>): boolean {
  return baseUrl.endsWith('/compatible-mode/v1')
}

/** DashScope's way: a task is put into its queue and looked at until it is done; then the pictures are at some address. */
export async function drawByTask(drawing: Drawing): Promise<Picture[]> {
  const { access, signal, onProgress, onDrawn } = drawing
  const base = access.baseUrl.slice(0, -'/compatible-mode/v1'.length)
  let output = await beginTask(base, drawing)
  onProgress('queued')
  let isRunning = false
  for (let pause = pauses.first; !isOver(output); pause = Math.min(pause * 1.5, pauses.longest)) {
    await sleep(pause, undefined, { signal })
    const url = `${base}/api/v1/tasks/${encodeURIComponent(String(output.task_id))}`
    output = outputOf(await askProvider(access, url, { signal }))
    if (!isRunning && output.task_status === 'RUNNING') {
      isRunning = true
      onProgress('running')
    }
  }
  const results: unknown[] = Array.isArray(output.results) ? output.results : []
  const urls = results.flatMap((result) =>
    isRecord(result) && typeof result.url === 'string' ? [result.url] : [],
  )
  if (output.task_status !== 'SUCCEEDED' || urls.length === 0) throw new ProviderFailure(faultOf(output))
  onDrawn()
  return Promise.all(urls.map((url) => fetchPicture(url, access, signal)))
}

async function beginTask(base: string, { access, wish, model, signal }: Drawing) {
  const { prompt, size, count } = wish
  const answer = await askProvider(access, `${base}/api/v1/services/aigc/text2image/image-synthesis`, {
    body: {
      model,
      input: { prompt },
      parameters: { n: count, ...(size === null ? {} : { size: size.replace('x', '*') }) },
    },
    headers: { 'x-dashscope-async': 'enable' },
    signal,
  })
  return outputOf(answer)
}

function outputOf(answer: Record<string, unknown>): Record<string, unknown> {
  const { output } = answer
  if (!isRecord(output) || typeof output.task_id !== 'string') throw unreadable('a task that cannot be read')
  return output
}

function isOver({ task_status: status }: Record<string, unknown>): boolean {
  return status !== 'PENDING' && status !== 'RUNNING' && status !== 'SUSPENDED'
}

/** `InvalidParameter` is about the question; nobody else would draw it either. */
function faultOf(output: Record<string, unknown>): Fault {
  const code = String(output.code ?? '')
  const isRefused = code.startsWith('InvalidParameter')
  const fault: Fault = {
    code: isRefused ? 'provider_rejected' : 'provider_unavailable',
    status: null,
    reason: 'the task failed',
    excerpt: `${code} ${output.message ?? ''}`.slice(0, 400),
    ...(isRefused && { blames: 'question' }),
  }
  return judged(fault, JSON.stringify({ code }))
}
