import type { Setting, Table } from './setting.ts'
import { isFromFile } from './setting.ts'
import { topics } from './settings.ts'
import { withoutMeaning } from './without-meaning.ts'

const columns = 110
const [nameWidth, kindWidth] = [26, 22]

/** The table of settings for a terminal: name, type and default on one line, the meaning below. */
export function helpConfig(): string {
  const rows = topics.flatMap(({ title, table }) => [
    '',
    title,
    ...Object.entries(table as Table).flatMap(([name, setting]) => row(name, setting)),
    ...(title === 'Model providers' ? otherProvidersRow : []),
  ])
  const silent = `No meaning here, a warning if set: ${Object.keys(withoutMeaning).join(', ')}.`
  return [...intro, line('NAME', 'TYPE', 'DEFAULT'), ...rows, '', ...wrapped(silent, '')].join('\n')
}

const intro = [
  'Settings are environment variables. An empty one is unset. A secret may also be read from a file: the',
  'variable NAME_FILE holds its path. Lists are separated by commas. In a service manager’s file, put comments',
  'on lines of their own.',
  '设置均为环境变量；空值视为未设置；密钥也可用 NAME_FILE 指定文件读取。',
  '',
]

const otherProvidersRow = [
  line('<NAME>_BASE_URL', 'URL', 'none'),
  ...wrapped(
    'Any other server that speaks OpenAI’s chat completions (OLLAMA_BASE_URL=http://localhost:11434) is a provider too, with <NAME>_API_KEY if it wants a key and <NAME>_MODEL.',
    '    ',
  ),
  line('<NAME>_API_KEY_2 …', 'secret text', 'none'),
  ...wrapped(
    'Further keys of a provider, or several in one variable separated by commas: taken in turns, and one that fails rests.',
    '    ',
  ),
]

function row(name: string, setting: Setting<unknown>): string[] {
  const { label, secret, shownDefault, aliases = [], meaning } = setting
  const notes = [
    aliases.length > 0 ? ` Also: ${aliases.join(', ')}.` : '',
    isFromFile(setting) && !secret ? ` ${name}_FILE works too.` : '',
  ]
  return [
    line(name, secret ? `secret ${label}` : label, shownDefault ?? setting.default ?? 'none'),
    ...wrapped(meaning + notes.join(''), '    '),
  ]
}

function line(name: string, kind: string, fallback: string): string {
  return `${name.padEnd(nameWidth)}${`${kind} `.padEnd(kindWidth)}${fallback}`
}

function wrapped(text: string, indent: string): string[] {
  const lines: string[] = []
  let current = indent
  for (const word of text.split(' ')) {
    if (current.length + word.length > columns) {
      lines.push(current.trimEnd())
      current = indent
    }
    current += `${word} `
  }
  return [...lines, current.trimEnd()]
}
