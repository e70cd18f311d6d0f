import type { Page } from '../place.ts'
import { Link } from './link.tsx'

/** A page with one thing to say and one way on. */
export function Notice(props: { title: string; text: string; to: Page; link: string }) {
  return (
    <main class="narrow">
      <div class="card">
        <h1>{props.title}</h1>
        <p role="status">{props.text}</p>
        <Link to={props.to} class="button primary wide">
          {props.link}
        </Link>
      </div>
    </main>
  )
}
