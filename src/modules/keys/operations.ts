import { describeOperations } from '../../lib/operation.ts'

const tag = {
  name: 'API keys',
  description:
    'With which programs come in, at `/v1` above all: as `Authorization: Bearer cc-…` or `x-api-key`. They open no account.',
}

export const operations = describeOperations(tag, {
  createKey: {
    summary: 'Make an API key',
    description: 'The key itself is in this answer and nowhere else. `conflict`: there are too many already.',
    codes: ['conflict'],
  },
  listKeys: {
    summary: 'List one’s API keys',
    description: 'All, the newest first, also those that have expired.',
  },
  getKey: { summary: 'Get an API key', description: 'All but the key itself.', codes: ['not_found'] },
  updateKey: {
    summary: 'Change an API key',
    description: 'What is absent stays as it is. In force everywhere within a second.',
    codes: ['not_found'],
  },
  revokeKey: {
    summary: 'Revoke an API key',
    description: 'Within a second, everywhere, and for good; answers that are on their way to it are cut.',
    codes: ['not_found'],
  },
})
