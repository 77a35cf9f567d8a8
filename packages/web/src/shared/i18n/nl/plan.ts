import type { plan as planEn, prompts as promptsEn } from '../en/plan.ts'

export const plan: typeof planEn = {
  title: 'Wat er verandert',
  reached_one: 'De toewijzingen bereiken {{shown}} apparaat.',
  reached_other: 'De toewijzingen bereiken {{shown}} apparaten.',
  people_reached_one: '{{shown}} persoon is bedoeld voor een gebruikerslicentie.',
  people_reached_other: '{{shown}} personen zijn bedoeld voor een gebruikerslicentie.',
  nothing: 'Er wisselt geen licentie van houder.',
  nothing_assigned: 'Aan deze groep is niets toegewezen, dus er wisselt geen licentie van houder.',
  cannot_undo: 'Dit kan niet ongedaan worden gemaakt',
  somebody: 'Naam niet bekend',
  search: 'Begin van een serienummer of gebruikersnaam',
  list_all: 'Alles tonen en doorzoeken',
  licenses: 'Licenties',
  keeps_one: '{{shown}} apparaat behoudt zijn licentie.',
  keeps_other: '{{shown}} apparaten behouden hun licentie.',
  keeps_outside_one: '{{shown}} daarvan heeft er een van een andere dienst.',
  keeps_outside_other: '{{shown}} daarvan hebben er een van een andere dienst.',
  requests_one: 'Kost {{shown}} verzoek aan Apple.',
  requests_other: 'Kost {{shown}} verzoeken aan Apple.',
  more_one: 'en nog {{shown}}',
  more_other: 'en nog {{shown}}',
  warnings: {
    irrevocable_one: 'Apple neemt dit nooit terug: {{shown}} licentie is voorgoed gebruikt.',
    irrevocable_other: 'Apple neemt deze nooit terug: {{shown}} licenties zijn voorgoed gebruikt.',
    shortage_one:
      'Er is nog {{shown}} licentie nodig: {{shown}} apparaat of persoon wacht tot er licenties worden gekocht of terugkomen.',
    shortage_other:
      'Er zijn nog {{shown}} licenties nodig: {{shown}} apparaten of personen wachten tot er licenties worden gekocht of terugkomen.',
    quota_one: 'Een maximum is bereikt: {{shown}} wacht.',
    quota_other: 'Een maximum is bereikt: {{shown}} wachten.',
    reserve_one: 'Wat over is, wordt voor anderen vastgehouden: {{shown}} wacht.',
    reserve_other: 'Wat over is, wordt voor anderen vastgehouden: {{shown}} wachten.',
    moving_without_spare_one:
      '{{shown}} gaat over naar de andere soort licentie. Daarvoor is een vrije licentie nodig, en er is er geen: die wacht.',
    moving_without_spare_other:
      '{{shown}} gaan over naar de andere soort licentie. Daarvoor zijn vrije licenties nodig, en die zijn er niet: ze wachten.',
    joining_one:
      '{{shown}} persoon wordt uitgenodigd en moet meedoen voordat de app kan worden geïnstalleerd.',
    joining_other:
      '{{shown}} personen worden uitgenodigd en moeten meedoen voordat de app kan worden geïnstalleerd.',
    store_must_be_allowed_one:
      'Gebruikerslicenties hebben de App Store nodig: waar beleid die uitschakelt, kan {{shown}} apparaat de app niet installeren.',
    store_must_be_allowed_other:
      'Gebruikerslicenties hebben de App Store nodig: waar beleid die uitschakelt, kunnen {{shown}} apparaten de app niet installeren.',
    updates_stop_one:
      'Op {{shown}} apparaat wordt de app niet meer bijgewerkt tot de persoon hem opnieuw installeert.',
    updates_stop_other:
      'Op {{shown}} apparaten wordt de app niet meer bijgewerkt tot de persoon hem opnieuw installeert.',
    releases_one: '{{shown}} houder raakt de licentie kwijt: de app werkt daar binnen 30 dagen niet meer.',
    releases_other: '{{shown}} houders raken de licentie kwijt: de app werkt daar binnen 30 dagen niet meer.',
    not_revocable_one: 'Apple neemt dit niet terug: {{shown}} houder houdt de licentie.',
    not_revocable_other: 'Apple neemt dit niet terug: {{shown}} houders houden de licentie.',
    unfit_one: 'Het werkt niet op {{shown}} apparaat.',
    unfit_other: 'Het werkt niet op {{shown}} apparaten.',
    withheld_one:
      'Het is teruggenomen van {{shown}} houder en blijft daar onthouden tot het opnieuw wordt gegeven.',
    withheld_other:
      'Het is teruggenomen van {{shown}} houders en blijft daar onthouden tot het opnieuw wordt gegeven.',
  },
  reasons: {
    required: 'Verplicht en nog zonder licentie.',
    no_license_left: 'Er is geen licentie over; nummer {{place}} van wie wacht.',
    quota_reached: 'Het maximum is bereikt; nummer {{place}} van wie wacht.',
    kept_for_others: 'Wat over is, wordt voor anderen vastgehouden; nummer {{place}} van wie wacht.',
    uninstall: 'Wordt verwijderd.',
    no_longer_assigned: 'Niet meer toegewezen.',
    device_left: 'Het apparaat wordt niet meer beheerd.',
    kept: 'Niet meer nodig; behouden volgens het terugneembeleid.',
    wrong_platform: 'De app werkt niet op dit soort apparaat.',
    wrong_family: 'De app is alleen voor de iPad gemaakt.',
    os_too_old: 'De app heeft een nieuwere versie van het systeem nodig.',
    device_is_anonymous: 'User Enrollment verbergt het serienummer dat een apparaatlicentie nodig heeft.',
    kiosk_has_no_user: 'Op een kiosk meldt niemand zich aan, dus een gebruikerslicentie werkt daar niet.',
    shared_ipad_has_no_user: 'Een gedeelde iPad is van niemand, dus een gebruikerslicentie werkt daar niet.',
    no_user: 'Van dit apparaat is geen gebruiker bekend.',
  },
  left_out: {
    wrong_platform_one: '{{shown}} is van een soort waarop de app niet werkt.',
    wrong_platform_other: '{{shown}} zijn van een soort waarop de app niet werkt.',
    wrong_family_one: '{{shown}} is geen iPad, en de app is alleen voor de iPad.',
    wrong_family_other: '{{shown}} zijn geen iPads, en de app is alleen voor de iPad.',
    os_too_old_one: '{{shown}} heeft een te oud systeem.',
    os_too_old_other: '{{shown}} hebben een te oud systeem.',
    device_is_anonymous_one:
      '{{shown}} valt onder User Enrollment en verbergt zijn serienummer: geef daar een gebruikerslicentie.',
    device_is_anonymous_other:
      '{{shown}} vallen onder User Enrollment en verbergen hun serienummer: geef daar gebruikerslicenties.',
    kiosk_has_no_user_one:
      '{{shown}} is een kiosk waar niemand zich aanmeldt: geef daar een apparaatlicentie.',
    kiosk_has_no_user_other:
      '{{shown}} zijn kiosken waar niemand zich aanmeldt: geef daar apparaatlicenties.',
    shared_ipad_has_no_user_one: '{{shown}} is een gedeelde iPad: geef daar een apparaatlicentie.',
    shared_ipad_has_no_user_other: '{{shown}} zijn gedeelde iPads: geef daar apparaatlicenties.',
    no_user_one: '{{shown}} heeft geen bekende gebruiker: noem die, of geef een apparaatlicentie.',
    no_user_other: '{{shown}} hebben geen bekende gebruiker: noem die, of geef apparaatlicenties.',
  },
  waits_by: {
    no_license_left_one: '{{shown}} omdat er geen licentie over is: koop er een, of neem ongebruikte terug.',
    no_license_left_other:
      '{{shown}} omdat er geen licentie over is: koop er bij, of neem ongebruikte terug.',
    quota_reached_one: '{{shown}} omdat het maximum van de toewijzing is bereikt.',
    quota_reached_other: '{{shown}} omdat het maximum van de toewijzing is bereikt.',
    kept_for_others_one: '{{shown}} omdat wat over is voor andere groepen wordt vastgehouden.',
    kept_for_others_other: '{{shown}} omdat wat over is voor andere groepen wordt vastgehouden.',
  },
  counted: {
    uninstalls_one: 'apparaat waarvan de app wordt verwijderd',
    uninstalls_other: 'apparaten waarvan de app wordt verwijderd',
    offered_one: 'houder krijgt het aangeboden; een licentie wordt pas gebruikt als iemand erom vraagt',
    offered_other: 'houders krijgen het aangeboden; een licentie wordt pas gebruikt als iemand erom vraagt',
    elsewhere_one: 'houder heeft het van een andere locatie, en heeft er hier geen nodig',
    elsewhere_other: 'houders hebben het van een andere locatie, en hebben er hier geen nodig',
  },
  compared: {
    devices_reached: 'Bereikte apparaten',
    people_reached: 'Bereikte personen',
    grants: 'Krijgt een licentie',
    waits: 'Wacht',
    cannot: 'Blijft achter',
    releases: 'Licenties komen terug',
    kept: 'Voorlopig behouden',
    uninstalls: 'Verwijderd van',
    used_before: 'Nu gebruikt',
    total: 'In bezit',
  },
  members: {
    joining_one: '{{shown}} komt in ‘{{name}}’.',
    joining_other: '{{shown}} komen in ‘{{name}}’.',
    leaving: '{{member}} verlaat ‘{{name}}’.',
    changed: 'De leden van ‘{{name}}’ zijn gewijzigd.',
  },
  before_now: '{{before}} → {{now}}',
  same_counts:
    'De aantallen zijn gelijk, maar niet alle apparaten of personen, of iemand heeft de toewijzingen gewijzigd.',
  licenses_before: 'Voor',
  licenses_after: 'Na',
  back: 'Terug naar bewerken',
  save: 'Opslaan en uitvoeren',
  save_failed: 'Er is niets opgeslagen',
  moved_title: 'Er is iets veranderd sinds u keek',
  expired_title: 'Het plan was te oud',
  look_again: 'Er is niets opgeslagen. Dit is het plan zoals het nu zou zijn; kijk opnieuw en sla dan op.',
  parts: {
    grants: 'Krijgt een licentie',
    waits: 'Wacht',
    cannot: 'Blijft achter',
    releases: 'Licenties komen terug',
    kept: 'Voorlopig behouden',
  },
  hints: {
    grants: 'zodra Apple bevestigt',
    waits: 'in deze volgorde',
    cannot: 'het werkt daar niet',
    releases: 'en kunnen aan anderen worden gegeven',
    kept: 'niet meer nodig, volgens het terugneembeleid',
  },
}

export const prompts: typeof promptsEn = {
  title: 'Wat mensen te zien krijgen',
  silently: 'Niets: de app verschijnt vanzelf',
  enrolments: {
    user_enrolment_one: 'apparaat met User Enrollment',
    user_enrolment_other: 'apparaten met User Enrollment',
    shared_ipad_one: 'gedeelde iPad',
    shared_ipad_other: 'gedeelde iPads',
    kiosk_one: 'kiosk',
    kiosk_other: 'kiosken',
    byod_one: 'eigen apparaat',
    byod_other: 'eigen apparaten',
    corporate_supervised_one: 'apparaat van de organisatie, onder toezicht',
    corporate_supervised_other: 'apparaten van de organisatie, onder toezicht',
    corporate_unsupervised_one: 'apparaat van de organisatie, zonder toezicht',
    corporate_unsupervised_other: 'apparaten van de organisatie, zonder toezicht',
  },
  asked: {
    'join-program': 'doet mee aan het programma',
    'confirm-install': 'bevestigt de installatie',
    'sign-in': 'meldt zich aan met een Apple-account',
  },
  caveats: {
    update_asks_while_open: 'Een update vraagt wel iets zolang de app open is of op de achtergrond draait.',
    no_updates_in_single_app_mode: 'In de modus met één app wordt de app niet bijgewerkt.',
    store_must_be_allowed: 'De App Store moet daar zijn toegestaan.',
  },
}
