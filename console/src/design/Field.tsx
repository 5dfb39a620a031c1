export { Field } from '@/design/Field'
