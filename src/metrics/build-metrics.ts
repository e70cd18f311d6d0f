import { Gauge, type Registry } from 'prom-client'
import { version } from '../lib/version.ts'

export function measureBuild(registry: Registry): void {
  new Gauge({
    name: 'cloudchat_build_info',
    help: 'Always 1; the label tells what is running.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
}
