import { PasswordInput, type PasswordInputProps } from '@mantine/core';

/** An input for a secret, whose eye the keyboard reaches, and which says when it is refused. */
export function SecretInput(props: PasswordInputProps) {
  return (
    <PasswordInput
      {...props}
      aria-invalid={Boolean(props.error)}
      withAsterisk={false}
      visibilityToggleButtonProps={{ tabIndex: 0, 'aria-label': 'Show what is typed' }}
    />
  );
}
