import { createApp } from 'vue';
import './words';
import '../ui/style.css';
import './console.css';
import '../ui/theme';
import { acceptLanguage } from '../core/i18n';
import ConsoleApp from './ConsoleApp.vue';

document.documentElement.lang = acceptLanguage();
createApp(ConsoleApp).mount('#app');
