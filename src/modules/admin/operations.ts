import { describeOperations } from '../../lib/operation.ts'

const tag = {
  name: 'Administration',
  description: 'For administrators alone. Every act is written down.',
}

export const operations = describeOperations(tag, {
  getOverview: {
    summary: 'Get how the service does',
    description:
      'What is under way, what went wrong within a day, how long answers take, and what it all runs on.',
  },
  listActs: {
    summary: 'List what administrators did',
    description: 'Who, when, from where, and what was changed. Nothing is ever taken off this list.',
  },
})

const person = { id: 'Id of the person.' }

export const userOperations = describeOperations(tag, {
  listUsers: {
    summary: 'List and search people',
    description: 'Sorted as `sort` says; the newest accounts first without it.',
  },
  createUser: {
    summary: 'Make an account for somebody',
    description:
      'Its owner sets the password by a link, which is mailed, or handed to you this once where no mail can be sent; it works once, within 24 hours.',
    codes: ['email_taken', 'phone_taken', 'username_taken'],
  },
  getUser: {
    summary: 'Get a person',
    description: 'With what is known of his log-ins.',
    codes: ['not_found'],
    params: person,
  },
  updateUser: {
    summary: 'Change somebody’s plan or role',
    description: 'In force at once. The last administrator stays one.',
    codes: ['not_found', 'conflict'],
    params: person,
  },
  deleteUser: {
    summary: 'Delete somebody’s account',
    description:
      'For good, with conversations, pictures, shared links, keys and balance; log-ins end, streams close and what is being answered stops at once. What was used stays in the ledger, of nobody. Neither one’s own account nor that of the last administrator. `dependency_down`: the account is closed, and not all of it is deleted yet: ask again.',
    codes: ['not_found', 'conflict', 'dependency_down'],
    params: person,
  },
  banUser: {
    summary: 'Ban somebody',
    description:
      'No credential of his is good any more, his log-ins end, his streams close, and what is being answered for him stops, all within a second. The last administrator cannot be banned.',
    codes: ['not_found', 'conflict'],
    params: person,
  },
  unbanUser: {
    summary: 'Let somebody in again',
    description: 'He has to log in anew.',
    codes: ['not_found'],
    params: person,
  },
  endUserSessions: {
    summary: 'Log somebody out everywhere',
    description: 'His streams close within a second.',
    codes: ['not_found'],
    params: person,
  },
  sendResetMail: {
    summary: 'Mail somebody a link to reset the password',
    description: 'As if he had asked for it. An earlier link stops working.',
    codes: ['not_found'],
    params: person,
  },
})

const entry = { id: 'Id of the entry, not of the model.' }

export const modelOperations = describeOperations(tag, {
  listModelEntries: {
    summary: 'List what was entered about models',
    description: 'Models that the settings alone name are not among them: `/models` lists all there are.',
  },
  createModelEntry: {
    summary: 'Enter a model',
    description:
      'A new one, or what replaces one of the settings, where it has the same provider and upstream name, one of IMAGE_MODELS too. In force at once.',
    codes: ['conflict'],
  },
  updateModelEntry: {
    summary: 'Change what was entered about a model',
    description: 'In force at once. Answers that have begun go on.',
    codes: ['not_found', 'conflict'],
    params: entry,
  },
  deleteModelEntry: {
    summary: 'Take back what was entered about a model',
    description: 'One that the settings name is as they say again; another is gone.',
    codes: ['not_found'],
    params: entry,
  },
})

const key = { id: 'Id of the key.' }

export const keyOperations = describeOperations(tag, {
  listProviders: {
    summary: 'List the providers',
    description:
      'Those that can be asked, with keys of the settings too, and those that a key can be entered for.',
  },
  listProviderKeys: {
    summary: 'List the keys that were entered',
    description: 'Each by its last four characters.',
  },
  createProviderKey: {
    summary: 'Enter a key of a provider',
    description:
      'Stored encrypted and never shown again. Several keys of a provider take turns, and one that fails rests. In use at once.',
  },
  updateProviderKey: {
    summary: 'Change a key',
    description: 'Rename it, replace it, or let it rest.',
    codes: ['not_found'],
    params: key,
  },
  deleteProviderKey: {
    summary: 'Delete a key',
    description: 'Answers that have begun go on.',
    codes: ['not_found'],
    params: key,
  },
  testProviderKey: {
    summary: 'Try a key',
    description:
      'Lists the provider’s models or, where it does not list them, asks for one token; ten seconds at most. A refusal is an answer like any other.',
    codes: ['not_found', 'conflict'],
    params: key,
  },
})

export const inviteOperations = describeOperations(tag, {
  listInvites: { summary: 'List the invitations', description: 'Their codes are not among what is shown.' },
  createInvite: {
    summary: 'Make an invitation',
    description: 'Its code is in this answer alone. It matters where `registration` is `invite`.',
  },
  deleteInvite: {
    summary: 'Withdraw an invitation',
    description: 'Who has registered with it stays.',
    codes: ['not_found'],
    params: { id: 'Id of the invitation.' },
  },
})

export const settingsOperations = describeOperations(tag, {
  getSettings: {
    summary: 'Get the settings in force',
    description: 'Those that change while the service runs.',
  },
  updateSettings: {
    summary: 'Change settings',
    description: 'In force here at once, and on other instances within a second.',
  },
})

const planName = { name: 'Name of the plan.' }

export const planOperations = describeOperations(tag, {
  listPlans: { summary: 'List the plans', description: 'What each of them allows.' },
  createPlan: { summary: 'Make a plan', description: 'What is not limited is free.', codes: ['conflict'] },
  updatePlan: {
    summary: 'Change a plan',
    description: 'All of its limits are replaced. In force at once for everybody who has it.',
    codes: ['not_found'],
    params: planName,
  },
  deletePlan: {
    summary: 'Delete a plan',
    description:
      'Not while somebody has it or entries of models are for it (they are named), nor the plan of everybody, nor `free`.',
    codes: ['not_found', 'conflict'],
    params: planName,
  },
})

export const quotaOperations = describeOperations(tag, {
  getUserQuota: {
    summary: 'Get what somebody may use and has used',
    description: 'With what was given to him instead of what the plan says.',
    codes: ['not_found'],
    params: person,
  },
  setUserQuota: {
    summary: 'Give somebody other limits than the plan’s',
    description: 'In force at once, in place of what was given before.',
    codes: ['not_found'],
    params: person,
  },
  resetUserQuota: {
    summary: 'Let the plan alone count again',
    description: 'What was given to somebody is taken back.',
    codes: ['not_found'],
    params: person,
  },
  getUserBalance: {
    summary: 'Get somebody’s balance',
    description: 'What was paid in and not used.',
    codes: ['not_found'],
    params: person,
  },
  listUserBalanceEntries: {
    summary: 'List why somebody’s balance is what it is',
    description: 'As the person sees it.',
    codes: ['not_found'],
    params: person,
  },
  changeBalance: {
    summary: 'Add to a balance, or take from it',
    description: 'The person sees it among the entries of the balance.',
    codes: ['not_found'],
    params: person,
  },
})

export const codeOperations = describeOperations(tag, {
  listTopUpCodes: { summary: 'List the top-up codes', description: 'Each by its last four characters.' },
  createTopUpCodes: { summary: 'Make top-up codes', description: 'Their texts are in this answer alone.' },
  withdrawTopUpCode: {
    summary: 'Withdraw a top-up code',
    description: 'Nobody redeems it any more. What was redeemed stays.',
    codes: ['not_found'],
    params: { id: 'Id of the code.' },
  },
})
