import { readFileSync } from 'node:fs'

/** The lines of a settings file that set something: no comments, sections or blanks. */
export function settingLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[a-zA-Z]/.test(line))
}

/** `name = value` and `name=value`, without quotes. */
export function assignmentsOf(file: string): [name: string, value: string][] {
  return settingLines(file).map((line) => {
    const [, name = '', value = ''] = /^([\w.]+) *= *(.*)$/.exec(line) ?? []
    return [name, value.replace(/^'(.*)'$/, '$1')]
  })
}
