import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Which } from '@/api/devices'
import { addPhoto, photosQuery, pictureOf, removePhoto } from '@/api/photos'
import { sessionQuery } from '@/api/queries'
import type { Photo } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { AddPhoto } from '@/things/AddPhoto'

type Props = { which: Which; owner: string }
type Removed = { alt: string; picture: Blob }

/** What a thing looks like, for whoever sees it; added from a telephone by those who may change it. */
export function Photos({ which, owner }: Props) {
  const words = useSpeech().messages.things.photos
  const session = useQuery(sessionQuery)
  const right = session.data?.rights[owner]
  const changes = right !== undefined && right !== 'read'
  const photos = useQuery(photosQuery(which))
  const [removed, setRemoved] = useState<Removed | null>(null)
  const removing = useMutation({
    mutationFn: async (photo: Photo) => ({ alt: photo.alt, picture: await removePhoto(which, photo.key) }),
    onSuccess: async (gone, _, __, { client }) => {
      setRemoved(gone)
      await client.invalidateQueries({ queryKey: ['photos'] })
    },
  })
  const restoring = useMutation({
    mutationFn: (gone: Removed) => addPhoto(which, gone.picture, gone.alt),
    onSuccess: async (_, __, ___, { client }) => {
      setRemoved(null)
      await client.invalidateQueries({ queryKey: ['photos'] })
    },
  })
  if (!changes && (photos.data ?? []).length === 0) return null
  return (
    <section className="part" aria-labelledby="photos">
      <h2 id="photos">{words.title}</h2>
      <Answer query={photos} lines={2}>
        {(known) =>
          known.length === 0 ? (
            <p className="quiet">{words.none}</p>
          ) : (
            <ul className="photos">
              {known.map((photo) => (
                <Shown
                  key={photo.key}
                  which={which}
                  photo={photo}
                  onRemove={changes ? () => removing.mutate(photo) : null}
                />
              ))}
            </ul>
          )
        }
      </Answer>
      <p role="status">
        {removed && (
          <>
            {words.removed}{' '}
            <button
              type="button"
              className="plain"
              disabled={restoring.isPending}
              onClick={() => restoring.mutate(removed)}
            >
              {words.undo}
            </button>
          </>
        )}
      </p>
      {removing.isError && <Trouble error={removing.error} />}
      {restoring.isError && <Trouble error={restoring.error} />}
      {changes && <AddPhoto which={which} />}
    </section>
  )
}

type ShownProps = { which: Which; photo: Photo; onRemove: (() => void) | null }

/** Small in the page; large when it is pressed. */
function Shown({ which, photo, onRemove }: ShownProps) {
  const { messages, formats } = useSpeech()
  const words = messages.things.photos
  const dialog = useRef<HTMLDialogElement>(null)
  const [open, setOpen] = useState(false)
  return (
    <li>
      <button
        type="button"
        className="photo"
        aria-label={words.enlarge(photo.alt)}
        onClick={() => {
          setOpen(true)
          dialog.current?.showModal()
        }}
      >
        <img src={pictureOf(which, photo.key, 'small')} alt="" width="240" height="180" loading="lazy" />
      </button>
      <p>{photo.alt}</p>
      <p className="quiet">
        {words.by(photo.by_name, formats.exact(new Date(photo.at)))}{' '}
        {onRemove && (
          <button type="button" className="plain" aria-label={words.removeThis(photo.alt)} onClick={onRemove}>
            {words.remove}
          </button>
        )}
      </p>
      <dialog ref={dialog} className="lightbox" aria-label={photo.alt} onClose={() => setOpen(false)}>
        {open && (
          <img
            src={pictureOf(which, photo.key, 'large')}
            alt={photo.alt}
            width={photo.width}
            height={photo.height}
          />
        )}
        <p>{photo.alt}</p>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {words.close}
        </button>
      </dialog>
    </li>
  )
}
