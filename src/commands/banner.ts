import type { Config } from '../config.ts'
import { program, version } from '../lib/version.ts'

/**
 * For the person who has just started it: where to open it, what is embedded, how to become its administrator (by a
 * link, where there is none yet), how to give it a real model.
 */
export function banner(config: Config, url: string, setUpLink: string | null = null): string {
  const embedded = embeddedParts(config)
  const lines = [
    '',
    `  CloudChat ${version} is running · 已启动`,
    '',
    row('Open · 打开', url),
    ...(embedded.length === 0 ? [] : [row('Embedded · 内置', embedded.join(', '))]),
    row('All settings · 全部设置', `${program} help config`),
    ...(setUpLink === null ? [] : setUpHint(setUpLink)),
    ...(config.llm.providers.length === 0 ? modelHint : []),
    '',
  ]
  return `${lines.join('\n')}\n`
}

const modelHint = [
  '',
  '  Only the demo model answers. For a real one set DEEPSEEK_API_KEY, DASHSCOPE_API_KEY,',
  '  OPENAI_API_KEY or ANTHROPIC_API_KEY (or OPENAI_BASE_URL for Ollama, vLLM, llama.cpp)',
  '  and start again.',
  '  目前由演示模型应答。设置上述任一变量后重新启动，即可使用真实模型。',
]

function setUpHint(link: string): string[] {
  return [
    '',
    '  There is no administrator yet. Set the password of the account `admin`, within an hour:',
    '  尚无管理员。请在一小时内打开以下链接，为账号 admin 设置密码（链接只能使用一次）：',
    `  ${link}`,
  ]
}

/** A Chinese character is two columns wide. */
function row(label: string, value: string): string {
  return `  ${label}${' '.repeat(25 - Bun.stringWidth(label))}${value}`
}

function embeddedParts(config: Config): string[] {
  return [
    config.database === null ? `PostgreSQL (${config.dataDir})` : '',
    config.redis === null ? 'in-process store' : '',
    config.smtp === null && !config.production ? 'mail to the log' : '',
    config.llm.providers.length === 0 ? 'demo model' : '',
  ].filter((part) => part !== '')
}
