import { createApp } from 'vue';
import './words';
import '../ui/style.css';
import './public.css';
import '../ui/theme';
import { acceptLanguage } from '../core/i18n';
import PublicApp from './PublicApp.vue';

document.documentElement.lang = acceptLanguage();
createApp(PublicApp).mount('#app');
