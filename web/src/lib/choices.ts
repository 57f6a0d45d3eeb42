/** The currencies and timezones that the browser knows, to choose from. */
export const currencies = Intl.supportedValuesOf('currency');
export const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

/** Choices with the present one among them: the service may know what this browser does not. */
export function including(choices: readonly string[], present: string): string[] {
  return choices.includes(present) ? [...choices] : [present, ...choices];
}
