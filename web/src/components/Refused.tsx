import { Alert } from '@mantine/core';

/** Shows what the service refuses and what belongs to no field of the form. */
export function Refused({ problems }: { problems: readonly { message: string }[] }) {
  if (problems.length === 0) return null;
  return (
    <Alert role="alert" color="red" variant="light">
      {problems.map((p) => p.message).join(' · ')}
    </Alert>
  );
}
