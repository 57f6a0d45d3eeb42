import { start } from './lib/session';

// The service is asked who this is while most scripts are still on their way, and so is the page that most people open first.
start();
if (location.pathname === '/') void import('./features/overview/OverviewPage');
