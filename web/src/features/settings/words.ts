import type { Role, Weekday } from '../../gql/graphql';

export const roleWords: Record<Role, { name: string; may: string }> = {
  OWNER: { name: 'Owner', may: 'sees and changes everything' },
  ADMIN: { name: 'Admin', may: 'sees and changes everything' },
  ANALYST: { name: 'Analyst', may: 'sees everything, changes nothing' },
  VIEWER: { name: 'Viewer', may: 'sees reports, orders and products' },
};

export const weekdays: { value: Weekday; label: string }[] = [
  { value: 'MONDAY', label: 'Monday' },
  { value: 'TUESDAY', label: 'Tuesday' },
  { value: 'WEDNESDAY', label: 'Wednesday' },
  { value: 'THURSDAY', label: 'Thursday' },
  { value: 'FRIDAY', label: 'Friday' },
  { value: 'SATURDAY', label: 'Saturday' },
  { value: 'SUNDAY', label: 'Sunday' },
];
