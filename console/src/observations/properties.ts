import { useQuery } from '@tanstack/react-query'
import { observedPropertiesQuery } from '@/api/queries'
import { useSpeech } from '@/language'

export function usePropertyName(): (code: string) => string {
  const { language } = useSpeech()
  const properties = useQuery(observedPropertiesQuery)
  return (code) => properties.data?.items.find((one) => one.code === code)?.[`name_${language}`] ?? code
}
