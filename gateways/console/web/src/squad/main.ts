import { createApp } from 'vue';
import '../ui/style.css';
import './squad.css';
import '../ui/theme';
import { acceptLanguage } from '../core/i18n';
import SquadApp from './SquadApp.vue';

document.documentElement.lang = acceptLanguage();
createApp(SquadApp).mount('#app');
// Only where the browser lets us: https, or this very machine.
if ('serviceWorker' in navigator && isSecureContext) void navigator.serviceWorker.register('/sw.js', { scope: '/squad' }).catch(() => {});
