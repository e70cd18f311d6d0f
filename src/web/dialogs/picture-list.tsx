import { addressOf } from '../address-of.ts'
import { deletePicture, drawing, nextPictures, pictures, readMorePictures } from '../drawing.ts'
import { formatBytes, formatMoment } from '../format.ts'
import type { Picture } from '../pictures.ts'
import { home } from '../place.ts'
import { pictureTexts } from '../texts/pictures.ts'
import { words } from '../texts/words.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { askFirst } from '../ui/confirm.tsx'
import { Empty } from '../ui/empty.tsx'
import { Icon } from '../ui/icon.tsx'
import { Spinner } from '../ui/progress.tsx'

/** One's own, the newest first; before them a place for each that is being drawn. */
export function PictureList() {
  const t = pictureTexts.value
  const count = drawing.value?.count ?? 0
  if (pictures.value === null) return <Spinner />
  if (pictures.value.length + count === 0) return <Empty icon="picture" text={t.none} />
  return (
    <section class="pictures" aria-label={t.own} aria-busy={count > 0}>
      <ul>
        {Array.from({ length: count }, (_, at) => (
          <li key={`place-${at}`} class="picture-place" aria-hidden="true" />
        ))}
        {pictures.value.map((picture) => (
          <li key={picture.id}>
            <PictureView picture={picture} />
          </li>
        ))}
      </ul>
      {nextPictures.value !== null && (
        <Button small onClick={() => void readMorePictures()}>
          {words.value.more}
        </Button>
      )}
    </section>
  )
}

function PictureView({ picture }: { picture: Picture }) {
  const t = pictureTexts.value
  const { id, prompt, model, bytes, content_type, created_at } = picture
  // From where the reader of this page is: what the server calls itself may be reached elsewhere.
  const address = home() + addressOf('images/:id/content', { id })
  const particulars = `${prompt}\n${model} · ${formatBytes(bytes)} · ${formatMoment(created_at)}`
  return (
    <figure class="picture">
      <a href={address} target="_blank" rel="noopener" title={particulars}>
        <img src={address} alt={prompt} loading="lazy" />
      </a>
      <figcaption>
        <span class="picture-words">{prompt}</span>
        <a
          class="icon-button quiet small"
          href={address}
          download={`${id}.${content_type.slice('image/'.length)}`}
          aria-label={t.download(prompt)}
          title={t.download(prompt)}
        >
          <Icon name="import" size={17} />
        </a>
        <IconButton small name={t.delete(prompt)} icon="bin" onClick={() => void remove(id)} />
      </figcaption>
    </figure>
  )
}

async function remove(id: string): Promise<void> {
  const { deleteTitle: title, deleteText: text } = pictureTexts.value
  if (await askFirst({ title, text, action: words.value.delete, isDangerous: true })) await deletePicture(id)
}
