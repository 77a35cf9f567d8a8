import { promptScenarios } from '@apportion/core/assignments/prompts'
import { Text, Title } from '@mantine/core'
import { IconArrowRight, IconCircleCheck, IconHandClick, IconLogin2, IconUserPlus } from '@tabler/icons-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import styles from './assignments.module.css'

type Scene = Plan['outcome']['prompts'][number]

const icons = {
  'join-program': IconUserPlus,
  'confirm-install': IconHandClick,
  'sign-in': IconLogin2,
} as const satisfies Record<Scene['prompts'][number], unknown>

/** A5: what people will be asked on how many devices, in the order in which they meet it. */
export function PlanPrompts({ prompts }: { readonly prompts: readonly Scene[] }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  if (prompts.length === 0) return null
  return (
    <section aria-label={t('prompts.title')} data-plan="prompts">
      <Title order={3} mb={4}>
        {t('prompts.title')}
      </Title>
      <ul className={styles.prompts}>
        {prompts.map((scene) => (
          <li key={scene.scenario} data-scenario={scene.scenario}>
            <span className={`numbers ${styles.count}`}>{number(scene.devices)}</span>
            <Where scene={scene} />
            <Asked scene={scene} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A row of the table of prompts in words; its id where the server knows a row that this console does not. */
function Where({ scene: { scenario, devices } }: { readonly scene: Scene }) {
  const { t } = useTranslation()
  const known = promptScenarios.find(({ id }) => id === scenario)
  if (known === undefined) return <span>{scenario}</span>
  return (
    <div>
      {t(`prompts.enrolments.${known.enrolment}`, { count: devices })}
      <Text size="xs" c="dimmed">
        {t(`assignments.licenses.${known.license}`)}
      </Text>
    </div>
  )
}

function Asked({ scene: { prompts, caveats } }: { readonly scene: Scene }) {
  const { t } = useTranslation()
  return (
    <div>
      <div className={styles.asked}>
        {prompts.length === 0 && (
          <span className={styles.prompt}>
            <IconCircleCheck size={16} aria-hidden="true" />
            {t('prompts.silently')}
          </span>
        )}
        {prompts.map((prompt, index) => {
          const Icon = icons[prompt]
          return (
            <Fragment key={prompt}>
              {index > 0 && <IconArrowRight size={14} aria-hidden="true" />}
              <span className={styles.prompt}>
                <Icon size={16} aria-hidden="true" />
                {t(`prompts.asked.${prompt}`)}
              </span>
            </Fragment>
          )
        })}
      </div>
      {caveats.map((caveat) => (
        <Text key={caveat} size="xs" c="dimmed">
          {t(`prompts.caveats.${caveat}`)}
        </Text>
      ))}
    </div>
  )
}
