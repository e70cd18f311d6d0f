import { home } from '../place.ts'

export interface DiagramOrder {
  code: string
  isDark: boolean
}

/** `svg: null`: it is no diagram. */
export type DiagramAnswer = 'ready' | { svg: string | null }

/** So long a diagram may take; the first one has Mermaid to load. */
const patienceMs = 30_000

/** One after the other: the answers have no names. */
let last: Promise<unknown> = Promise.resolve()
let frame: Promise<Window> | null = null

/** The diagram as a picture, in which nothing can run and nothing is loaded; null when it cannot be drawn. */
export function drawDiagram(order: DiagramOrder): Promise<Blob | null> {
  const drawing = last.then(() => draw(order))
  last = drawing.catch(() => undefined)
  return drawing
}

async function draw(order: DiagramOrder): Promise<Blob | null> {
  try {
    frame ??= openFrame()
    const drawer = await frame
    const answer = nextAnswer(drawer)
    drawer.postMessage(order, location.origin)
    const { svg } = await answer
    return svg === null ? null : new Blob([svg], { type: 'image/svg+xml' })
  } catch {
    // Another time it may load.
    frame = null
    return null
  }
}

/** It must have a size, as diagrams are measured in it, but nobody needs to see it. */
function openFrame(): Promise<Window> {
  document.querySelector('.diagram-frame')?.remove()
  const element = document.createElement('iframe')
  element.className = 'diagram-frame'
  element.tabIndex = -1
  element.setAttribute('aria-hidden', 'true')
  element.src = `${home()}diagram-frame.html`
  document.body.append(element)
  const { contentWindow } = element
  if (contentWindow === null) throw new Error('no frame')
  return messageOf(contentWindow, (data) => (data === 'ready' ? contentWindow : null))
}

function nextAnswer(drawer: Window): Promise<Exclude<DiagramAnswer, 'ready'>> {
  return messageOf(drawer, (data) => (data === 'ready' ? null : data))
}

function messageOf<Found>(from: Window, read: (data: DiagramAnswer) => Found | null): Promise<Found> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error('no answer'))), patienceMs)
    addEventListener('message', hear)
    function hear({ source, origin, data }: MessageEvent<DiagramAnswer>) {
      if (source !== from || origin !== location.origin) return
      const found = read(data)
      if (found !== null) end(() => resolve(found))
    }
    function end(settle: () => void) {
      clearTimeout(timer)
      removeEventListener('message', hear)
      settle()
    }
  })
}
