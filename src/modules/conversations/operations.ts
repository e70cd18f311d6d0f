import { describeOperations } from '../../lib/operation.ts'

const tag = {
  name: 'Conversations',
  description:
    'A conversation is a tree of messages, of which one branch is shown: asking again, or in other words, makes a branch and loses nothing.',
}

export const operations = describeOperations(tag, {
  listConversations: {
    summary: 'List conversations',
    description:
      'Pinned ones first, then by their last message. Temporary ones are in no list. Without `archived` and `deleted` those that are in neither. A tag that there is not is one that none has.',
  },
  createConversation: {
    summary: 'Begin a conversation',
    description: 'It is empty, and has a title once its first question was answered, unless one is given.',
  },
  getConversation: {
    summary: 'Get a conversation',
    description: 'Without its messages. One in the bin is not found.',
    codes: ['not_found'],
  },
  updateConversation: {
    summary: 'Change a conversation',
    description: 'Title, pin, model, system prompt, parameters, and which branch is shown.',
    codes: ['not_found'],
  },
  archiveConversation: {
    summary: 'Put a conversation into the archive',
    description: 'Doing it twice is harmless.',
    codes: ['not_found'],
  },
  unarchiveConversation: {
    summary: 'Take a conversation out of the archive',
    description: 'Doing it twice is harmless.',
    codes: ['not_found'],
  },
  deleteConversation: {
    summary: 'Put a conversation into the bin',
    description:
      'It can be taken out again for 30 days; then it is gone. An answer that is being made in it is stopped, and its public links lead nowhere.',
    codes: ['not_found'],
  },
  restoreConversation: {
    summary: 'Take a conversation out of the bin',
    description: 'One that is not in it stays as it is.',
    codes: ['not_found'],
  },
  forkConversation: {
    summary: 'Copy a branch into a new conversation',
    description: 'From the beginning to `message_id`, or to the message that is shown last.',
    codes: ['not_found', 'turn_running'],
  },
  listMessages: {
    summary: 'List the messages of a branch',
    description:
      'The newest page of the branch that is shown, or of the one that ends with `leaf`; within a page the oldest first. `next_cursor` leads to the page before. What is written meanwhile moves no page.',
    codes: ['not_found'],
  },
  deleteMessage: {
    summary: 'Delete a message',
    description:
      'And all that follows it, for good. Where it was shown, the branch beside it is shown instead.',
    codes: ['not_found', 'turn_running'],
  },
  rateMessage: {
    summary: 'Rate an answer',
    description: 'The last word counts.',
    codes: ['not_found'],
  },
  unrateMessage: {
    summary: 'Take a rating back',
    description: 'And its note.',
    codes: ['not_found'],
  },
})

const libraryTag = {
  name: 'Library',
  description: 'Finding conversations again, putting them in order, and changing many at once.',
}

export const libraryOperations = describeOperations(libraryTag, {
  search: {
    summary: 'Search messages and titles',
    description:
      'Newest first: all of the words, `"phrases"` in quotation marks, the last word also as a beginning; Chinese from one character on. While `next_cursor` is not null there may be more, even behind a page that is not full. What takes too long is answered with `dependency_down`: look for more words, or longer ones.',
    codes: ['not_found'],
  },
  listTags: {
    summary: 'List tags',
    description: 'All of them: nobody has more than a few hundred.',
  },
  createTag: {
    summary: 'Create a tag',
    description:
      'A name that is taken, in whatever capitals, is a `conflict`, with the `tag_id` that has it; so is one tag too many. `setTags` creates those that it needs by itself.',
    codes: ['conflict'],
  },
  renameTag: {
    summary: 'Rename a tag, or make two one',
    description:
      'A name that another tag has is a `conflict`, unless `merge` is true: then what has this one gets the other instead, and this one is gone.',
    codes: ['not_found', 'conflict'],
  },
  deleteTag: {
    summary: 'Delete a tag',
    description: 'The conversations that have it stay.',
    codes: ['not_found'],
  },
  setTags: {
    summary: 'Say which tags a conversation has',
    description: 'Those that are named, and no others. One tag too many is a `conflict`.',
    codes: ['not_found', 'conflict'],
  },
  changeMany: {
    summary: 'Change up to 100 conversations at once',
    description:
      'The answer says of each whether it was there. `not_found` as a refusal: of the tag. One tag too many is a `conflict`.',
    codes: ['not_found', 'conflict'],
  },
})
