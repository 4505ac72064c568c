// One clock for every countdown on the page.
import { ref } from 'vue';
import { serverNow } from '../core/api';

export const now = ref(serverNow());
setInterval(() => {
  now.value = serverNow();
}, 20000);
