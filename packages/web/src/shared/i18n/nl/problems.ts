import type { problems as problemsEn } from '../en/problems.ts'

export const problems: typeof problemsEn = {
  title: 'Dat is niet gelukt',
  unknown:
    'Er ging iets mis in de console. Laad de pagina opnieuw; gebeurt het weer, meld het dan uw beheerder.',
  server_unreachable: 'De server antwoordt niet. Controleer uw verbinding en probeer het opnieuw.',
  request_invalid: 'Er klopt iets niet in het formulier.',
  request_too_large: 'Dit is te groot om te versturen.',
  request_too_many: 'Te veel verzoeken in korte tijd. Wacht een minuut en probeer het opnieuw.',
  not_found: 'Het bestaat niet, of niet meer.',
  session_required: 'U bent niet meer aangemeld. Meld u opnieuw aan.',
  session_wrong_credentials: 'Het e-mailadres of het wachtwoord is onjuist.',
  session_too_many_attempts:
    'Te veel pogingen om aan te melden. Wacht een paar minuten en probeer het opnieuw.',
  setup_done: 'Apportion is al ingericht. Meld u aan.',
  setup_wrong_code: 'De installatiecode is onjuist. Gebruik de link die de server het laatst toonde.',
  administrator_weak_password: 'Het wachtwoord is te zwak. Gebruik een langer, dat niet uw e-mailadres is.',
  server_starting: 'De server start. Probeer het zo opnieuw.',
  server_busy: 'De server heeft het te druk. Probeer het zo opnieuw.',
  database_unavailable:
    'De database is niet beschikbaar. Uw beheerder ziet in het logboek van de server waarom.',
  disk_full: 'De schijf van de server is vol. Er is niets bewaard; vraag uw beheerder om ruimte.',
  apple_unreachable: 'Apple is vanaf de server niet bereikbaar. Probeer het later opnieuw.',
  apple_refused: 'Apple heeft het verzoek geweigerd.',
  token_empty: 'Het bestand is leeg. Download het token opnieuw.',
  token_too_large: 'Het bestand is te groot om een contenttoken te zijn.',
  token_not_base64:
    'Dit is geen contenttoken: het bestand is geen Base64. Kies het .vpptoken-bestand zoals Apple het gaf.',
  token_not_json: 'Dit is geen contenttoken: er staat iets anders in. Kies het .vpptoken-bestand van Apple.',
  token_incomplete: 'Het contenttoken is niet volledig. Download het opnieuw.',
  token_bad_date: 'De vervaldatum van het contenttoken is onleesbaar. Download het opnieuw.',
  token_expired: 'Dit contenttoken is verlopen. Download een nieuw.',
  token_revoked: 'Dit contenttoken is ingetrokken. Download een nieuw.',
  token_invalid: 'Apple aanvaardt dit contenttoken niet. Download een nieuw.',
  token_read_only:
    'Met dit contenttoken kan alleen worden gelezen; er kunnen geen licenties mee worden gegeven.',
  token_already_known: 'Dit contenttoken staat hier al.',
  token_managed_elsewhere: 'Een andere dienst beheert deze locatie. Bevestig dat u haar wilt overnemen.',
  token_different_location:
    'Dit bestand opent een andere locatie. Kies het nieuwe bestand van dezelfde locatie.',
  import_encoding: 'Het bestand is geen UTF-8-tekst. Bewaar het als ‘CSV UTF-8’ en importeer het opnieuw.',
  import_header: 'De kopregel klopt niet. Vergelijk die met het voorbeeld.',
  import_empty: 'Het bestand heeft geen rijen.',
  import_too_large: 'Het bestand is te groot. Splits het.',
  group_unknown: 'Die groep bestaat niet.',
  group_name_taken: 'Een andere groep heeft deze naam.',
  group_in_use: 'Aan deze groep zijn apps toegewezen. Verwijder eerst die toewijzingen.',
  device_unknown: 'Dat apparaat bestaat niet.',
  asset_unknown: 'Deze app of dit boek bestaat niet meer.',
  assignment_conflict: 'De toewijzing is in strijd met een andere.',
  assignment_not_device_assignable: 'Apple staat voor deze titel geen apparaatlicenties toe.',
  internal: 'Er ging iets mis op de server. Het logboek zegt wat.',
}
