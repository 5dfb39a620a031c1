import hooks from 'eslint-plugin-react-hooks'
import { globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

// Imports go down, never up; pages on one line never import each other.
const LAYERS = [
  ['app'],
  ['setup'],
  [
    'access',
    'territory',
    'collectivities',
    'series',
    'connections',
    'models',
    'explore',
    'assets',
    'devices',
    'dashboards',
    'pooling',
    'agreements',
    'people',
    'audit',
    'account',
    'notifications',
    'accessibility',
  ],
  ['downlinks'],
  ['things', 'finding'],
  ['charts'],
  ['observations'],
  ['design'],
  ['language'],
  ['api'],
]

function direction(folder, level) {
  const forbidden = LAYERS.slice(0, level + 1)
    .flat()
    .filter((other) => other !== folder)
  return {
    files: [`src/${folder}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['../*', './*/*'], message: 'Write @/folder/module.' },
            ...(forbidden.length > 0
              ? [
                  {
                    regex: `^@/(${forbidden.join('|')})(/|$)`,
                    message: `Imports go down: see LAYERS in eslint.config.js.`,
                  },
                ]
              : []),
          ],
        },
      ],
    },
  }
}

export default tseslint.config(
  globalIgnores(['node_modules', 'src/api/schema.d.ts']),
  {
    files: ['src/**/*.{ts,tsx}', 'vite.config.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  { files: ['src/**/*.{ts,tsx}'], extends: [hooks.configs.flat['recommended-latest']] },
  ...LAYERS.flatMap((folders, level) => folders.map((folder) => direction(folder, level))),
)
