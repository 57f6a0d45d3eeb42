/** What ends the permanent address of every store. */
const ending = '.myshopify.com';

/** Whether text is the permanent address of a store, as the service writes it. */
export const isShop = (text: string) => /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/.test(text);

/**
 * The permanent address of a store, of what people type or copy for it: its name, that address, or where its admin is. What
 * is none of these stays as it is, for the service to refuse.
 */
export function shopOf(typed: string): string {
  const text = typed.trim();
  const plain = text.toLowerCase();
  const [, name] =
    /^https:\/\/admin\.shopify\.com\/store\/([^/?#]+)/.exec(plain) ?? /^(?:https:\/\/)?([a-z0-9-]+)\.myshopify\.com\/?(?:admin.*)?$/.exec(plain) ?? [];
  const shop = `${name ?? plain}${ending}`;
  return isShop(shop) ? shop : text;
}
