/** Mantine's links and buttons that lead to a page of the console. */
import { Anchor, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

type AnchorButtonProps = ButtonProps & Omit<ComponentProps<'a'>, keyof ButtonProps>

/** A link that looks like a button: it can be opened in a new tab, and is announced as a link. */
function AnchorButton(props: AnchorButtonProps) {
  return <Button component="a" {...props} />
}

export const TextLink = createLink(Anchor<'a'>)
export const ButtonLink = createLink(AnchorButton)
