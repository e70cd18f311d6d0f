import type { ComponentChildren } from 'preact'

/** A page beside the sidebar: its title, and what it has to show. */
export function Page({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main class="page">
      <div class="page-inside">
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}
