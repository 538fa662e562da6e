/** `script.<extensions>.js`: configured by its element's attributes and by the extensions in its name. */

import { start } from './start'

start(() => {})
