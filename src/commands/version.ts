import { version } from '../lib/version.ts'

export function printVersion(): void {
  console.log(`cloudchat ${version} (Bun ${Bun.version}, ${process.platform}-${process.arch})`)
}
