import { useEffect } from 'preact/hooks'
import { drawing, drawingFault, readPictures, stopDrawing } from '../drawing.ts'
import { closeDialog } from '../open-dialog.ts'
import { faultOfDrawing, pictureTexts } from '../texts/pictures.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { PictureForm } from './picture-form.tsx'
import { PictureList } from './picture-list.tsx'

/** Has pictures drawn, and shows all that one has. Closed while one is being drawn it says when that is there. */
export function PicturesDialog() {
  useEffect(() => void readPictures(), [])
  return (
    <Dialog title={pictureTexts.value.title} class="pictures-dialog" onClose={closeDialog}>
      <div>
        <PictureForm />
        <Progress />
      </div>
      <PictureList />
    </Dialog>
  )
}

function Progress() {
  const t = pictureTexts.value
  const stage = drawing.value?.stage
  const fault = drawingFault.value
  return (
    <div class="drawing">
      <div role="status">{stage && t.stages[stage]}</div>
      {stage && (
        <Button small icon="stop" onClick={stopDrawing}>
          {t.stop}
        </Button>
      )}
      {fault && (
        <p class="refusal" role="alert">
          {faultOfDrawing(fault)}
        </p>
      )}
    </div>
  )
}
