import { Gauge, type Registry } from 'prom-client'
import type { Kv } from '../kv/kv.ts'
import type { LiveTurn } from '../modules/chat/live-turn.ts'

/** What is asked how it stands. */
export interface Observed {
  kv: Pick<Kv, 'state'>
  turns: ReadonlyMap<string, Pick<LiveTurn, 'log'>>
}

const kvStates = ['embedded', 'up', 'down'] as const

export function measureState(registry: Registry, { kv, turns }: Observed): void {
  const registers = [registry]
  new Gauge({
    name: 'cloudchat_kv_state',
    help: '1 for how the shared store stands: in this process by choice, up, or down and this process stands in.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of kvStates) this.set({ state }, kv.state() === state ? 1 : 0)
    },
  })
  new Gauge({
    name: 'cloudchat_turns_running',
    help: 'Answers that this process is generating.',
    registers,
    collect() {
      this.set([...turns.values()].filter(({ log }) => !log.isEnded).length)
    },
  })
}
