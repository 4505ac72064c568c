// What every page of this room needs before it draws: its words and its style.
import './office.css';
import './words';
