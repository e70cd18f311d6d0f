import { safeAddress } from './safe-address.ts'
import { markdownTexts } from './texts.ts'

const own = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]+$/

/**
 * A picture that came with the answer. One from elsewhere would tell its server who reads this: it is a link, which
 * says where to.
 */
export function Picture({ address, name }: { address: string; name: string }) {
  if (own.test(address)) return <img src={address} alt={name} loading="lazy" />
  const remote = safeAddress(address)
  if (remote === null || remote.startsWith('mailto:')) return <>{name}</>
  const { host } = new URL(remote)
  return (
    <a class="picture" href={remote} target="_blank" rel="noopener noreferrer">
      {markdownTexts.value.showPicture} <span>{name ? `${name} · ${host}` : host}</span>
    </a>
  )
}
