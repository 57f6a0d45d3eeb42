/** Why a store was not connected, by the codes with which the service sends people back from Shopify; what to do about it. */
const reasons: Record<string, string> = {
  EXPIRED: 'It took too long on the way. Begin again.',
  INVALID: 'What came back from Shopify was not what was begun here, or was begun in another browser. Begin again.',
  SCOPE_MISSING: 'The store did not grant everything that is needed: reading products, customers and orders. Begin again, and grant all of it.',
  TAKEN: 'The store is connected to another account of this service. Leave it there first.',
  CONFLICT: 'The store does not go with what is here: another store is connected, or its currency differs. Disconnect or clear the data first.',
  FORBIDDEN: 'You may no longer connect a store here. Ask an owner of the store.',
  SHOP_UNREACHABLE: 'The store did not answer, or gave no access. Wait a little, and begin again.',
};

/** Says why a store was not connected. */
export const reasonOf = (code: string): string =>
  (Object.hasOwn(reasons, code.toUpperCase()) && reasons[code.toUpperCase()]) || 'Something went wrong on the way. Begin again; if it stays, tell whoever runs the service.';
