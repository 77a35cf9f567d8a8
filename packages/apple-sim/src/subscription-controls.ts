/** The controls of a location's subscriptions. */
import { number, oneOf, optional, optionalNumber, optionalText, text } from './control-body.ts'
import { atLocation, type Control } from './location-controls.ts'

export const SUBSCRIPTION_CONTROLS: readonly Control[] = [
  atLocation('GET', '/subscriptions', 'subscriptions with their seats', ({ subscriptions }) => ({
    enabled: subscriptions.enabled,
    subscriptions: subscriptions.all,
    assignments: subscriptions.assignments,
  })),
  atLocation('POST', '/subscriptions/enable', 'allow subscriptions', ({ subscriptions }) =>
    subscriptions.enable(),
  ),
  atLocation(
    'POST',
    '/subscriptions/buy',
    '{adamId, renewing?, expiring?, parentAdamId?, periodEndDate?, periodMonths?}: seats',
    ({ subscriptions }, body) =>
      subscriptions.buy({
        adamId: number(body, 'adamId'),
        ...optional('renewing', optionalNumber(body, 'renewing')),
        ...optional('expiring', optionalNumber(body, 'expiring')),
        ...optional('parentAdamId', optionalNumber(body, 'parentAdamId')),
        ...optional('periodEndDate', optionalText(body, 'periodEndDate')),
        ...optional('periodMonths', optionalNumber(body, 'periodMonths')),
      }),
  ),
  atLocation('POST', '/subscriptions/cancel-renewal', '{adamId, count}', ({ subscriptions }, body) =>
    subscriptions.cancelRenewal(number(body, 'adamId'), number(body, 'count')),
  ),
  atLocation('POST', '/subscriptions/refund', '{adamId, renewing?, expiring?}', ({ subscriptions }, body) =>
    subscriptions.refund(number(body, 'adamId'), {
      renewing: optionalNumber(body, 'renewing') ?? 0,
      expiring: optionalNumber(body, 'expiring') ?? 0,
    }),
  ),
  atLocation('POST', '/subscriptions/end-period', '{adamId}', ({ subscriptions }, body) =>
    subscriptions.endPeriod(number(body, 'adamId')),
  ),
  atLocation('POST', '/subscriptions/status', '{adamId, status}', ({ subscriptions }, body) =>
    subscriptions.setStatus(
      number(body, 'adamId'),
      oneOf(body, 'status', ['ACTIVE', 'INACTIVE', 'PAUSED'] as const),
    ),
  ),
  atLocation(
    'POST',
    '/subscriptions/assign-by-group',
    '{adamId, clientUserId}: a seat by a group in the portal',
    ({ subscriptions }, body) =>
      subscriptions.assignByGroup(number(body, 'adamId'), text(body, 'clientUserId')),
  ),
]
