import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { StartApp, TestApp } from '../../support/harness.ts'
import { startImageUpstream } from '../../support/image-upstream.ts'
import { createAsker } from '../chat/asker.ts'

interface Picture {
  id: string
  url: string
  model: string
  size: string | null
  content_type: string
  bytes: number
}

/** A service where both kinds of providers draw, and somebody who asks. */
export async function setUp(start: StartApp, env: Record<string, string> = {}) {
  const painter = startImageUpstream()
  const app = await start({
    OPENAI_BASE_URL: painter.openaiUrl,
    OPENAI_API_KEY: 'sk-secret-of-images',
    DASHSCOPE_BASE_URL: painter.dashscopeUrl,
    DASHSCOPE_API_KEY: 'sk-dash',
    IMAGE_MODELS: 'openai/gpt-image-1,wanx',
    ...env,
  })
  const ann = await createAsker(app)
  return {
    app,
    painter,
    ann,
    async draw(body: object = {}) {
      const response = await ann.post('/api/v1/images', { prompt: 'a fox', ...body })
      return { status: response.status, ...((await response.json()) as { items: Picture[]; code: string }) }
    },
    async list() {
      return ((await (await ann.visitor.get('/api/v1/images')).json()) as { items: Picture[] }).items
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await painter.stop()
    },
  }
}

/** Names of the files that are kept. */
export function filesOf({ config }: TestApp): string[] {
  const folder = join(config.dataDir, 'blobs/images')
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((part) => readdirSync(join(folder, part)))
}
