import type { double as enDouble, people as enPeople } from '../en/people.ts'

export const people: typeof enPeople = {
  one: 'Gebruiker',
  facts: 'Over de persoon',
  managed_account: 'Beheerde Apple Account',
  none: 'Op geen locatie bekend',
  none_hint:
    'Zodra de persoon een gebruikerslicentie moet krijgen, hoort Apple het, en hoe ver de persoon is staat hier.',
  state: 'Status',
  known: 'Bij Apple bekend sinds',
  email: 'E-mailadres bij Apple',
  licenses: 'Gebruikerslicenties',
  token: 'Inhoudstoken',
  on_device: 'Gevraagd op een apparaat',
  asked: {
    waiting: 'Het apparaat vraagt het zodra het verbinding maakt. Opdracht van {{at}}',
    shown: 'Getoond op {{at}}. De persoon doet mee zodra Apple dat zegt',
    refused: 'Het apparaat toonde het niet op {{at}}: {{word}}',
    withdrawn: 'Ingetrokken voordat het apparaat het vroeg; van {{at}}',
  },
  no_word: 'het gaf geen reden',
  states: {
    not_registered: 'Niet geregistreerd',
    registering: 'Wordt geregistreerd',
    waiting_to_join: 'Wacht tot de persoon meedoet',
    joined: 'Doet mee',
    refused: 'Door Apple geweigerd',
    retired: 'Uitgeschreven',
  },
  number: '(foutnummer {{number}} van Apple)',
  again: 'Het wordt vanzelf opnieuw geprobeerd: {{at}}.',
  again_when_changed:
    'Het wordt opnieuw geprobeerd als het account of adres verandert, of als u erom vraagt.',
  retry: 'Opnieuw proberen',
  show_invitation: 'Uitnodiging tonen',
  invitation_hint:
    'De persoon opent dit adres en meldt zich aan met een Apple Account. Wie het heeft kan in plaats van de persoon meedoen, dus stuur het aan niemand anders. Dat u keek wordt vastgelegd.',
  copy: 'Adres kopiëren',
  copied: 'Gekopieerd',
  problems: {
    account_not_usable: {
      says: 'Apple kan deze beheerde Apple Account niet aan de persoon koppelen.',
      advice:
        'Controleer of het account bestaat in de organisatie van het inhoudstoken, en of wie het token heeft gedownload een beheerde Apple Account heeft. Verbeter het, of haal het weg om de persoon uit te nodigen.',
    },
    account_taken: {
      says: 'De Apple Account hoort al bij een andere gebruiker van deze locatie.',
      advice:
        'Elk account werkt voor één persoon. Geef deze persoon een ander, of schrijf de andere registratie uit.',
    },
    address_not_valid: {
      says: 'Apple neemt het e-mailadres niet aan.',
      advice: 'Verbeter het e-mailadres van de persoon; de registratie gaat dan vanzelf verder.',
    },
    passing: { says: 'Apple kon het op dit moment niet doen.', advice: 'Er is niets te doen.' },
    other: { says: 'Apple weigerde.', advice: 'Blijft het zo, vraag Apple er met dit nummer naar.' },
  },
}

export const double: typeof enDouble = {
  title: 'Dubbel uitgegeven licenties',
  lead: 'Paren licenties van één app waarvan er één genoeg is.',
  kind: 'Soort',
  kinds: {
    device_and_user: 'Apparaat en gebruiker',
    two_accounts: 'Twee accounts',
    two_locations: 'Twee locaties',
  },
  hints: {
    device_and_user:
      'Een apparaat heeft een eigen licentie, en de gebruiker nog een die ook voor het apparaat geldt.',
    two_accounts: 'Eén persoon heeft de app met twee Apple Accounts.',
    two_locations: 'Eén apparaat of gebruiker heeft de app van twee locaties.',
  },
  in_migration_count: 'In overgang: {{shown}}.',
  none: 'Geen licentie is dubbel uitgegeven',
  none_hint: 'Zulke paren staan hier straks, met wat eraan te doen is.',
  columns: { app: 'App', first: 'Eerste licentie', second: 'Tweede licentie', advice: 'Wat te doen' },
  holders: { device: 'Apparaat', user: 'Gebruiker' },
  advice: {
    in_migration: 'In overgang',
    free_first: 'Eerste terugnemen',
    free_second: 'Tweede terugnemen',
    choose: 'Toewijzing veranderen',
    keep: 'Kan niet terug',
  },
}
