import { describeOperations } from '../../lib/operation.ts'

const tag = {
  name: 'Public links',
  description:
    'One branch of a conversation as it was, for everybody who has the link; nobody needs an account to read.',
}

const params = { token: 'The last part of the link, 22 characters.' }

export const operations = describeOperations(tag, {
  createShare: {
    summary: 'Share a branch',
    description:
      'As it is now; an answer under way is left out, and what follows later is not in it. `conflict`: there are too many links already. `payload_too_large`: the branch.',
    codes: ['not_found', 'conflict', 'payload_too_large'],
  },
  listShares: {
    summary: 'List one’s links',
    description: 'Newest first, also those that have expired.',
  },
  updateShare: {
    summary: 'Change what readers are told, and until when',
    description: 'Never what was said.',
    codes: ['not_found'],
  },
  deleteShare: {
    summary: 'Withdraw a link',
    description: 'At once, and for good.',
    codes: ['not_found'],
  },
  getShared: {
    summary: 'Read what was shared',
    description:
      'For everybody. Withdrawn, expired, and with its conversation in the bin it is not found. Nothing of the owner but the chosen name is in it.',
    params,
    codes: ['not_found', 'rate_limited', 'dependency_down'],
    mayLogIn: false,
    answers: {
      200: { description: 'What was shared.', headers: { ETag: 'Of this text, for `If-None-Match`.' } },
      304: { description: 'It is the text that you have.' },
    },
  },
  copyShared: {
    summary: 'Go on from what was shared',
    description: 'In a conversation of one’s own that begins with a copy of it.',
    params,
    codes: ['not_found'],
  },
})
