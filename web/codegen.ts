import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**'],
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: { unmaskFunctionName: 'readFragment' } },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        onlyOperationTypes: true,
        // Amounts stay text until lib/format.ts shows them.
        scalars: {
          DateTime: 'string',
          Date: 'string',
          Decimal: 'string',
          CurrencyCode: 'string',
          CountryCode: 'string',
          URL: 'string',
        },
      },
    },
  },
};

export default config;
