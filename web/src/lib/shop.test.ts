import { expect, test } from 'vitest';
import { isShop, shopOf } from './shop';

test('a store is known by whatever people copy for it', () => {
  for (const typed of [
    'tea-shop',
    ' Tea-Shop ',
    'tea-shop.myshopify.com',
    'https://tea-shop.myshopify.com/',
    'https://tea-shop.myshopify.com/admin/products?x=1',
    'https://admin.shopify.com/store/tea-shop/settings/domains',
    'https://admin.shopify.com/store/tea-shop?ref=1',
  ]) {
    expect(shopOf(typed), typed).toBe('tea-shop.myshopify.com');
  }
});

test('what is no store stays as it is, for the service to refuse', () => {
  for (const typed of [
    '', 'tea.example.com', 'tea@evil.example', 'tea.myshopify.com.evil.example', 'https://evil.example/tea.myshopify.com', 'http://tea.myshopify.com',
    'tea.myshopify.com@evil.example', 'tea.myshopify.com:8080', '-tea', 'tea shop', 'https://user@tea.myshopify.com', 'https://admin.shopify.com.evil.example/store/tea',
  ]) {
    expect(shopOf(typed), typed).toBe(typed);
    expect(isShop(shopOf(typed)), typed).toBe(false);
  }
});
