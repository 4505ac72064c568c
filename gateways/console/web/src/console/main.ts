import { createApp } from 'vue';
import './words';
import './words_map';
import './words_desk';
import '../ui/style.css';
import './console.css';
import '../ui/theme';
import { acceptLanguage } from '../core/i18n';
import ConsoleApp from './ConsoleApp.vue';

document.documentElement.lang = acceptLanguage();
// What is laid out for paper needs nothing of the console but its line to the program, and is fetched only there.
const print = location.pathname.startsWith('/print/') ? import('../print/PrintApp.vue') : null;
void Promise.resolve(print?.then((page) => page.default) ?? ConsoleApp).then((app) => createApp(app).mount('#app'));
