import { createApp } from 'vue';
import './words';
import '../ui/style.css';
import './wall.css';
import { acceptLanguage } from '../core/i18n';
import WallApp from './WallApp.vue';

document.documentElement.lang = acceptLanguage();
document.documentElement.dataset.theme = 'dark'; // a wall is dark whatever its machine prefers
createApp(WallApp).mount('#app');
