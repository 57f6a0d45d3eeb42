const known = [
  { value: '0', label: 'Never' },
  { value: '5', label: 'Every 5 minutes' },
  { value: '15', label: 'Every 15 minutes' },
  { value: '60', label: 'Every hour' },
  { value: '360', label: 'Every 6 hours' },
  { value: '1440', label: 'Every day' },
];

/** How often a store may be synced, the present choice among them: the API takes any number of minutes. */
export function schedules(present: number) {
  return known.some((k) => k.value === String(present)) ? known : [...known, { value: String(present), label: `Every ${present} minutes` }];
}
