/** How the invitation page looks: plain HTML that works by keyboard, for a screen reader, light, dark and small. */

export type InvitationPage =
  | {
      readonly kind: 'form'
      readonly organizationName: string
      readonly locationName: string
      /** Whom the invitation was sent to. */
      readonly email: string | undefined
      readonly inviteCode: string
      /** What was entered and refused. */
      readonly appleAccount?: string
      readonly problem?: string
    }
  | { readonly kind: 'accepted'; readonly organizationName: string; readonly appleAccount: string }
  | { readonly kind: 'invalid' }

const STYLE = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif;
background:light-dark(#fff,#1c1c1e);color:light-dark(#1d1d1f,#f5f5f7)}
body{margin:0 auto;max-width:28rem;padding:2rem 1rem}
h1{font-size:1.5rem;line-height:1.25}
label{display:block;font-weight:600}
input,button{box-sizing:border-box;font:inherit;padding:.6rem .75rem;width:100%;border-radius:.5rem}
input{border:1px solid light-dark(#6e6e73,#98989d)}
button{margin-top:1rem;border:0;background:#0058b0;color:#fff}
:focus-visible{outline:3px solid light-dark(#0058b0,#7cb7ff);outline-offset:2px}
.problem{color:light-dark(#b3001b,#ff8a80)}
.note{color:light-dark(#515154,#c7c7cc);font-size:.875rem}`

/** A whole HTML document. */
export function invitationPage(content: InvitationPage): string {
  const { title, main } = partsOf(content)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${main}
</main>
</body>
</html>
`
}

function partsOf(content: InvitationPage): { readonly title: string; readonly main: string } {
  switch (content.kind) {
    case 'form':
      return {
        title: `${content.organizationName} invites you to apps and books`,
        main: formHtml(content),
      }
    case 'accepted':
      return {
        title: 'You accepted the invitation',
        main: `<p role="status">${escaped(content.organizationName)} can now give apps and books to
<strong>${escaped(content.appleAccount)}</strong>. You can close this page.</p>`,
      }
    case 'invalid':
      return {
        title: 'This invitation cannot be used',
        main: `<p>It was accepted already, was withdrawn, or its address is incomplete.
Ask whoever invited you for a new one.</p>`,
      }
  }
}

function formHtml({
  locationName,
  email,
  inviteCode,
  appleAccount = '',
  problem,
}: Extract<InvitationPage, { readonly kind: 'form' }>): string {
  const invited = email === undefined ? '' : ` The invitation was sent to ${escaped(email)}.`
  const faulty = problem === undefined ? '' : ' aria-invalid="true" aria-describedby="problem"'
  return `<p>Sign in with your Apple Account to receive what ${escaped(locationName)} gives you.${invited}</p>
<form method="post">
<input type="hidden" name="inviteCode" value="${escaped(inviteCode)}">
<label for="account">Apple Account</label>
<input id="account" name="appleAccount" type="email" autocomplete="username" required
 value="${escaped(appleAccount)}"${faulty}>
${problem === undefined ? '' : `<p id="problem" class="problem" role="alert">${escaped(problem)}</p>`}
<button>Sign in and accept</button>
</form>
<p class="note">A simulation of Apple: any account is accepted, and no password is asked for.</p>`
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (sign) => names[sign] ?? sign)
}
