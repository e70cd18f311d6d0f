import { effect } from '@preact/signals'
import { accountId } from '../account.ts'
import { closeDialog, openDialog } from '../open-dialog.ts'
import { lazily } from '../ui/lazily.tsx'

const Search = lazily(async () => (await import('./search-dialog.tsx')).SearchDialog)
const Shortcuts = lazily(async () => (await import('./shortcuts-dialog.tsx')).ShortcutsDialog)
const Tags = lazily(async () => (await import('./tags-dialog.tsx')).TagsDialog)
const TagMany = lazily(async () => (await import('./tags-dialog.tsx')).TagManyDialog)
const ManageTags = lazily(async () => (await import('./manage-tags-dialog.tsx')).ManageTagsDialog)
const Share = lazily(async () => (await import('./share-dialog.tsx')).ShareDialog)
const Shares = lazily(async () => (await import('./share-dialog.tsx')).SharesDialog)
const Options = lazily(async () => (await import('./options-dialog.tsx')).OptionsDialog)
const Details = lazily(async () => (await import('./details-dialog.tsx')).DetailsDialog)
const Note = lazily(async () => (await import('./note-dialog.tsx')).NoteDialog)
const Pictures = lazily(async () => (await import('./pictures-dialog.tsx')).PicturesDialog)

// They show what is one person's.
effect(() => {
  if (accountId.value === null) closeDialog()
})

// What they were opened from is not shown any more.
addEventListener('popstate', closeDialog)

/** What stands before the page, fetched when it is first wanted. */
export function OpenDialogs() {
  const dialog = openDialog.value
  switch (dialog?.type) {
    case 'search':
      return <Search />
    case 'shortcuts':
      return <Shortcuts />
    case 'tags':
      return <Tags conversation={dialog.conversation} />
    case 'tag_many':
      return <TagMany ids={dialog.ids} />
    case 'manage_tags':
      return <ManageTags />
    case 'share':
      return <Share conversationId={dialog.conversationId} title={dialog.title} />
    case 'shares':
      return <Shares />
    case 'options':
      return <Options />
    case 'details':
      return <Details messageId={dialog.messageId} />
    case 'note':
      return <Note messageId={dialog.messageId} />
    case 'pictures':
      return <Pictures />
    default:
      return null
  }
}
