/** What is wrong with the settings, and what the operator should know besides. */
export interface Report {
  /** The first fault of a setting counts; `variable` is the name under which it was given. */
  refuse(setting: string, expected: string, variable?: string): void
  isRefused(setting: string): boolean
  warn(text: string): void
  faults(): string[]
  warnings: string[]
}

export function createReport(): Report {
  const faults = new Map<string, string>()
  const warnings: string[] = []
  return {
    refuse(setting, expected, variable = setting) {
      if (!faults.has(setting)) faults.set(setting, `${variable}: ${expected}`)
    },
    isRefused: (setting) => faults.has(setting),
    warn: (text) => void warnings.push(text),
    faults: () => [...faults.values()],
    warnings,
  }
}
