import type { titles as titlesEn } from '../en/titles.ts'

export const titles: typeof titlesEn = {
  lead: 'Alles wat u bezit, elke titel één keer, met de licenties van alle locaties opgeteld. Onbeperkte tellen niet mee.',
  grouping: 'Eén rij voor elk',
  groupings: { token: 'Per token', title: 'Per titel' },
  columns: { locations: 'Voorraden', needs: 'Heeft nodig' },
  pools_one: '{{shown}} voorraad',
  pools_other: '{{shown}} voorraden',
  short_one: 'Op in {{shown}}',
  short_other: 'Op in {{shown}}',
  pools_title: 'Voorraden',
  no_pools: 'Geen locatie bezit deze titel nog',
  all_pools: 'Alle voorraden',
  used: 'Gebruikt',
  usage_and_unlimited: '{{limited}}, en {{used}} onbeperkt',
  plus: 'Hoge kwaliteit (PLUS)',
  name_in: 'Naam in {{country}}',
  on_device: 'Apps voor dit apparaat',
  fit: { fitting: 'Werken erop', unfit: 'Niet' },
  none_fitting: 'Geen app die u bezit werkt op dit apparaat',
  none_unfit: 'Elke app die u bezit werkt erop, voor zover bekend',
  needs: 'Versie {{version}} of nieuwer',
  unfit: {
    wrong_platform: 'Niet voor dit soort apparaat',
    wrong_family: 'Alleen voor de iPad',
    os_too_old: 'Vraagt {{needs}}, heeft {{has}}',
  },
  notices: {
    not_licensed: 'Geen licenties meer',
    not_in_store: 'Niet in de winkel',
    not_device_assignable: 'Niet meer voor apparaten',
    changed: 'Onlangs veranderd',
  },
  noticed: {
    not_licensed: 'Er zijn geen licenties meer, opgemerkt op {{at}}',
    not_in_store: 'De winkel heeft deze titel niet meer, opgemerkt op {{at}}',
    not_device_assignable: 'Apple geeft deze app alleen nog aan gebruikers, opgemerkt op {{at}}',
  },
  advice: {
    not_licensed:
      'Apple toont op deze locatie geen licenties meer: ze zijn overgedragen, terugbetaald of ingetrokken. Niemand krijgt er een bij. Koop bij Apple licenties of draag er hierheen over, of verwijder de toewijzingen.',
    not_in_store:
      'De winkel van Apple in dit land kende de titel twee dagen achtereen niet. Licenties blijven, en apparaten die de titel hebben, houden hem; op nieuwe apparaten kan de installatie mislukken. Vraag het de uitgever, of wijs een andere titel toe.',
    not_device_assignable:
      'De uitgever staat geen licenties voor apparaten meer toe. Apparaten die er een hebben, houden die; andere apparaten krijgen er geen. Zoek een andere app, of geef licenties aan gebruikers.',
  },
  changes: 'Wat er veranderde',
  no_changes: 'Er is niets veranderd sinds deze titel voor het eerst is gezien.',
  change: {
    not_in_store: 'De winkel heeft de titel niet meer.',
    in_store_again: 'De titel is weer in de winkel.',
    renamed: 'De naam ‘{{before}}’ werd ‘{{after}}’.',
    price_changed: 'De prijs ging van {{before}} naar {{after}}.',
    not_licensed: 'Er zijn geen licenties meer.',
    licensed_again: 'Er zijn weer licenties.',
    not_device_assignable: 'Apparaten kunnen de app niet meer krijgen, alleen gebruikers.',
    device_assignable_again: 'Apparaten kunnen de app weer krijgen.',
    became_unlimited: 'De licenties zijn onbeperkt geworden.',
    became_limited: 'De licenties zijn voortaan beperkt.',
  },
}
