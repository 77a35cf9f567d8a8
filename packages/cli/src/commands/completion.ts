/** `apportion completion`: a script that lets a shell complete commands and flags. */
import { buildCommand } from '@stricli/core'
import { usageFailure } from '../failure.ts'
import type { CommandLine } from '../world.ts'

export const completion = buildCommand<NonNullable<unknown>, [string], CommandLine>({
  docs: {
    brief: 'Print a script that completes commands and flags in a shell',
    fullDescription:
      'For example: apportion completion bash > ~/.local/share/bash-completion/completions/apportion',
  },
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'bash, zsh or fish',
          parse: String,
          placeholder: 'SHELL',
          proposeCompletions: () => Object.keys(scripts),
        },
      ],
    },
  },
  func(_flags, shell) {
    const script = scripts[shell]
    if (script === undefined)
      throw usageFailure('usage.shell', `“${shell}” is not one of ${Object.keys(scripts).join(', ')}`)
    this.world.stdout.write(script)
  },
})

/** The hidden first word with which the scripts ask what could follow. */
export const completeWord = '__complete'

const scripts: Readonly<Record<string, string>> = {
  bash: `_apportion() {
  local IFS=$'\\n'
  COMPREPLY=($(apportion ${completeWord} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _apportion apportion
`,
  zsh: `#compdef apportion
_apportion() {
  local -a found
  found=(\${(f)"$(apportion ${completeWord} "\${(@)words[2,CURRENT]}" 2>/dev/null | sed 's/\\t/:/')"})
  if (( \${#found} )); then _describe apportion found; else _files; fi
}
compdef _apportion apportion
`,
  fish: `complete -c apportion -a '(apportion ${completeWord} (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
}
