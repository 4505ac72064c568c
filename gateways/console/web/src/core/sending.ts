// What goes out for a case and has no answer yet: its row says so at once, and goes back to what stood there if it is refused.
import { reactive } from 'vue';

export const sending = reactive(new Map<string, string>()); // case_no -> the step's name
