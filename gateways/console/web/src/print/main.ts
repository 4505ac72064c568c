import { createApp } from 'vue';
import '../ui/style.css';
import '../ui/theme';
import { acceptLanguage } from '../core/i18n';
import PrintApp from './PrintApp.vue';

document.documentElement.lang = acceptLanguage();
createApp(PrintApp).mount('#app');
