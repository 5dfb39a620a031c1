import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { sessionQuery } from '@/api/queries'
import { matches } from '@/design/search'
import { chooseTheme, useTheme } from '@/design/theme'
import { Combobox, type Option } from '@/finding/Combobox'
import { useFound } from '@/finding/found'
import { useMessages, useSpeech } from '@/language'

type Props = { onClose: () => void; onSignOut: () => void }

/** From anywhere to anything: pages, collectivités, equipment, devices, measurements, actions. */
export function Palette({ onClose, onSignOut }: Props) {
  const { palette: words, found: titles, map } = useMessages()
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const found = useFound(text, { addresses: false })
  const { pages, actions } = useFixed(onSignOut)
  const router = useRouter()

  useEffect(() => {
    dialog.current?.showModal()
    field.current?.focus()
  }, [])

  const then = (option: Option): Option => ({
    ...option,
    pick: () => {
      dialog.current?.close()
      option.pick()
    },
  })
  const among = (options: Option[]) => options.filter((one) => matches(one.name, text))
  const groups = [
    { title: titles.pages, options: among(pages) },
    {
      title: titles.collectivities,
      options: found.collectivities.map((one) => ({
        id: one.key,
        name: one.name,
        detail: one.code,
        pick: () => void router.navigate({ to: '/collectivities/$key', params: { key: one.key } }),
      })),
    },
    {
      title: titles.assets,
      options: found.assets.map((one) => ({
        id: `asset-${one.id}`,
        name: one.name,
        detail: one.code,
        pick: () => void router.navigate({ to: '/assets/$id', params: { id: one.id } }),
      })),
    },
    {
      title: titles.devices,
      options: found.devices.map((one) => ({
        id: `device-${one.id}`,
        name: one.name,
        detail: one.code,
        pick: () => void router.navigate({ to: '/devices/$id', params: { id: one.id } }),
      })),
    },
    {
      title: titles.series,
      options: found.series.map((one) => ({
        id: `series-${one.id}`,
        name: one.name,
        pick: () => void router.navigate({ to: '/series/$id', params: { id: one.id } }),
      })),
    },
    { title: titles.actions, options: among(actions) },
  ].map((group) => ({ ...group, options: group.options.map(then) }))
  const nothing = groups.every((group) => group.options.length === 0)

  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={words.title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <Combobox
        label={words.title}
        text={text}
        onText={setText}
        groups={groups}
        placeholder={words.hint}
        always
        input={field}
        note={nothing ? (found.looking ? map.looking : map.nothingFound) : words.keys}
      />
    </dialog>
  )
}

/** Pages and actions, which are always there. */
function useFixed(onSignOut: () => void): { pages: Option[]; actions: Option[] } {
  const { messages, language, speak } = useSpeech()
  const session = useQuery(sessionQuery)
  const theme = useTheme()
  const router = useRouter()
  const operates = Object.values(session.data?.rights ?? {}).some(
    (right) => right === 'operate' || right === 'administer',
  )
  const administers = Object.values(session.data?.rights ?? {}).includes('administer')
  const go = (id: string, name: string, href: string): Option => ({
    id,
    name,
    pick: () => void router.navigate({ href }),
  })
  const dark = theme === 'dark'
  return {
    pages: [
      go('page-territory', messages.territory, '/'),
      go('page-devices', messages.ways.devices, '/devices'),
      go('page-assets', messages.things.assets.title, '/assets'),
      go('page-pooling', messages.pooling.title, '/pooling'),
      go('page-purchases', messages.purchases.title, '/pooling/purchases'),
      go('page-maintenance', messages.purchases.maintenance.title, '/pooling/maintenance'),
      go('page-failures', messages.purchases.failures.title, '/pooling/failures'),
      go('page-experiments', messages.experiments.title, '/pooling/experiments'),
      go('page-with-whom', messages.withWhom.title, '/pooling/with-whom'),
      go('page-skills', messages.skills.title, '/pooling/skills'),
      ...(operates ? [go('page-connections', messages.connections.title, '/connections')] : []),
      ...(administers
        ? [
            go('page-agreements', messages.agreements.title, '/agreements'),
            go('page-people', messages.people.title, '/people'),
          ]
        : []),
      go('page-audit', messages.audit.title, '/audit'),
      go('page-notifications', messages.notifications.title, '/notifications'),
      go('page-account', messages.account.open, '/account'),
      go('page-accessibility', messages.accessibility.title, '/accessibility'),
    ],
    actions: [
      ...(operates ? [go('act-connect', messages.connections.connect, '/connections/new')] : []),
      {
        id: 'act-theme',
        name: dark ? messages.theme.toLight : messages.theme.toDark,
        pick: () => chooseTheme(dark ? 'light' : 'dark'),
      },
      {
        id: 'act-language',
        name: messages.palette.speakOther,
        pick: () => speak(language === 'fr' ? 'en' : 'fr'),
      },
      { id: 'act-leave', name: messages.account.signOut, pick: onSignOut },
    ],
  }
}
