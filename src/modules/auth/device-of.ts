/** The first that fits: each browser also calls itself by the names of those before it in history. */
const browsers: [name: string, form: RegExp][] = [
  ['WeChat', /MicroMessenger\//],
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\b(?:OPR|Opera|OPiOS)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|Chromium)\//],
  ['Safari', /\bVersion\/[\d.]+ .*Safari\//],
]

const systems: [name: string, form: RegExp][] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['HarmonyOS', /\b(?:HarmonyOS|OpenHarmony)\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['Linux', /\bLinux\b|\bX11\b/],
]

/** What a program that is no browser calls itself: `curl/8.5.0`, `OpenAI/Python 1.2`. */
const product = /^([A-Za-z][\w.-]{0,31})\//

/** `Firefox on Windows`, `Safari on iPhone`, `curl`: enough to know a device of one's own by. null: no idea. */
export function deviceOf(userAgent: string | null): string | null {
  if (userAgent === null) return null
  const browser = nameIn(browsers, userAgent)
  const system = nameIn(systems, userAgent)
  if (browser !== null && system !== null) return `${browser} on ${system}`
  const name = product.exec(userAgent)?.[1] ?? null
  return browser ?? (name === 'Mozilla' ? system : name) ?? system
}

function nameIn(table: [name: string, form: RegExp][], userAgent: string): string | null {
  return table.find(([, form]) => form.test(userAgent))?.[0] ?? null
}
