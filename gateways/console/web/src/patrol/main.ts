import { createApp } from 'vue';
import '../ui/style.css';
import '../squad/squad.css';
import './patrol.css';
import '../ui/theme';
import { acceptLanguage } from '../core/i18n';
import './words';
import PatrolApp from './PatrolApp.vue';

document.documentElement.lang = acceptLanguage();
createApp(PatrolApp).mount('#app');
// Only where the browser lets us: https, or this very machine.
if ('serviceWorker' in navigator && isSecureContext) void navigator.serviceWorker.register('/sw.js', { scope: '/patrol' }).catch(() => {});
