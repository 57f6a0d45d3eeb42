import { Group, Text } from '@mantine/core';

export function Brand() {
  return (
    <Group gap={8} wrap="nowrap">
      <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#3b5bdb" />
        <path d="M7 22.5l6-7 5 4 7-9.5" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
        <circle cx="25" cy="10" r="2.5" fill="#fff" />
      </svg>
      <Text fw={650} size="lg" component="span">
        Shopsight
      </Text>
    </Group>
  );
}
